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
    written = ["--write-out", "\\n%{json}", "--max-time", str(TIMEOUT)]
    ca = ["--cacert", "/dev/stdin"] if call.ca else []
    text = pathlib.Path(call.ca).read_text() if call.ca else ""
    ran = run([*pod, "curl", "--silent", *written, *ca, *call.options, url], text)
    body, _, facts = ran.out.rpartition("\n")
    try:
        facts = json.loads(facts)
    except ValueError as error:
        raise Failure(f"curl in {call.caller}/web: {ran}") from error
    return Answer(facts["response_code"], body, facts["errormsg"] or "", facts["exitcode"])


def send_tcp(pod, url):
    """Sends LINE of tcp://ADDRESS:PORT/LINE; with greeting:// sends nothing. Returns the first line of the server."""
    scheme, address, port, line = re.fullmatch(r"(\w+)://([^:]+):(\d+)/(.*)", url).groups()
    write = f"echo '{line}'" if scheme == "tcp" else "true"
    ran = run([*pod, "sh", "-c", f"({write}; sleep 2) | nc -w {TIMEOUT} {address} {port} | head -n 1"])
    return Answer(0, ran.out.strip(), ran.err.strip())


def check_answer(call, answer):
    if call.exit_code and answer.exit_code != call.exit_code:
        raise Failure(
            f"the caller's answer: expected curl's exit code {call.exit_code}, got {answer.exit_code}: {answer}"
        )
    if call.answer == BLOCKED:
        right = not answer.is_from_outside() and answer.status != 200
    elif isinstance(call.answer, str):
        right = re.fullmatch(call.answer, answer.text)
    else:
        right = answer.status == call.answer and (
            call.answer != 200 or answer.is_from_outside() or "grpc" in str(call.options)
        )
    if not right:
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
        failed = [one for one in events if one["event"] == "error"]
        if not any(re.search(call.error, one["error"]) for one in failed):
            raise Failure(f"outside: expected a failed handshake {call.error!r}, got {failed}")
    kinds = {"request", "data"}
    if call.arrives is None and not call.error and not call.connects:
        kinds |= {"connection", "error"}
    elif call.url.startswith("greeting://"):
        kinds |= {"connection"}  # the client says nothing
    arrived = [one for one in events if one["event"] in kinds]
    if call.arrives is None:
        if arrived:
            raise Leak(f"outside: expected nothing, got {arrived[-1]}")
        return
    if not arrived:
        raise Failure("outside: expected the call, got nothing")
    check_fields("outside", call.arrives, arrived[-1])


def check_fields(view, expected, found):
    for name, pattern in expected.items():
        value = found.get(name)
        value = "" if value is None else value
        text = value if isinstance(value, str) else json.dumps(value)
        if not re.fullmatch(pattern, text, re.DOTALL):
            raise Failure(f"{view}: {name} should match {pattern!r}, and is {text!r}; in {json.dumps(found)[:600]}")
