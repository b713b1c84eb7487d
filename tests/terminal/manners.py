"""manners.py: looks at what stands on a terminal, and what goes into a pipe; see run.sh."""

import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback

from screen import Run

NS, HELD, TRAP = "terminal-manners", "terminal-held", "\x1b[2Jgone\x07"
LIVE = re.compile(r"egressgateway/\w+ -n \S+: .*\d+s$", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[3\dm")


def egress(*words):
    return ["kubectl-egress", *words]


def piped(*words):
    ran = subprocess.run(egress(*words), capture_output=True, text=True, timeout=120)
    return ran.stdout + ran.stderr


def held_back(name):
    """A create whose pods do not come."""
    return egress("create", name, "--host", f"{name}.held.example.org", "-n", HELD, "--timeout", "4s")


def a_live_line_comes_and_goes():
    run = Run(held_back("live"), columns=60)
    if not run.read_until(LIVE.search):
        return f"there was no live line: {run.text!r}"
    wide = [line for line in run.screen().split("\n") if len(line) > 59 and LIVE.search(line)]
    left = run.finish().screen()
    if wide:
        return f"a live line is wider than the terminal: {wide}"
    if LIVE.search(left):
        return f"a live line is left: {left}"
    return "" if "is not ready in time" in left else f"the error is missing: {left}"


def a_terminal_may_be_resized():
    run = Run(held_back("resized"), columns=100)
    run.read_until(LIVE.search)
    run.resize(30)
    seen = len(run.text)
    run.read_until(lambda _: len(run.text) > seen + 100)
    drawn = run.text[seen:].split("\x1b[J")[-1]
    run.finish()
    if "\n" not in drawn and len(drawn) > 29 and "egressgateway/resized" in drawn[:30]:
        return f"a line is wider than the terminal by now: {drawn!r}"
    return "" if "is not ready in time" in run.text.replace("\r\n", "") else run.text


def held_back_together(*names):
    """An apply of gateways whose pods do not come."""
    documents = "---\n".join(
        f"apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\nmetadata: {{name: {name}, namespace: {HELD}}}\n"
        f"spec: {{hosts: [{name}.held.example.org]}}\n" for name in names)
    return Run(["sh", "-c", f"kubectl-egress apply -f - --timeout 4s <<'END'\n{documents}END"])


def many_gateways_have_one_line():
    run = held_back_together(*(f"many{number}" for number in range(12)))
    lines = set()

    def is_of_one(screen):
        lines.update(re.findall(r"^egressgateways: \d+ of 12 done", screen, re.M))
        return re.search(r"^egressgateway/many\d+ -n \S+: ", screen, re.M)

    if run.read_until(is_of_one):
        return f"there was a line for one of many: {run.finish().text!r}"
    if not lines:
        return f"there never was a line for all: {run.text!r}"
    return f"a live line is left: {run.screen()}" if "of 12 done" in run.screen() else ""


def each_gateway_has_a_line():
    run = held_back_together("one", "two")
    both = run.read_until(lambda screen: {"one", "two"} <= set(re.findall(r"^egressgateway/(\w+) -n ", screen, re.M)))
    left = run.finish().screen()
    if not both:
        return f"there never was a line for each: {run.text!r}"
    return f"a live line is left: {left}" if LIVE.search(left) else ""


def a_pipe_gets_words():
    text = piped(*held_back("words")[1:])
    if "\x1b" in text:
        return f"there is an escape code: {text!r}"
    said = re.findall(r"^egressgateway/words -n \S+: .*$", text, re.M)
    return "" if 0 < len(said) < 4 else f"it was told {len(said)} times what is waited for: {text}"


def colours_are_for_terminals():
    words = egress("list", "-n", NS)
    for wished, run in [
        (True, Run(words)),
        (False, Run(words, TERM="dumb")),
        (False, Run(words, NO_COLOR="1")),
        (True, Run(words, NO_COLOR="")),
        (False, Run([*words, "--color=never"])),
        (True, Run([*words, "--color", "always"], TERM="dumb", NO_COLOR="1")),
    ]:
        found = bool(COLOUR.search(run.finish().text))
        if found != wished:
            return f"{run.process.args} printed {run.text!r}"
    return "" if COLOUR.search(piped("list", "-n", NS, "--color=always")) else "always is not always"


def a_dumb_terminal_gets_words():
    run = Run(held_back("dumb"), TERM="dumb").finish()
    if "\x1b" in run.text:
        return f"there is an escape code: {run.text!r}"
    return "" if "egressgateway/dumb -n " in run.text else run.text


def no_escape_code_reaches_a_pipe():
    for words in (["list"], ["list", "-o", "wide"], ["list", "-o", "json"], ["inspect", "web"], ["check"],
                  ["inspect", "web", "-o", "yaml"], ["diff", "web"], ["inspect", "none"], ["--help"], ["lsit"]):
        text = piped(*words, "-n", NS)
        if not text and words[0] != "diff":
            return f"{words} printed nothing"
        if "\x1b" in text or "\x07" in text:
            return f"{words} printed {text!r}"
    return ""


def what_others_wrote_is_shown_and_not_obeyed():
    event = {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "trap", "namespace": NS}, "type": "Warning",
             "reason": "Trap", "message": TRAP, "lastTimestamp": "2020-01-01T00:00:00Z",
             "involvedObject": {"kind": "Pod", "name": "web-egress-x", "namespace": NS}}
    subprocess.run(["kubectl", "create", "-f", "-"], input=json.dumps(event), text=True, check=True,
                   capture_output=True)
    run = Run(egress("inspect", "web", "-n", NS)).finish()
    if "gone" not in run.text:
        return f"the event is not shown: {run.text!r}"
    return f"it reaches the terminal: {run.text!r}" if "\x1b[2J" in run.text or "\x07" in run.text else ""


def kubeconfig_with(folder, mode):
    """The one in use, but its user's certificate is had from a plugin that asks for a word."""
    config = json.loads(subprocess.run(["kubectl", "config", "view", "--raw", "--minify", "-o", "json"],
                                       capture_output=True, check=True).stdout)
    user = config["users"][0]["user"]
    pem = {name: base64.b64decode(user[f"client-{key}-data"]).decode()
           for name, key in (("clientCertificateData", "certificate"), ("clientKeyData", "key"))}
    version = "client.authentication.k8s.io/v1"
    (folder / "status.json").write_text(
        json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": pem}))
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


def a_plugin_may_ask_on_the_terminal():
    with tempfile.TemporaryDirectory(prefix="egress-plugin-") as name:
        folder = pathlib.Path(name)
        for mode in ("IfAvailable", "Always"):
            run = Run(egress("list", "-n", NS, "--kubeconfig", kubeconfig_with(folder, mode)))
            if not run.read_until(lambda screen: "the word: " in screen):
                return f"{mode} did not ask: {run.text!r}"
            run.type("sesame\n")
            run.finish()
            if "interactive True" not in run.text or "web" not in run.text or run.process.returncode != 0:
                return f"{mode} was asked, and then: {run.text!r}"
        never = Run(egress("list", "-n", NS, "--kubeconfig", kubeconfig_with(folder, "Never"))).finish()
        if "interactive False" not in never.text or "failed with exit code 3" not in never.text:
            return f"Never was asked: {never.text!r}"
        for mode, said in (("IfAvailable", "failed with exit code 3"),
                           ("Always", "exec plugin cannot support interactive mode: standard input is not a terminal")):
            words = egress("list", "-n", NS, "--kubeconfig", kubeconfig_with(folder, mode))
            # What is piped in is not the plugin's.
            ran = subprocess.run(words, input="sesame\n", capture_output=True, text=True, timeout=60)
            if ran.returncode != 1 or said not in ran.stderr:
                return f"{mode} without a terminal: {ran.stderr!r}"
    return ""


def a_delete_asks_where_that_is_wished():
    if "created" not in piped("create", "asked", "--host", "asked.example.org", "-n", NS, "--wait=false"):
        return "there is nothing to delete"
    words = egress("delete", "asked", "-n", NS, "-i", "--drain", "0s")
    question = "You are about to delete the following 1 resource(s):\negressgateway/asked\n" \
        "Do you want to continue? (y/N): "
    for answer, outcome in (("n", "deletion is cancelled"), ("yes", "deletion is cancelled"),
                            ("Y", 'egressgateway/asked deleted')):
        run = Run(words)
        if not run.read_until(lambda screen: "(y/N): " in screen):
            return f"it did not ask: {run.text!r}"
        if question not in run.screen() + " ":
            return f"it asked otherwise: {run.screen()!r}"
        run.type(answer + "\n")
        run.finish()
        if outcome not in run.text or run.process.returncode != 0:
            return f"{answer} was the answer, and then: {run.text!r}"
        if (answer == "Y") != ("not found" in piped("inspect", "asked", "-n", NS)):
            return f"{answer} was the answer, and it is otherwise"
    ran = subprocess.run(egress("delete", "web", "-n", NS, "-i"), stdin=subprocess.DEVNULL, capture_output=True,
                         text=True, timeout=60)
    return "" if "deletion is cancelled" in ran.stderr and not ran.stdout else f"without an answer: {ran}"


def main(chosen):
    failed = False
    for case in (a_live_line_comes_and_goes, a_terminal_may_be_resized, each_gateway_has_a_line,
                 many_gateways_have_one_line, a_pipe_gets_words,
                 colours_are_for_terminals, a_dumb_terminal_gets_words, no_escape_code_reaches_a_pipe,
                 what_others_wrote_is_shown_and_not_obeyed, a_plugin_may_ask_on_the_terminal,
                 a_delete_asks_where_that_is_wished):
        name = case.__name__.replace("_", " ")
        if chosen not in name:
            continue
        try:
            fault = case()
        except Exception:  # whatever it is, the case does not hold
            fault = traceback.format_exc()
        print(f"not ok {name}: {fault}" if fault else f"ok {name}", flush=True)
        failed = failed or bool(fault)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
