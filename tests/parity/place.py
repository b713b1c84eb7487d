"""One set of servers and proxies, and the folder that a program is run in."""

import base64
import dataclasses
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading

import untold
from case import text_of
from facts import facts
from proxies import HttpProxy, RudeProxy, SocksProxy
from recorder import Listener, Record

HERE = pathlib.Path(__file__).parent
LONGEST_RUN = 60  # seconds

# Runs a program where the folder "pod" beside the kubeconfig is mounted as a pod's service account: in a mount
# namespace of its own, as root of a user namespace.
IN_POD = (
    "unshare",
    "--map-root-user",
    "--mount",
    "sh",
    "-euc",
    "account=/var/run/secrets/kubernetes.io/serviceaccount\n"
    "mount -t tmpfs none /var/run\n"
    'mkdir -p "${account%/*}"\n'
    'cp -r pod "$account"\n'
    'exec "$@"',
    "sh",
)


@dataclasses.dataclass
class Ran:
    status: int
    out: str
    err: str
    facts: dict
    secret: str  # one that it told, or ""

    @property
    def failed(self):
        return self.status != 0


def closed_port():
    """Bound, and not listened on: nobody else gets it, and whoever calls is refused."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound, bound.getsockname()[1]


def spelled(certificate):
    """The same base64 as people write it, right and wrong."""
    data = base64.b64encode(certificate).decode()
    lines = [data[at : at + 64] for at in range(0, len(data), 64)]
    # With a text in front whose base64 differs between the alphabets, and of a length that needs padding.
    marked = b"~~~???\n" + certificate
    marked += b"\n" * (1 + -len(marked) % 3)
    return {
        "ca-crt-data-lines": "\n      ".join(lines),
        "ca-crt-data-crlf": "\\r\\n".join(lines),
        "ca-crt-data-url-safe": base64.urlsafe_b64encode(marked).decode(),
        "ca-crt-data-unpadded": base64.b64encode(marked).decode().rstrip("="),
    }


class Place:
    def __init__(self, pki):
        self.pki = pathlib.Path(pki)
        self.record = Record()
        self.closed, refused = closed_port()
        authority = str(self.pki / "ca")
        tls = lambda name, **more: Listener(self.record, str(self.pki / name), authority, **more).port
        server = tls("server")
        self.words = {
            "pki": str(self.pki),
            "server": f"https://127.0.0.1:{server}",
            "port": str(server),
            "other-name": f"https://127.0.0.1:{tls('other-name')}",
            "common-name": f"https://localhost:{tls('common-name')}",
            "uri-name": f"https://localhost:{tls('uri-name')}",
            "wildcard": f"https://127.0.0.1:{tls('wildcard')}",
            "demanding": f"https://127.0.0.1:{tls('server', demanding=True)}",
            "expired": f"https://127.0.0.1:{tls('expired')}",
            "old-tls": f"https://127.0.0.1:{tls('server', old=True)}",
            "plain": f"http://127.0.0.1:{Listener(self.record).port}",
            "refused": f"https://127.0.0.1:{refused}",
            "refused-port": str(refused),
            "proxy": f"127.0.0.1:{Listener(self.record, handler=HttpProxy).port}",
            "tls-proxy": f"127.0.0.1:{tls('server', handler=HttpProxy)}",
            "socks": f"127.0.0.1:{SocksProxy(self.record).port}",
            "rude-proxy": f"127.0.0.1:{RudeProxy().port}",
            "silent-proxy": f"127.0.0.1:{RudeProxy(patience=10).port}",
        }
        self.words["plain-port"] = self.words["plain"].rsplit(":", 1)[1]
        for name in ("ca.crt", "other-ca.crt", "alice.crt", "alice.key", "bob.crt", "bob.key", "bundle.crt"):
            data = base64.b64encode((self.pki / name).read_bytes()).decode()
            self.words[name.replace(".", "-") + "-data"] = data
        self.words["ca-crt"] = (self.pki / "ca.crt").read_text()
        for name in ("alice.crt", "alice.key", "bob.key"):
            # In a text of JSON, as a plugin prints it.
            pem = (self.pki / name).read_text().replace("\n", "\\n")
            self.words[name.replace(".crt", "").replace(".", "-") + "-pem"] = pem
        self.words.update(spelled((self.pki / "ca.crt").read_bytes()))
        self.secrets = untold.secrets((self.pki / name).read_text() for name in ("alice.key", "bob.key"))

    def fill(self, value):
        """Texts with ${…} filled in, at whatever depth; bytes too, in UTF-8 and UTF-16."""
        if isinstance(value, bytes):
            for name, word in self.words.items():
                for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                    value = value.replace(("${%s}" % name).encode(encoding), word.encode(encoding))
            return value
        if isinstance(value, str):
            for name, word in self.words.items():
                value = value.replace("${%s}" % name, word)
            return value
        if isinstance(value, dict):
            return {key: self.fill(inner) for key, inner in value.items()}
        return [self.fill(inner) for inner in value]

    def plain(self, value):
        """What is different in every run and place, taken out of a text again."""
        for name, word in self.words.items():
            if name != "port" and not name.endswith("-port"):
                value = value.replace(word, "${%s}" % name)
        return value

    def prepare(self, case, folder):
        """Writes what the case needs, and says the environment to run in."""
        (folder / "config").write_bytes(self.fill(case.kubeconfig()))
        (folder / "config").chmod(case.mode)
        for name, text in case.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.fill(text_of(text)).replace("${folder}", str(folder)))
        for name, target in case.links.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(self.fill(target))
        for name, said in case.pipes.items():
            os.mkfifo(folder / name)
            text = self.fill(text_of(said))
            threading.Thread(target=(folder / name).write_text, args=(text,), daemon=True).start()
        shutil.copy(HERE / "plugin.py", folder / "plugin")
        (folder / "plugin").chmod(0o755)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "KUBECONFIG": str(folder / "config"),
            "KUBECACHEDIR": str(folder / "cache"),
        }
        for name, value in case.env.items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = self.fill(value).replace("${folder}", str(folder))
        return environment

    def run(self, program, case):
        """Runs "kubectl get configmaps" or "kubectl-egress list" as the case says."""
        with tempfile.TemporaryDirectory(prefix="egress-parity-") as name:
            folder = pathlib.Path(name)
            environment = self.prepare(case, folder)
            self.record.empty()
            self.record.folder = folder
            flags = [flag.replace("${folder}", name) for flag in self.fill(list(case.flags))]
            try:
                ran = subprocess.run(
                    [*(IN_POD if case.pod else ()), *program, *flags],
                    cwd=folder,
                    env=environment,
                    input=self.fill(text_of(case.stdin)).encode(),
                    capture_output=True,
                    timeout=LONGEST_RUN,
                )
                status, out, err = ran.returncode, ran.stdout, ran.stderr
            except subprocess.TimeoutExpired as late:
                status, out, err = -1, late.stdout or b"", (late.stderr or b"") + b"\nit did not end"
            secret = untold.told((out + err).decode(errors="replace"), self.secrets, case.secrets)
            told = err.decode(errors="replace").replace(name, "${folder}")
            return Ran(
                status, out.decode(errors="replace"), self.plain(told), self.facts(folder, told), secret
            )

    def facts(self, folder, stderr):
        runs = folder / "plugin-runs"
        plugin = []
        for line in runs.read_text().splitlines() if runs.exists() else []:
            plugin.append(json.loads(self.plain(line).replace(str(folder), "${folder}")))
            # kubectl writes one member that says nothing.
            cluster = ((plugin[-1]["info"] or {}).get("spec") or {}).get("cluster", {})
            if cluster.get("config", "") is None:
                del cluster["config"]
        return facts(self.record.taken(), plugin, stderr)
