"""cases.py: compares the screen of a terminal and the text in a pipe; see run.sh."""

import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback

from screen import TerminalRun

NAMESPACE, PENDING_NAMESPACE, ESCAPE_CODES = "terminal-tests", "terminal-wait", "\x1b[2Jgone\x07"
PROGRESS_LINE = re.compile(r"egressgateway/\w+ -n \S+: .*\d+s$", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[3\dm")


def egress(*command):
    return ["kubectl-egress", *command]


def run_piped(*command):
    completed = subprocess.run(egress(*command), capture_output=True, text=True, timeout=120)
    return completed.stdout + completed.stderr


def pending_create(name):
    """A create whose pods do not come."""
    return egress("create", name, "--host", f"{name}.held.example.org", "-n", PENDING_NAMESPACE, "--timeout", "4s")


def progress_line_appears_and_disappears():
    run = TerminalRun(pending_create("live"), columns=60)
    if not run.read_until(PROGRESS_LINE.search):
        return f"there was no live line: {run.text!r}"
    wide = [line for line in run.screen().split("\n") if len(line) > 59 and PROGRESS_LINE.search(line)]
    final_screen = run.finish().screen()
    if wide:
        return f"a live line is wider than the terminal: {wide}"
    if PROGRESS_LINE.search(final_screen):
        return f"a live line is left: {final_screen}"
    return (
        "" if "is not ready: timed out" in final_screen.replace("\n", "") else f"the error is missing: {final_screen}"
    )


def progress_line_fits_a_resized_terminal():
    run = TerminalRun(pending_create("resized"), columns=100)
    run.read_until(PROGRESS_LINE.search)
    run.resize(30)
    offset = len(run.text)
    run.read_until(lambda _: len(run.text) > offset + 100)
    redrawn = run.text[offset:].split("\x1b[J")[-1]
    run.finish()
    if "\n" not in redrawn and len(redrawn) > 29 and "egressgateway/resized" in redrawn[:30]:
        return f"a line is wider than the terminal by now: {redrawn!r}"
    return "" if "is not ready: timed out waiting" in run.text.replace("\r\n", "") else run.text


def start_pending_apply(*names):
    """An apply of gateways whose pods do not come."""
    documents = "---\n".join(
        f"apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\nmetadata: {{name: {name}, namespace: {PENDING_NAMESPACE}}}\n"
        f"spec: {{hosts: [{name}.held.example.org]}}\n"
        for name in names
    )
    return TerminalRun(["sh", "-c", f"kubectl-egress apply -f - --timeout 4s <<'END'\n{documents}END"])


def many_gateways_share_one_progress_line():
    run = start_pending_apply(*(f"many{number}" for number in range(12)))
    lines = set()

    def has_line_of_one(screen):
        lines.update(re.findall(r"^egressgateways: \d+ of 12 done", screen, re.M))
        return re.search(r"^egressgateway/many\d+ -n \S+: ", screen, re.M)

    if run.read_until(has_line_of_one):
        return f"there was a line for one of many: {run.finish().text!r}"
    if not lines:
        return f"there never was a line for all: {run.text!r}"
    return f"a live line is left: {run.screen()}" if "of 12 done" in run.screen() else ""


def each_gateway_has_a_progress_line():
    run = start_pending_apply("one", "two")
    has_both = run.read_until(
        lambda screen: {"one", "two"} <= set(re.findall(r"^egressgateway/(\w+) -n ", screen, re.M))
    )
    final_screen = run.finish().screen()
    if not has_both:
        return f"there never was a line for each: {run.text!r}"
    return f"a live line is left: {final_screen}" if PROGRESS_LINE.search(final_screen) else ""


def progress_in_a_pipe_is_plain_text():
    text = run_piped(*pending_create("words")[1:])
    if "\x1b" in text:
        return f"there is an escape code: {text!r}"
    messages = re.findall(r"^egressgateway/words -n \S+: .*$", text, re.M)
    return "" if 0 < len(messages) < 4 else f"it printed {len(messages)} messages about what it waits for: {text}"


def colours_only_on_terminals():
    command = egress("list", "-n", NAMESPACE)
    for is_expected, run in [
        (True, TerminalRun(command)),
        (False, TerminalRun(command, TERM="dumb")),
        (False, TerminalRun(command, NO_COLOR="1")),
        (True, TerminalRun(command, NO_COLOR="")),
        (False, TerminalRun([*command, "--color=never"])),
        (True, TerminalRun([*command, "--color", "always"], TERM="dumb", NO_COLOR="1")),
    ]:
        is_coloured = bool(COLOUR.search(run.finish().text))
        if is_coloured != is_expected:
            return f"{run.process.args} printed {run.text!r}"
    return "" if COLOUR.search(run_piped("list", "-n", NAMESPACE, "--color=always")) else "always is not always"


def progress_on_a_dumb_terminal_is_plain_text():
    run = TerminalRun(pending_create("dumb"), TERM="dumb").finish()
    if "\x1b" in run.text:
        return f"there is an escape code: {run.text!r}"
    return "" if "egressgateway/dumb -n " in run.text else run.text


def no_escape_codes_in_a_pipe():
    for command in (
        ["list"],
        ["list", "-o", "wide"],
        ["list", "-o", "json"],
        ["inspect", "web"],
        ["check"],
        ["inspect", "web", "-o", "yaml"],
        ["diff", "web"],
        ["inspect", "none"],
        ["--help"],
        ["lsit"],
    ):
        text = run_piped(*command, "-n", NAMESPACE)
        if not text and command[0] != "diff":
            return f"{command} printed nothing"
        if "\x1b" in text or "\x07" in text:
            return f"{command} printed {text!r}"
    return ""


def escape_codes_from_the_cluster_are_escaped():
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "trap", "namespace": NAMESPACE},
        "type": "Warning",
        "reason": "Trap",
        "message": ESCAPE_CODES,
        "lastTimestamp": "2020-01-01T00:00:00Z",
        "involvedObject": {"kind": "Pod", "name": "web-egress-x", "namespace": NAMESPACE},
    }
    subprocess.run(
        ["kubectl", "create", "-f", "-"], input=json.dumps(event), text=True, check=True, capture_output=True
    )
    run = TerminalRun(egress("inspect", "web", "-n", NAMESPACE)).finish()
    if "gone" not in run.text:
        return f"the event is not shown: {run.text!r}"
    return f"it reaches the terminal: {run.text!r}" if "\x1b[2J" in run.text or "\x07" in run.text else ""


def write_kubeconfig(folder, mode):
    """The one in use, but its user's certificate is had from a plugin that asks for a word."""
    config = json.loads(
        subprocess.run(
            ["kubectl", "config", "view", "--raw", "--minify", "-o", "json"], capture_output=True, check=True
        ).stdout
    )
    user = config["users"][0]["user"]
    status = {
        name: base64.b64decode(user[f"client-{key}-data"]).decode()
        for name, key in (("clientCertificateData", "certificate"), ("clientKeyData", "key"))
    }
    version = "client.authentication.k8s.io/v1"
    (folder / "status.json").write_text(json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status}))
    plugin = folder / "plugin"
    plugin.write_text(f"""#!{sys.executable}
import json, os, sys
interactive = json.loads(os.environ["KUBERNETES_EXEC_INFO"])["spec"]["interactive"]
sys.stderr.write(f"interactive {{interactive}}, the word: ")
sys.stderr.flush()
if sys.stdin.readline().strip() != "sesame":
    sys.exit(3)
print(open({str(folder / "status.json")!r}).read())
""")
    plugin.chmod(0o755)
    config["users"][0]["user"] = {"exec": {"apiVersion": version, "command": str(plugin), "interactiveMode": mode}}
    (folder / mode).write_text(json.dumps(config))
    return str(folder / mode)


def credential_plugin_prompts_on_the_terminal():
    with tempfile.TemporaryDirectory(prefix="egress-plugin-") as name:
        folder = pathlib.Path(name)
        for mode in ("IfAvailable", "Always"):
            run = TerminalRun(egress("list", "-n", NAMESPACE, "--kubeconfig", write_kubeconfig(folder, mode)))
            if not run.read_until(lambda screen: "the word: " in screen):
                return f"{mode} did not ask: {run.text!r}"
            run.type("sesame\n")
            run.finish()
            if "interactive True" not in run.text or "web" not in run.text or run.process.returncode != 0:
                return f"{mode} was asked, and then: {run.text!r}"
        never_run = TerminalRun(
            egress("list", "-n", NAMESPACE, "--kubeconfig", write_kubeconfig(folder, "Never"))
        ).finish()
        if "interactive False" not in never_run.text or "failed with exit code 3" not in never_run.text:
            return f"Never was asked: {never_run.text!r}"
        for mode, message in (
            ("IfAvailable", "failed with exit code 3"),
            ("Always", "exec plugin cannot support interactive mode: standard input is not a terminal"),
        ):
            command = egress("list", "-n", NAMESPACE, "--kubeconfig", write_kubeconfig(folder, mode))
            # What is piped in is not the plugin's.
            completed = subprocess.run(command, input="sesame\n", capture_output=True, text=True, timeout=60)
            if completed.returncode != 1 or message not in completed.stderr:
                return f"{mode} without a terminal: {completed.stderr!r}"
    return ""


def interactive_delete_asks_for_confirmation():
    if "created" not in run_piped("create", "asked", "--host", "asked.example.org", "-n", NAMESPACE, "--wait=false"):
        return "there is nothing to delete"
    command = egress("delete", "asked", "-n", NAMESPACE, "-i", "--drain", "0s")
    question = (
        "You are about to delete the following 1 resource(s):\negressgateway/asked\n" "Do you want to continue? (y/N): "
    )
    for answer, outcome in (
        ("n", "deletion is cancelled"),
        ("yes", "deletion is cancelled"),
        ("Y", "egressgateway/asked deleted"),
    ):
        run = TerminalRun(command)
        if not run.read_until(lambda screen: "(y/N): " in screen):
            return f"it did not ask: {run.text!r}"
        if question not in run.screen() + " ":
            return f"it asked otherwise: {run.screen()!r}"
        run.type(answer + "\n")
        run.finish()
        if outcome not in run.text or run.process.returncode != 0:
            return f"{answer} was the answer, and then: {run.text!r}"
        if (answer == "Y") != ("not found" in run_piped("inspect", "asked", "-n", NAMESPACE)):
            return f"{answer} was the answer, and it is otherwise"
    completed = subprocess.run(
        egress("delete", "web", "-n", NAMESPACE, "-i"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return (
        ""
        if "deletion is cancelled" in completed.stderr and not completed.stdout
        else f"without an answer: {completed}"
    )


def main(name_filter):
    failed = False
    for case in (
        progress_line_appears_and_disappears,
        progress_line_fits_a_resized_terminal,
        each_gateway_has_a_progress_line,
        many_gateways_share_one_progress_line,
        progress_in_a_pipe_is_plain_text,
        colours_only_on_terminals,
        progress_on_a_dumb_terminal_is_plain_text,
        no_escape_codes_in_a_pipe,
        escape_codes_from_the_cluster_are_escaped,
        credential_plugin_prompts_on_the_terminal,
        interactive_delete_asks_for_confirmation,
    ):
        name = case.__name__.replace("_", " ")
        if name_filter not in name:
            continue
        try:
            problem = case()
        except Exception:  # whatever it is, the case does not hold
            problem = traceback.format_exc()
        print(f"not ok {name}: {problem}" if problem else f"ok {name}", flush=True)
        failed = failed or bool(problem)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
