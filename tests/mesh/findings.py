#!/usr/bin/env python3
"""Proves on a mesh sandbox what `check` says about other people's configuration:

    tests/sandbox/sandbox.sh run --mesh -- tests/mesh/findings.py [--list] [NAME…]

For each situation: configuration that provokes a finding, its consequence for a caller, the printed fix, which removes
both, and a near miss, which causes neither.
"""

import argparse
import dataclasses
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time

from cluster import Failure, Leak, Sandbox, egress, kubectl, until
from piece import select_piece
from run import ROUTE_TIMEOUT, ScenarioRun, run_entry
from scenario import Call, Scenario
from views import BLOCKED

HOST_FLAGS = ("--host", "{name}.good.test")
PASSTHROUGH_FLAGS = ("--host", "{name}.good.test", "--tls", "passthrough")
HTTP = "http://{name}.good.test"
HTTPS = "https://{name}.good.test"
PUSH_DELAY = 3  # seconds after which proxies have what was applied
SERVICE = "{name}-egress.{namespace}.svc.cluster.local"


@dataclasses.dataclass(frozen=True)
class Situation:
    name: str
    claim: str
    create: tuple
    configuration: str  # the configuration, an object called "other"
    code: str  # of the finding
    severity: str
    consequence: Call
    near_miss: str  # an object of the same name
    restored: Call
    precedes_gateway: bool = False  # the configuration was there before the gateway
    editor_script: str = ""  # what to do in the editor that the fix opens, as a sed command
    fast: bool = False
    known_fault: str = ""  # as of a scenario
    known_error: str = "^check: expected"


def manifest(kind, namespace, spec):
    groups = {"AuthorizationPolicy": "security.istio.io/v1"}
    return json.dumps(
        {
            "apiVersion": groups.get(kind, "networking.istio.io/v1"),
            "kind": kind,
            "metadata": {"name": "other", "namespace": namespace},
            "spec": spec,
        }
    )


def service_entry(namespace, ports, **spec):
    return manifest(
        "ServiceEntry",
        namespace,
        {"hosts": ["{name}.good.test"], "location": "MESH_EXTERNAL", "resolution": "DNS", "ports": ports, **spec},
    )


def port(number, protocol, **fields):
    return {"number": number, "name": protocol.lower(), "protocol": protocol, **fields}


def direct_response(host, **spec):
    route = {"directResponse": {"status": 299, "body": {"string": "theirs"}}}
    return manifest("VirtualService", "shop", {"hosts": [host], "http": [route], **spec})


def destination_rule(namespace, host, tls):
    return manifest("DestinationRule", namespace, {"host": host, "trafficPolicy": {"tls": tls}})


def authorization_policy(namespace, spec):
    return manifest("AuthorizationPolicy", namespace, spec)


LOST_CALL = Call(HTTP, answer=BLOCKED, peer=None, arrives=None)

SITUATIONS = [
    Situation(
        "policy-without-rules",
        "an AuthorizationPolicy that allows nothing, for all pods of the gateway's namespace",
        HOST_FLAGS,
        authorization_policy("{namespace}", {}),
        "ForeignPolicy",
        "Error",
        Call(HTTP, answer=403, arrives=None),
        authorization_policy("{namespace}", {"selector": {"matchLabels": {"app": "another"}}}),
        Call(HTTP),
        fast=True,
        known_fault="apply refuses the printed fix because of the finding that it is to remove",
        known_error="^the fix failed.*ForeignPolicy",
    ),
    Situation(
        "sidecar-without-import",
        "a Sidecar of the callers' namespace that does not import the gateway's",
        HOST_FLAGS,
        manifest("Sidecar", "shop", {"egress": [{"hosts": ["./*", "istio-system/*"]}]}),
        "SidecarNotImporting",
        "Warning",
        LOST_CALL,
        manifest("Sidecar", "shop", {"egress": [{"hosts": ["./*", "istio-system/*", "{namespace}/*"]}]}),
        Call(HTTP),
    ),
    Situation(
        "rule-without-tls",
        "a DestinationRule of the callers' namespace that turns the mesh's TLS off",
        HOST_FLAGS,
        destination_rule("shop", SERVICE, {"mode": "DISABLE"}),
        "ShadowedRule",
        "Warning",
        Call(HTTP, answer=503, peer="", log={"details": "filter_chain_not_found"}, arrives=None),
        destination_rule("shop", SERVICE, {"mode": "ISTIO_MUTUAL", "sni": "{name}.good.test"}),
        Call(HTTP),
        editor_script="s/\\( *\\)mode: DISABLE/\\1mode: ISTIO_MUTUAL\\n\\1sni: {name}.good.test/",
    ),
    Situation(
        "entry-with-tls",
        "a ServiceEntry of the callers' namespace that opens another port of the host",
        HOST_FLAGS,
        service_entry("shop", [port(443, "TLS")], exportTo=["."]),
        "Bypass",
        "Warning",
        Call(HTTPS, peer=None),
        service_entry("shop", [port(8080, "HTTP")], exportTo=["."]),
        Call(HTTP),
        editor_script="s/{name}.good.test/another.good.test/",
    ),
    Situation(
        "private-route",
        "a VirtualService of the callers' namespace for the host",
        HOST_FLAGS,
        direct_response("{name}.good.test", exportTo=["."]),
        "IST0109",
        "Error",
        Call(HTTP, answer=299, peer=None, arrives=None),
        direct_response("*.other.test", exportTo=["."]),
        Call(HTTP),
        editor_script="s/{name}.good.test/another.good.test/",
    ),
    Situation(
        "entry-without-ports",
        "K02: a ServiceEntry of the callers' namespace replaces the gateway's, and has no port",
        PASSTHROUGH_FLAGS,
        service_entry("shop", [], exportTo=["."]),
        "DuplicateEntry",
        "Error",
        Call(HTTPS, answer=BLOCKED, peer=None, arrives=None),
        service_entry("plain", [], exportTo=["."]),
        Call(HTTPS),
        known_fault="check says nothing about it",
    ),
    Situation(
        "rule-with-tls",
        "K05: a DestinationRule of the gateway's namespace makes a passthrough gateway originate TLS",
        PASSTHROUGH_FLAGS,
        destination_rule("{namespace}", "*.good.test", {"mode": "SIMPLE"}),
        "ShadowedRule",
        "Error",
        Call(HTTPS, answer=BLOCKED, arrives=None, connects=True),
        destination_rule("plain", "*.good.test", {"mode": "SIMPLE"}),
        Call(HTTPS),
        known_fault="check says nothing about it",
    ),
    Situation(
        "older-tcp-entry",
        "K07: an older ServiceEntry with a TCP port leads callers past a passthrough gateway",
        PASSTHROUGH_FLAGS,
        service_entry("plain", [port(443, "TCP")], exportTo=["*"]),
        "Bypass",
        "Error",
        Call(HTTPS, peer=None),
        service_entry("plain", [port(8443, "TCP")], exportTo=["."]),
        Call(HTTPS),
        precedes_gateway=True,
        known_fault="check reports other findings, and not that callers pass the gateway by",
    ),
    Situation(
        "tcp-on-80",
        "K09: a ServiceEntry with port 80 as TCP takes the host's HTTP route away",
        HOST_FLAGS,
        service_entry("shop", [port(80, "TCP", targetPort=443)], exportTo=["."]),
        "Bypass",
        "Error",
        Call(HTTP, answer=502, peer=None, arrives=None),
        service_entry("shop", [port(80, "HTTP", targetPort=443)], exportTo=["."]),
        Call(HTTP),
        known_fault="check says that callers reach the host directly",
    ),
    Situation(
        "unknown-provider",
        "K10: an AuthorizationPolicy whose provider is not defined",
        HOST_FLAGS,
        authorization_policy("{namespace}", {"action": "CUSTOM", "provider": {"name": "nobody"}, "rules": [{}]}),
        "ForeignPolicy",
        "Error",
        Call(HTTP, answer=403, arrives=None),
        authorization_policy("{namespace}", {"action": "AUDIT", "rules": [{}]}),
        Call(HTTP),
        known_fault="check says that the provider decides, as a Warning",
    ),
]


class SituationRun(ScenarioRun):
    """One situation, with a gateway and a namespace of its own."""

    def __init__(self, situation, sandbox):
        super().__init__(Scenario(situation.name, situation.claim, situation.create, ()), sandbox)
        self.situation = situation

    def steps(self):
        situation = self.situation
        if situation.precedes_gateway:
            self.apply(situation.configuration)
        self.create()
        if not situation.precedes_gateway:
            self.wait_for_call("before", situation.restored)
            self.apply(situation.configuration)
        try:
            self.wait_for_call("the consequence", situation.consequence)
            fix = self.find_finding()["fix"]
            self.run_fix(fix)
            self.wait_for_call(f"after the fix ({fix})", situation.restored)
            if self.find_finding(required=False):
                raise Failure(f"the finding is still there after the fix ({fix})")
            self.apply(situation.near_miss)
            time.sleep(PUSH_DELAY)
            self.wait_for_call("the near miss", situation.restored)
            if found := self.find_finding(required=False):
                raise Failure(f"the near miss is a finding: {found}")
        finally:
            for text in (situation.configuration, situation.near_miss):
                kubectl("delete", "--ignore-not-found", "-f", "-", text=self.substitute(text), check=False)

    def call(self, call):
        """Like a scenario's call, but repeated after a leak: proxies may not have the change yet."""
        try:
            super().call(call)
        except Leak as leak:
            raise Failure(str(leak)) from leak

    def apply(self, text):
        kubectl("apply", "-f", "-", text=self.substitute(text))

    def wait_for_call(self, when, call):
        substituted = self.substitute_call(call)
        try:
            until(ROUTE_TIMEOUT, lambda: self.call(substituted))
        except Failure as failure:
            raise Failure(f"{when}: {failure}") from failure

    def find_finding(self, required=True):
        """The expected finding of `check` about the other object; without `required`, all findings about it."""
        result = egress("check", self.name, "-n", self.namespace, "-o", "json")
        items = json.loads(result.out)["items"]
        findings = [item for item in items if item["object"].get("name") == "other"]
        expected = [
            item
            for item in findings
            if item["code"] == self.situation.code and item["severity"] == self.situation.severity
        ]
        if required and not expected:
            raise Failure(
                f"check: expected {self.situation.severity} {self.situation.code} for the other object, got {findings}"
            )
        return expected[0] if required else findings

    def run_fix(self, fix):
        """Runs the printed fix, with `editor_script` as the editor."""
        with tempfile.TemporaryDirectory() as folder, open(f"{folder}/editor.sh", "w", encoding="utf-8") as editor:
            editor.write(f'exec sed -i {shlex.quote(self.substitute(self.situation.editor_script))} "$1"\n')
            editor.flush()
            environment = {**os.environ, "KUBE_EDITOR": f"sh {editor.name}", "EDITOR": f"sh {editor.name}"}
            completed = subprocess.run(
                ["bash", "-c", fix], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
            )
        if completed.returncode != 0:
            raise Failure(f"the fix failed ({fix}): {completed.stdout}{completed.stderr}")


def main():
    parser = argparse.ArgumentParser(description="Provokes findings of check.", allow_abbrev=False)
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--list", action="store_true", help="list the situations")
    arguments = parser.parse_args()
    selected = (
        [situation for situation in SITUATIONS if situation.name in arguments.names]
        if arguments.names
        else select_piece(SITUATIONS)
    )
    if arguments.list:
        for situation in selected:
            print(f"{situation.name:24} {situation.claim}")
        return 0
    sandbox = Sandbox()
    # One after the other: what they provoke concerns all callers of a namespace.
    lines = []
    for situation in selected:
        lines.append(run_entry(situation, SituationRun(situation, sandbox)))
        print(lines[-1], flush=True)
    return 1 if any(line.startswith("not ok") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
