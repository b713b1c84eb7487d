"""Somebody makes an object of the name at the very moment at which the tool is about to write it, after all was
checked: it stays his, and the rest is as it was.
"""

import json

from command import commands
from exchange import Exchange
from fault import Fault
from report import run_test
from sampling import SAMPLING
from state import normalize_text
from testbed import Testbed
from verdict import CREATED_BY_KUBERNETES, find_outcome

FIELD_MANAGER = "kubectl-egress"


class ForeignClient:
    """Creates another object from the one in the request, in place of an existing one."""

    def __init__(self, server):
        self.server = server
        self.path = None  # of what he made
        self.uid = None

    @property
    def fault(self):
        return Fault("foreign object", True, Exchange.forward_response, before_forward=self.create_object)

    def create_object(self, exchange):
        request = exchange.request
        if not (request.is_apply and request.is_write):
            return
        body = json.loads(request.body)
        names = {key: body["metadata"][key] for key in ("name", "namespace")}
        body["metadata"] = {**names, "labels": {"made-by": "somebody"}}
        self.server.send("DELETE", request.path, {"propagationPolicy": "Background"})
        status, created = self.server.send("POST", request.path.rsplit("/", 1)[0], body)
        if status != 201:
            raise OSError(f"POST {request.path}: {status} {created.get('message')}")
        self.path, self.uid = request.path, created["metadata"]["uid"]

    def find_problem(self):
        status, live = self.server.send("GET", self.path)
        if status != 200 or live["metadata"]["uid"] != self.uid:
            return "what somebody made is gone"
        managers = [entry["manager"] for entry in live["metadata"]["managedFields"]]
        labels = live["metadata"]["labels"]
        return "" if FIELD_MANAGER not in managers and len(labels) == 1 else "what somebody made was written to"

    def object_key(self, ns):
        return normalize_text("/".join(self.path.split("/")[-2:]), ns)


class ForeignObjects:
    def __init__(self, testbed, report):
        self.testbed = testbed
        self.report = report

    def sweep(self, command):
        requests = self.testbed.run(command.arguments(command.acquire_namespace())).requests
        points = [request.number for request in requests if request.is_apply and request.is_write][:: SAMPLING.step]
        attempts = [
            attempt
            for attempt in self.testbed.run_parallel(
                lambda request_number: self.run_point(command, request_number), points
            )
            if attempt[1].path
        ]
        snapshot = self.testbed.take_snapshot()
        for ns, foreign_client, run in attempts:
            problem = foreign_client.find_problem() or self.find_outcome_problem(
                command, foreign_client, run, snapshot.state(ns), ns
            )
            problem = problem or self.check_phase(command, snapshot.phase(ns))
            location = f"{run.faulted_request} in {ns}"
            self.report.add_point(
                f"foreign objects, {command.name}", location, f"{problem}\n{run.result}" if problem else ""
            )

    def run_point(self, command, request_number):
        ns, foreign_client = command.acquire_namespace(), ForeignClient(self.testbed.server)
        return ns, foreign_client, self.testbed.run(command.arguments(ns), foreign_client.fault, request_number)

    @staticmethod
    def find_outcome_problem(command, foreign_client, run, current, ns):
        if run.result.status != 1:
            return "it did not fail"
        outcome, problem = find_outcome(run.result)
        if problem:
            return problem
        if outcome.result != "RolledBack":
            return f"it says {outcome.result}"
        name = foreign_client.path.rsplit("/", 1)[1]
        if not any(cause["reason"] == "NotOwned" and name in cause["message"] for cause in outcome.json["causes"]):
            return "it does not say whose it is"
        foreign_key = foreign_client.object_key(ns)
        others = {
            key: object_ for key, object_ in current.objects.items() if key not in {foreign_key, *CREATED_BY_KUBERNETES}
        }
        before = {
            key: object_
            for key, object_ in command.before.objects.items()
            if key not in {foreign_key, *CREATED_BY_KUBERNETES}
        }
        differing = sorted(key for key in others.keys() | before.keys() if others.get(key) != before.get(key))
        return f"the rest is not as it was: {', '.join(differing)}" if differing else ""

    @staticmethod
    def check_phase(command, phase):
        expected = "" if command.before.is_empty else "Degraded"
        return "" if phase == expected else f"list says {phase!r} instead of {expected!r}"


def main(report):
    testbed = Testbed()
    test = ForeignObjects(testbed, report)
    for command in commands(testbed):
        if command.name != "delete":
            test.sweep(command)


if __name__ == "__main__":
    run_test("foreign objects", main)
