"""Three views of a call: the caller's answer, the gateway's access log, and the events at the external host."""

import dataclasses
import json
import pathlib
import re

from cluster import Failure, Leak, run

TIMEOUT = 8  # seconds that a caller waits for an answer
BLOCKED = "blocked"


@dataclasses.dataclass
class Answer:
    status: int  # 0 where there is none
    text: str  # the body, or the line that a TCP caller got
    error: str
    exit_code: int = 0  # of curl or nc

    def is_from_outside(self):
        """Whether an external host sent it, and not a proxy."""
        return '"event":"request"' in self.text

    def __str__(self):
        return f"{self.status} {self.error} {self.text[:200]}".strip()


def send(call, url):
    """Sends the request of a call from a pod, and returns the answer."""
    pod = ["kubectl", "exec", *(["-i"] if call.ca else []), "-n", call.caller, "web", "-c", "app", "--"]
    if not url.startswith("http"):
        return send_tcp(pod, url)
    write_out = ["--write-out", "\\n%{json}", "--max-time", str(TIMEOUT)]
    ca = ["--cacert", "/dev/stdin"] if call.ca else []
    text = pathlib.Path(call.ca).read_text() if call.ca else ""
    result = run([*pod, "curl", "--silent", *write_out, *ca, *call.options, url], text)
    body, _, metrics = result.out.rpartition("\n")
    try:
        metrics = json.loads(metrics)
    except ValueError as error:
        raise Failure(f"curl in {call.caller}/web: {result}") from error
    return Answer(metrics["response_code"], body, metrics["errormsg"] or "", metrics["exitcode"])


def send_tcp(pod, url):
    """Sends LINE of tcp://ADDRESS:PORT/LINE; with greeting:// sends nothing. Returns the first line of the server."""
    scheme, address, port, line = re.fullmatch(r"(\w+)://([^:]+):(\d+)/(.*)", url).groups()
    write = f"echo '{line}'" if scheme == "tcp" else "true"
    result = run([*pod, "sh", "-c", f"({write}; sleep 2) | nc -w {TIMEOUT} {address} {port} | head -n 1"])
    return Answer(0, result.out.strip(), result.err.strip())


def check_answer(call, answer):
    if call.exit_code and answer.exit_code != call.exit_code:
        raise Failure(
            f"the caller's answer: expected curl's exit code {call.exit_code}, got {answer.exit_code}: {answer}"
        )
    if call.answer == BLOCKED:
        is_expected = not answer.is_from_outside() and answer.status != 200
    elif isinstance(call.answer, str):
        is_expected = re.fullmatch(call.answer, answer.text)
    else:
        is_expected = answer.status == call.answer and (
            call.answer != 200 or answer.is_from_outside() or "grpc" in str(call.options)
        )
    if not is_expected:
        raise Failure(f"the caller's answer: expected {call.answer}, got {answer}")


def check_log(call, lines):
    """Checks the lines that the gateway has logged for the call."""
    if call.peer is None:
        if lines:
            raise Failure(f"the gateway's log: expected nothing, got {lines[-1]}")
        return
    if not lines:
        raise Failure("the gateway's log: expected a line for the call, got none")
    expected = {"peer": re.escape(call.peer), **call.log}
    check_fields("the gateway's log", expected, lines[-1])


def check_arrival(call, events):
    """Checks the events at the external host that belong to the call."""
    if call.error:
        failed = [event for event in events if event["event"] == "error"]
        if not any(re.search(call.error, event["error"]) for event in failed):
            raise Failure(f"outside: expected a failed handshake {call.error!r}, got {failed}")
    kinds = {"request", "data"}
    if call.arrives is None and not call.error and not call.connects:
        kinds |= {"connection", "error"}
    elif call.url.startswith("greeting://"):
        kinds |= {"connection"}  # the client says nothing
    arrived = [event for event in events if event["event"] in kinds]
    if call.arrives is None:
        if arrived:
            raise Leak(f"outside: expected nothing, got {arrived[-1]}")
        return
    if not arrived:
        raise Failure("outside: expected the call, got nothing")
    check_fields("outside", call.arrives, arrived[-1])


def check_fields(view, expected, actual):
    for name, pattern in expected.items():
        value = actual.get(name)
        value = "" if value is None else value
        text = value if isinstance(value, str) else json.dumps(value)
        if not re.fullmatch(pattern, text, re.DOTALL):
            raise Failure(f"{view}: {name} should match {pattern!r}, and is {text!r}; in {json.dumps(actual)[:600]}")
