"""completion.py FOLDER [NAME]: types, and looks; see run.sh."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import traceback

from cases import COMPLETION_CASES, KUBECTL_CASES, KUBECTL_REQUESTS, LIST_CASES, MALICIOUS_NAME
from shells import SHELLS, Environment

ATTEMPTS = 3  # that a case is tried: a cluster on a busy machine may be late for one TAB, and people press it again
MAX_SECONDS = 2  # seconds: what does not answer is waited for less than a tenth of one, and the machine may be busy


class Report:
    def __init__(self, name_filter):
        self.name_filter = name_filter
        self.failed = False

    def check(self, name, find_problem, *arguments):
        """`find_problem(*arguments)` says what is wrong, or nothing."""
        if self.name_filter not in name:
            return
        try:
            for _ in range(ATTEMPTS):
                problem = find_problem(*arguments)
                if not problem:
                    break
        except Exception:  # whatever it is, the case does not hold
            problem = traceback.format_exc()
        print(f"not ok {name}: {problem}" if problem else f"ok {name}", flush=True)
        self.failed = self.failed or bool(problem)


def find_difference(actual, expected):
    return "" if actual == expected else f"there is {actual!r}, not {expected!r}"


def kubectl(*arguments, config):
    return subprocess.run(
        ["kubectl", *arguments],
        env={**os.environ, "KUBECONFIG": str(config)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def write_files(folder):
    """Files to be named, and a kubeconfig with contexts that shells find hard, and users that are not known."""
    (folder / "folder").mkdir()
    for name in ("gateways.yaml", "gateways.txt", "rules.rego"):
        (folder / name).write_text("")
    (folder / "other.config").write_text("contexts: [{name: elsewhere, context: {}}]\n")
    config = folder / "config"
    shutil.copy(os.environ["KUBECONFIG"], config)
    context = json.loads(kubectl("config", "view", "--minify", "-o", "json", config=config))["contexts"][0]["context"]
    for name in ("arn:aws:eks:eu/one", "kubernetes-admin@kubernetes", MALICIOUS_NAME):
        kubectl(
            "config", "set-context", name, f"--cluster={context['cluster']}", f"--user={context['user']}", config=config
        )
    kubectl("config", "set-credentials", "stranger", "--token=wrong", config=config)
    # In a folder of its own, for kubectl makes the path relative, and a bare name is looked up on PATH.
    (folder / "tools").mkdir()
    plugin = folder / "tools" / "plugin"
    plugin.write_text(
        f"#!/bin/sh\n: >{folder}/ran\n" "echo PASSPHRASE? >&2\necho PASSPHRASE? >/dev/tty\nread answer </dev/tty\n"
    )
    plugin.chmod(0o755)
    kubectl(
        "config",
        "set-credentials",
        "asked",
        f"--exec-command={plugin}",
        "--exec-interactive-mode=IfAvailable",
        "--exec-api-version=client.authentication.k8s.io/v1",
        config=config,
    )
    return config


def check_completion(shell, environment, program, arguments, expected, script=""):
    with shell.open(environment, script) as terminal:
        return find_difference(terminal.type_line(program + arguments + "\t"), program + expected)


def check_list(shell, environment, program, arguments, expected, unexpected, script=""):
    with shell.open(environment, script) as terminal:
        terminal.type_line(program + arguments + shell.list_keys)
        missing = [candidate for candidate in expected if candidate not in terminal.output]
        extra = [candidate for candidate in unexpected if candidate in terminal.output]
        return f"missing {missing}, extra {extra} in {terminal.output!r}" if missing or extra else ""


def check_escaping(shell, environment):
    """The name is one word, and reaches the program as it is."""
    marker = environment.folder / "pwned"
    with shell.open(environment) as terminal:
        terminal.type_line("kubectl-egress list -A -o name --context z\t")
        output = terminal.run("")
    if marker.exists():
        marker.unlink()
        return f"the name was run: {output!r}"
    return "" if "egressgateway/payments" in output else f"the context was not taken: {output!r}"


def check_plugin_prompt(shell, environment):
    """A credential plugin that asks on the terminal reaches nobody."""
    line = "kubectl-egress inspect --user asked pay"
    plugin_marker = environment.folder / "ran"
    plugin_marker.unlink(missing_ok=True)
    with shell.open(environment) as terminal:
        problem = find_difference(terminal.type_line(line + "\t"), line)
        if "PASSPHRASE" in terminal.output:
            return f"it was seen: {terminal.output!r}"
        return problem or ("" if plugin_marker.exists() else "it did not run")


def check_unreachable(environment, arguments):
    """Nothing is known, soon, and without a word."""
    start = time.monotonic()
    completed = subprocess.run(
        ["kubectl-egress", "__complete", *arguments],
        env=environment.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    seconds = time.monotonic() - start
    return find_difference((completed.returncode, completed.stdout, completed.stderr), (0, ":4\n", "")) or (
        "" if seconds < MAX_SECONDS else f"it took {seconds:.1f} s"
    )


def check_plugin(report, environment):
    for shell in SHELLS:
        for name, arguments, expected in COMPLETION_CASES:
            report.check(
                f"{shell.name}: {name}", check_completion, shell, environment, "kubectl-egress ", arguments, expected
            )
        for name, *case in LIST_CASES:
            report.check(f"{shell.name}: a list of {name}", check_list, shell, environment, "kubectl-egress ", *case)
        report.check(f"{shell.name}: a name that it could run", check_escaping, shell, environment)
        report.check(
            f"{shell.name}: a credential plugin that asks is not seen", check_plugin_prompt, shell, environment
        )


def run(environment, arguments):
    completed = subprocess.run(
        arguments, env=environment.variables, cwd=environment.folder, capture_output=True, text=True, timeout=60
    )
    return completed.returncode, completed.stdout


def check_same_output(environment, arguments):
    return find_difference(
        run(environment, ["kubectl", "__complete", "egress", *arguments]),
        run(environment, ["kubectl-egress", "__complete", *arguments]),
    )


def check_kubectl(report, environment):
    version = json.loads(run(environment, ["kubectl", "version", "--client", "-o", "json"])[1])["clientVersion"]
    if int(version["minor"].rstrip("+")) < 26:
        print(f"skipped kubectl egress: {version['gitVersion']} does not complete for plugins")
        return
    for shell in SHELLS:
        if not shell.kubectl_completion:
            continue
        for name, arguments, expected in COMPLETION_CASES:
            if name in KUBECTL_CASES:
                report.check(
                    f"{shell.name}, kubectl egress: {name}",
                    check_completion,
                    shell,
                    environment,
                    "kubectl egress ",
                    arguments,
                    expected,
                    shell.kubectl_completion,
                )
        name, *case = LIST_CASES[0]
        report.check(
            f"{shell.name}, kubectl egress: a list of {name}",
            check_list,
            shell,
            environment,
            "kubectl egress ",
            *case,
            shell.kubectl_completion,
        )
    for arguments in KUBECTL_REQUESTS:
        report.check(
            f"kubectl __complete egress {' '.join(arguments)}: says what the plugin says",
            check_same_output,
            environment,
            arguments,
        )


def check_unreachable_clusters(report, environment):
    """Clusters that do not answer, or not to everybody."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        for description, arguments in {
            "that refuses": ["-s", "http://127.0.0.1:1"],
            "that says nothing": ["-s", f"http://{address}"],
            "that says nothing to TLS": ["-s", f"https://{address}"],
            "that is nowhere": ["-s", "https://nowhere.invalid"],
            "that is not the one it should be": ["--tls-server-name", "other.example"],
            "that does not know the user": ["--user", "stranger"],
            "that does not let the user look": ["--as", "nobody"],
            "whose plugin fails": ["--user", "asked"],
            "that no kubeconfig names": ["--kubeconfig", "nowhere"],
        }.items():
            report.check(
                f"a cluster {description} is passed over", check_unreachable, environment, [*arguments, "inspect", ""]
            )
        line = f"inspect -s https://{address} pay"
        for shell in SHELLS:
            report.check(
                f"{shell.name}: a cluster that says nothing leaves the line as it is",
                check_completion,
                shell,
                environment,
                "kubectl-egress ",
                line,
                line,
            )


def main(root, name_filter=""):
    folder = pathlib.Path(root) / "home"
    folder.mkdir()
    variables = {
        **os.environ,
        "HOME": str(folder),
        "ZDOTDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "XDG_DATA_DIRS": f"{root}/share:/usr/share",
        "KUBECONFIG": str(write_files(folder)),
    }
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "NO_COLOR"):
        variables.pop(name, None)
    environment = Environment(folder, pathlib.Path(root) / "share", variables)
    report = Report(name_filter)
    check_plugin(report, environment)
    check_kubectl(report, environment)
    check_unreachable_clusters(report, environment)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
