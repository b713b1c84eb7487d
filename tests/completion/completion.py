"""completion.py PLACE [NAME]: types, and looks; see run.sh."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import traceback

from cases import ASKED, BY_KUBECTL, LISTED, TRAP, TYPED
from shells import SHELLS, Place

TIMES = 3  # that a case is tried: a cluster on a busy machine may be late for one TAB, and people press it again
SOON = 2  # seconds: what does not answer is waited for less than a tenth of one, and the machine may be busy


class Report:
    def __init__(self, chosen):
        self.chosen = chosen
        self.failed = False

    def check(self, name, fault_of, *given):
        """`fault_of(*given)` says what is wrong, or nothing."""
        if self.chosen not in name:
            return
        try:
            for _ in range(TIMES):
                fault = fault_of(*given)
                if not fault:
                    break
        except Exception:  # whatever it is, the case does not hold
            fault = traceback.format_exc()
        print(f"not ok {name}: {fault}" if fault else f"ok {name}", flush=True)
        self.failed = self.failed or bool(fault)


def differs(found, wished):
    return "" if found == wished else f"there is {found!r}, not {wished!r}"


def kubectl(*words, config):
    return subprocess.run(["kubectl", *words], env={**os.environ, "KUBECONFIG": str(config)}, check=True,
                          capture_output=True, text=True).stdout


def prepare(folder):
    """Files to be named, and a kubeconfig with contexts that shells find hard, and users that are not known."""
    (folder / "folder").mkdir()
    for name in ("gateways.yaml", "gateways.txt", "rules.rego"):
        (folder / name).write_text("")
    (folder / "other.config").write_text("contexts: [{name: elsewhere, context: {}}]\n")
    config = folder / "config"
    shutil.copy(os.environ["KUBECONFIG"], config)
    context = json.loads(kubectl("config", "view", "--minify", "-o", "json", config=config))["contexts"][0]["context"]
    for name in ("arn:aws:eks:eu/one", "kubernetes-admin@kubernetes", TRAP):
        kubectl("config", "set-context", name, f"--cluster={context['cluster']}", f"--user={context['user']}",
                config=config)
    kubectl("config", "set-credentials", "stranger", "--token=wrong", config=config)
    # In a folder of its own, for kubectl makes the path relative, and a bare name is looked up on PATH.
    (folder / "tools").mkdir()
    plugin = folder / "tools" / "plugin"
    plugin.write_text(f"#!/bin/sh\n: >{folder}/ran\n"
                      "echo PASSPHRASE? >&2\necho PASSPHRASE? >/dev/tty\nread answer </dev/tty\n")
    plugin.chmod(0o755)
    kubectl("config", "set-credentials", "asked", f"--exec-command={plugin}", "--exec-interactive-mode=IfAvailable",
            "--exec-api-version=client.authentication.k8s.io/v1", config=config)
    return config


def typed(shell, place, before, words, wished, script=""):
    with shell.open(place, script) as terminal:
        return differs(terminal.line(before + words + "\t"), before + wished)


def listed(shell, place, before, words, offered, withheld, script=""):
    with shell.open(place, script) as terminal:
        terminal.line(before + words + shell.lists)
        missing = [one for one in offered if one not in terminal.seen]
        extra = [one for one in withheld if one in terminal.seen]
        return f"missing {missing}, extra {extra} in {terminal.seen!r}" if missing or extra else ""


def escaped(shell, place):
    """The name is one word, and reaches the program as it is."""
    pwned = place.folder / "pwned"
    with shell.open(place) as terminal:
        terminal.line("kubectl-egress list -A -o name --context z\t")
        said = terminal.run("")
    if pwned.exists():
        pwned.unlink()
        return f"the name was run: {said!r}"
    return "" if "egressgateway/payments" in said else f"the context was not taken: {said!r}"


def unseen(shell, place):
    """A credential plugin that asks on the terminal reaches nobody."""
    line = "kubectl-egress inspect --user asked pay"
    ran = place.folder / "ran"
    ran.unlink(missing_ok=True)
    with shell.open(place) as terminal:
        fault = differs(terminal.line(line + "\t"), line)
        if "PASSPHRASE" in terminal.seen:
            return f"it was seen: {terminal.seen!r}"
        return fault or ("" if ran.exists() else "it did not run")


def silent(place, words):
    """Nothing is known, soon, and without a word."""
    began = time.monotonic()
    done = subprocess.run(["kubectl-egress", "__complete", *words], env=place.variables, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    took = time.monotonic() - began
    return differs((done.returncode, done.stdout, done.stderr), (0, ":4\n", "")) or (
        "" if took < SOON else f"it took {took:.1f} s")


def by_plugin(report, place):
    for shell in SHELLS:
        for name, words, wished in TYPED:
            report.check(f"{shell.name}: {name}", typed, shell, place, "kubectl-egress ", words, wished)
        for name, *case in LISTED:
            report.check(f"{shell.name}: a list of {name}", listed, shell, place, "kubectl-egress ", *case)
        report.check(f"{shell.name}: a name that it could run", escaped, shell, place)
        report.check(f"{shell.name}: a credential plugin that asks is not seen", unseen, shell, place)


def answer(place, words):
    done = subprocess.run(words, env=place.variables, cwd=place.folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout


def same(place, words):
    return differs(answer(place, ["kubectl", "__complete", "egress", *words]),
                   answer(place, ["kubectl-egress", "__complete", *words]))


def by_kubectl(report, place):
    version = json.loads(answer(place, ["kubectl", "version", "--client", "-o", "json"])[1])["clientVersion"]
    if int(version["minor"].rstrip("+")) < 26:
        print(f"skipped kubectl egress: {version['gitVersion']} does not complete for plugins")
        return
    for shell in SHELLS:
        if not shell.reads_kubectl:
            continue
        for name, words, wished in TYPED:
            if name in BY_KUBECTL:
                report.check(f"{shell.name}, kubectl egress: {name}", typed, shell, place, "kubectl egress ", words,
                             wished, shell.reads_kubectl)
        name, *case = LISTED[0]
        report.check(f"{shell.name}, kubectl egress: a list of {name}", listed, shell, place, "kubectl egress ", *case,
                     shell.reads_kubectl)
    for words in ASKED:
        report.check(f"kubectl __complete egress {' '.join(words)}: says what the plugin says", same, place, words)


def of_nobody(report, place):
    """Clusters that do not answer, or not to everybody."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        nobody = f"127.0.0.1:{listener.getsockname()[1]}"
        for what, words in {
                "that refuses": ["-s", "http://127.0.0.1:1"],
                "that says nothing": ["-s", f"http://{nobody}"],
                "that says nothing to TLS": ["-s", f"https://{nobody}"],
                "that is nowhere": ["-s", "https://nowhere.invalid"],
                "that is not the one it should be": ["--tls-server-name", "other.example"],
                "that does not know the user": ["--user", "stranger"],
                "that does not let the user look": ["--as", "nobody"],
                "whose plugin fails": ["--user", "asked"],
                "that no kubeconfig names": ["--kubeconfig", "nowhere"],
        }.items():
            report.check(f"a cluster {what} is passed over", silent, place, [*words, "inspect", ""])
        line = f"inspect -s https://{nobody} pay"
        for shell in SHELLS:
            report.check(f"{shell.name}: a cluster that says nothing leaves the line as it is", typed, shell, place,
                         "kubectl-egress ", line, line)


def main(root, chosen=""):
    folder = pathlib.Path(root) / "home"
    folder.mkdir()
    variables = {**os.environ, "HOME": str(folder), "ZDOTDIR": str(folder), "LC_ALL": "C.UTF-8",
                 "XDG_DATA_DIRS": f"{root}/share:/usr/share", "KUBECONFIG": str(prepare(folder))}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "NO_COLOR"):
        variables.pop(name, None)
    place = Place(folder, pathlib.Path(root) / "share", variables)
    report = Report(chosen)
    by_plugin(report, place)
    by_kubectl(report, place)
    of_nobody(report, place)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
