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

import secret_scan
from case import resolve_text
from facts import facts
from proxies import HttpProxy, UnresponsiveProxy, SocksProxy
from recorder import Listener, RequestLog

HERE = pathlib.Path(__file__).parent
RUN_TIMEOUT = 60  # seconds

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
class ProgramResult:
    status: int
    out: str
    err: str
    facts: dict
    leaked_secret: str  # one that it told, or ""

    @property
    def failed(self):
        return self.status != 0


def closed_port():
    """A port that is bound without a listener: no other process gets it, and connections are refused."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener, listener.getsockname()[1]


def ca_data_spellings(certificate):
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


class Testbed:
    def __init__(self, pki):
        self.pki = pathlib.Path(pki)
        self.log = RequestLog()
        self.closed_socket, refused = closed_port()
        authority = str(self.pki / "ca")
        tls = lambda name, **more: Listener(self.log, str(self.pki / name), authority, **more).port
        server = tls("server")
        self.variables = {
            "pki": str(self.pki),
            "server": f"https://127.0.0.1:{server}",
            "port": str(server),
            "other-name": f"https://127.0.0.1:{tls('other-name')}",
            "common-name": f"https://localhost:{tls('common-name')}",
            "uri-name": f"https://localhost:{tls('uri-name')}",
            "wildcard": f"https://127.0.0.1:{tls('wildcard')}",
            "demanding": f"https://127.0.0.1:{tls('server', require_client_certificate=True)}",
            "expired": f"https://127.0.0.1:{tls('expired')}",
            "old-tls": f"https://127.0.0.1:{tls('server', old_tls=True)}",
            "plain": f"http://127.0.0.1:{Listener(self.log).port}",
            "refused": f"https://127.0.0.1:{refused}",
            "refused-port": str(refused),
            "proxy": f"127.0.0.1:{Listener(self.log, handler=HttpProxy).port}",
            "tls-proxy": f"127.0.0.1:{tls('server', handler=HttpProxy)}",
            "socks": f"127.0.0.1:{SocksProxy(self.log).port}",
            "rude-proxy": f"127.0.0.1:{UnresponsiveProxy().port}",
            "silent-proxy": f"127.0.0.1:{UnresponsiveProxy(delay=10).port}",
        }
        self.variables["plain-port"] = self.variables["plain"].rsplit(":", 1)[1]
        for name in ("ca.crt", "other-ca.crt", "alice.crt", "alice.key", "bob.crt", "bob.key", "bundle.crt"):
            data = base64.b64encode((self.pki / name).read_bytes()).decode()
            self.variables[name.replace(".", "-") + "-data"] = data
        self.variables["ca-crt"] = (self.pki / "ca.crt").read_text()
        for name in ("alice.crt", "alice.key", "bob.key"):
            # In a text of JSON, as a plugin prints it.
            pem = (self.pki / name).read_text().replace("\n", "\\n")
            self.variables[name.replace(".crt", "").replace(".", "-") + "-pem"] = pem
        self.variables.update(ca_data_spellings((self.pki / "ca.crt").read_bytes()))
        self.secrets = secret_scan.known_secrets((self.pki / name).read_text() for name in ("alice.key", "bob.key"))

    def substitute(self, value):
        """Texts with ${…} filled in, at whatever depth; bytes too, in UTF-8 and UTF-16."""
        if isinstance(value, bytes):
            for name, word in self.variables.items():
                for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                    value = value.replace(("${%s}" % name).encode(encoding), word.encode(encoding))
            return value
        if isinstance(value, str):
            for name, word in self.variables.items():
                value = value.replace("${%s}" % name, word)
            return value
        if isinstance(value, dict):
            return {key: self.substitute(item) for key, item in value.items()}
        return [self.substitute(item) for item in value]

    def restore_variables(self, value):
        """What is different in every run and place, taken out of a text again."""
        for name, word in self.variables.items():
            if name != "port" and not name.endswith("-port"):
                value = value.replace(word, "${%s}" % name)
        return value

    def prepare(self, case, folder):
        """Writes what the case needs, and says the environment to run in."""
        (folder / "config").write_bytes(self.substitute(case.kubeconfig()))
        (folder / "config").chmod(case.mode)
        for name, text in case.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.substitute(resolve_text(text)).replace("${folder}", str(folder)))
        for name, target in case.links.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(self.substitute(target))
        for name, content in case.pipes.items():
            os.mkfifo(folder / name)
            text = self.substitute(resolve_text(content))
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
                environment[name] = self.substitute(value).replace("${folder}", str(folder))
        return environment

    def run(self, program, case):
        """Runs "kubectl get configmaps" or "kubectl-egress list" as the case says."""
        with tempfile.TemporaryDirectory(prefix="egress-parity-") as name:
            folder = pathlib.Path(name)
            environment = self.prepare(case, folder)
            self.log.clear()
            self.log.folder = folder
            flags = [flag.replace("${folder}", name) for flag in self.substitute(list(case.flags))]
            try:
                process = subprocess.run(
                    [*(IN_POD if case.in_pod else ()), *program, *flags],
                    cwd=folder,
                    env=environment,
                    input=self.substitute(resolve_text(case.stdin)).encode(),
                    capture_output=True,
                    timeout=RUN_TIMEOUT,
                )
                status, out, err = process.returncode, process.stdout, process.stderr
            except subprocess.TimeoutExpired as error:
                status, out, err = -1, error.stdout or b"", (error.stderr or b"") + b"\nit did not end"
            leaked_secret = secret_scan.find_secret((out + err).decode(errors="replace"), self.secrets, case.secrets)
            stderr = err.decode(errors="replace").replace(name, "${folder}")
            return ProgramResult(
                status,
                out.decode(errors="replace"),
                self.restore_variables(stderr),
                self.facts(folder, stderr),
                leaked_secret,
            )

    def facts(self, folder, stderr):
        run_log = folder / "plugin-runs"
        plugin = []
        for line in run_log.read_text().splitlines() if run_log.exists() else []:
            plugin.append(json.loads(self.restore_variables(line).replace(str(folder), "${folder}")))
            # kubectl writes one member that says nothing.
            cluster = ((plugin[-1]["info"] or {}).get("spec") or {}).get("cluster", {})
            if cluster.get("config", "") is None:
                del cluster["config"]
        return facts(self.log.all_requests(), plugin, stderr)
