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
from run import Run
from saboteur import sabotaged
from scenarios import SCENARIOS


def edit(kind, suffix, change):
    """A sabotage that edits an object's body in every request that applies it, dry runs included."""

    def sabotage(_, request):
        body = json.loads(request.body)
        if body["kind"] == kind and body["metadata"]["name"].endswith(suffix):
            change(body["spec"])
            request.body = json.dumps(body).encode()

    return sabotage


def send_another_sni(spec):
    for settings in spec["trafficPolicy"].get("portLevelSettings", [spec["trafficPolicy"]]):
        settings["tls"].update(sni="another.good.test", subjectAltNames=["another.good.test"])


def accept_plaintext(proxy_, request):
    """Turns TLS off at both ends of the hop from callers to the gateway."""
    edit("Gateway", "-egress", serve_plaintext)(proxy_, request)
    edit("DestinationRule", "-egress", turn_tls_off)(proxy_, request)


def serve_plaintext(spec):
    for server in spec["servers"]:
        del server["tls"]
        server["port"].update(protocol="HTTP", name="http")


def turn_tls_off(spec):
    for settings in spec["trafficPolicy"].get("portLevelSettings", [spec["trafficPolicy"]]):
        settings["tls"] = {"mode": "DISABLE"}


def leave_out(kind):
    """A sabotage whose objects of a kind are checked by the server, and not stored."""

    def sabotage(_, request):
        if json.loads(request.body)["kind"] == kind and "dryRun" not in request.target:
            request.target += "&dryRun=All"

    return sabotage


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
            answer = connection.getresponse()
            assert answer.status in (200, 201), answer.read()
            connection.close()


NOT_NOTICED = "no view of the scenario has noticed it"


@dataclasses.dataclass(frozen=True)
class Break:
    name: str
    sabotage: object
    scenario: str  # the scenario that must fail
    view: str  # how its failure must begin, as a regular expression
    fast: bool = False


BREAKS = [
    Break("nothing", lambda *_: None, "simple", NOT_NOTICED),
    Break("another SNI", edit("DestinationRule", "-egress-upstream", send_another_sni), "simple", "outside: sni"),
    Break("plaintext between callers and the gateway", accept_plaintext, "simple", "the gateway's log: peer"),
    Break("no RoleBinding", leave_out("RoleBinding"), "mutual", "the caller's answer"),
    Break("the callers' route first", RouteFirst(), "switch", "during create"),
]


def run_break(one, sandbox):
    """The line to print."""
    scenario = next(found for found in SCENARIOS if found.name == one.scenario)
    with sabotaged(sandbox, one.sabotage) as kubeconfig:
        try:
            Run(scenario, sandbox, kubeconfig, f"egress-break-{BREAKS.index(one)}").run()
            found = NOT_NOTICED
        except Failure as failure:
            found = str(failure)
    right = re.match(one.view, found)
    return f"ok break: {one.name}: {scenario.name}: {found[:80]}" if right else f"not ok break: {one.name}: {found}"


def main():
    sandbox = Sandbox()
    lines = [run_break(one, sandbox) for one in select_piece(BREAKS)]
    print(*lines, sep="\n")
    return 1 if any(one.startswith("not ok") for one in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
