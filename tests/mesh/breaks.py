#!/usr/bin/env python3
"""Proves on a mesh sandbox that the scenarios detect a faulty tool:

    tests/sandbox/sandbox.sh run --mesh -- tests/mesh/breaks.py

A proxy between the tool and the API server changes one thing in the tool's own requests. The matching scenario must
fail.
"""

import dataclasses
import json
import re
import sys

from cluster import Failure, Sandbox
from piece import select_piece
from run import ScenarioRun
from scenarios import SCENARIOS
from tampering_proxy import start_tampering_proxy


def edit_object(kind, suffix, change):
    """A sabotage that edits an object's body in every request that applies it, dry runs included."""

    def tamper(_, request):
        body = json.loads(request.body)
        if body["kind"] == kind and body["metadata"]["name"].endswith(suffix):
            change(body["spec"])
            request.body = json.dumps(body).encode()

    return tamper


def set_other_sni(spec):
    for settings in spec["trafficPolicy"].get("portLevelSettings", [spec["trafficPolicy"]]):
        settings["tls"].update(sni="another.good.test", subjectAltNames=["another.good.test"])


def accept_plaintext(proxy_, request):
    """Turns TLS off at both ends of the hop from callers to the gateway."""
    edit_object("Gateway", "-egress", serve_plaintext)(proxy_, request)
    edit_object("DestinationRule", "-egress", turn_tls_off)(proxy_, request)


def serve_plaintext(spec):
    for server in spec["servers"]:
        del server["tls"]
        server["port"].update(protocol="HTTP", name="http")


def turn_tls_off(spec):
    for settings in spec["trafficPolicy"].get("portLevelSettings", [spec["trafficPolicy"]]):
        settings["tls"] = {"mode": "DISABLE"}


def skip_write(kind):
    """A sabotage whose objects of a kind are checked by the server, and not stored."""

    def tamper(_, request):
        if json.loads(request.body)["kind"] == kind and "dryRun" not in request.target:
            request.target += "&dryRun=All"

    return tamper


class RouteFirst:
    """A sabotage that stores the callers' route, as its dry run showed it, with the first object that is stored."""

    def __init__(self):
        self.route = None
        self.stored = False

    def __call__(self, proxy_, request):
        body = json.loads(request.body)
        is_route = body["kind"] == "VirtualService" and body["metadata"]["name"].endswith("-egress")
        if "dryRun=All" in request.target:
            if is_route:
                self.route = (request.target.replace("&dryRun=All", "").replace("dryRun=All&", ""), request.body)
        elif is_route:  # the tool gets what is stored already
            request.method, request.target, request.body = "GET", request.path, b""
        elif not self.stored:
            self.stored = True
            connection = proxy_.server.connect()
            connection.request("PATCH", *self.route, {"Content-Type": "application/apply-patch+yaml"})
            response = connection.getresponse()
            assert response.status in (200, 201), response.read()
            connection.close()


NOT_DETECTED = "no view of the scenario has noticed it"


@dataclasses.dataclass(frozen=True)
class Break:
    name: str
    tamper: object
    scenario: str  # the scenario that must fail
    view: str  # how its failure must begin, as a regular expression
    fast: bool = False


BREAKS = [
    Break("nothing", lambda *_: None, "simple", NOT_DETECTED),
    Break("another SNI", edit_object("DestinationRule", "-egress-upstream", set_other_sni), "simple", "outside: sni"),
    Break("plaintext between callers and the gateway", accept_plaintext, "simple", "the gateway's log: peer"),
    Break("no RoleBinding", skip_write("RoleBinding"), "mutual", "the caller's answer"),
    Break("the callers' route first", RouteFirst(), "switch", "during create"),
]


def run_break(break_, sandbox):
    """The line to print."""
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == break_.scenario)
    with start_tampering_proxy(sandbox, break_.tamper) as kubeconfig:
        try:
            ScenarioRun(scenario, sandbox, kubeconfig, f"egress-break-{BREAKS.index(break_)}").run()
            failure_text = NOT_DETECTED
        except Failure as failure:
            failure_text = str(failure)
    is_expected = re.match(break_.view, failure_text)
    return (
        f"ok break: {break_.name}: {scenario.name}: {failure_text[:80]}"
        if is_expected
        else f"not ok break: {break_.name}: {failure_text}"
    )


def main():
    sandbox = Sandbox()
    lines = [run_break(break_, sandbox) for break_ in select_piece(BREAKS)]
    print(*lines, sep="\n")
    return 1 if any(line.startswith("not ok") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
