"""Traffic is routed to a gateway only while one of its pods is ready: watched in every change that the server
stores, with pods that become ready late, or never.
"""

import dataclasses
import functools
import json
import signal
import threading
import time
import typing

from gateway import NAME
from history import History
from report import run_test
from sampling import SAMPLING
from testbed import Testbed
from tool import check_success
from verdict import find_outcome

WATCHED_PATHS = [
    "/apis/networking.istio.io/v1beta1/namespaces/NAMESPACE/virtualservices",
    "/apis/networking.istio.io/v1beta1/namespaces/NAMESPACE/serviceentries",
    "/apis/apps/v1/namespaces/NAMESPACE/deployments",
    "/api/v1/namespaces/NAMESPACE/pods",
]
ROUTING_PATHS = [
    *(
        f"/apis/networking.istio.io/v1beta1/namespaces/NAMESPACE/{plural}"
        for plural in ("virtualservices", "serviceentries", "gateways", "destinationrules")
    ),
    "/api/v1/namespaces/NAMESPACE/services",
]
KUBELET_LABEL = "sandbox.kubectl-egress/kubelet"
READY_DELAYS = [0.1, 0.4, 1, 2, 3]  # seconds after which pods may become ready
NEVER = None
IMAGE = {"tag": "1.30.4"}
NEXT_IMAGE = {"tag": "1.30.5"}
PLAINTEXT = {"plaintext": True, **IMAGE}  # of callers to the gateway: policies for them go, too
OTHER_PROTOCOL = {"HTTP": "HTTPS", "HTTPS": "HTTP"}
OLD_ISTIO = {"istio": "1.7.8"}  # without injection: another Deployment altogether
TIMEOUT = "4s"  # for pods that never do
PARALLEL_CASES = 8


@dataclasses.dataclass
class Case:
    ready_delay: typing.Optional[float]
    protocol: str = "HTTP"

    @property
    def location(self):
        when = "never ready" if self.ready_delay is NEVER else f"ready after {self.ready_delay} s"
        return f"{self.protocol}, pods {when}"


def is_ready(pod):
    conditions = pod.get("status", {}).get("conditions") or []
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]


def is_callers_route(key, protocol):
    """Whether an object is what sends callers to it. Those who make TLS themselves follow the entry, too."""
    plural, name = key
    kinds = ["virtualservices"] if protocol == "HTTP" else ["virtualservices", "serviceentries"]
    return name == f"{NAME}-egress" and plural in kinds


def find_outage(history, protocol):
    """The first moment in which traffic is routed to a gateway without a ready pod; and whether it ever was routed."""
    is_routed = False
    for moment, objects in history.replay():
        if not any(is_callers_route(key, protocol) for key in objects):
            continue
        is_routed = True
        if not any(key[0] == "pods" and is_ready(object_) for key, object_ in objects.items()):
            return f"traffic is routed to a gateway without a ready pod: after {moment}", is_routed
    return "", is_routed


class MakeBeforeBreak:
    def __init__(self, testbed, report):
        self.testbed = testbed
        self.report = report

    @staticmethod
    def cases():
        for protocol in ("HTTP", "HTTPS"):
            for ready_delay in [*READY_DELAYS[:: SAMPLING.step], NEVER]:
                yield Case(ready_delay, protocol)

    def create(self, case):
        """Creates, with the pods late; and, where that went well, deletes."""
        testbed, ns = self.testbed, self.testbed.acquire_namespace({KUBELET_LABEL: "stopped"})
        arguments = testbed.create_arguments(ns, protocol=case.protocol)
        if case.ready_delay is NEVER:
            arguments += ["--timeout", TIMEOUT]
        history, result = self.run_watched(ns, arguments, case.ready_delay)
        problem, is_routed = find_outage(history, case.protocol)
        if not problem and case.ready_delay is NEVER:
            problem = self.check_never_ready(result, is_routed)
        elif not problem and not (is_routed and result.status == 0):
            problem = "no traffic is routed to it in the end"
        self.report_case("create", case, ns, problem, result)
        if result.status == 0:
            history, result = self.run_watched(ns, testbed.delete_arguments(ns), 0)
            problem, _ = find_outage(history, case.protocol)
            self.report_case("delete", case, ns, problem or ("" if result.status == 0 else "it failed"), result)

    @staticmethod
    def check_never_ready(result, is_routed):
        if is_routed or result.status != 1:
            return "it did not give up on pods that are never ready"
        outcome, problem = find_outcome(result)
        if not problem and (outcome.stage, outcome.reason, outcome.result) != ("Wait", "PodsNotReady", "Incomplete"):
            problem = "it does not say that no pod is ready"
        return problem

    def prepare_gateway(self, case):
        """A namespace with a gateway of whose changes no new pod becomes ready, and what it is routed by."""
        ns = self.testbed.acquire_namespace()
        check_success(self.testbed.run_directly(self.testbed.create_arguments(ns, protocol=case.protocol)))
        self.set_kubelet(ns, "stopped")
        return ns, self.read_routing(ns)

    def apply_arguments(self, ns, case, settings):
        arguments = self.testbed.apply_arguments(ns, **{"changed": True, "protocol": case.protocol, **settings})
        return arguments + ["--timeout", TIMEOUT] if case.ready_delay is NEVER else arguments

    def find_disruption(self, ns, before, history, case):
        """The problem, if callers of an existing gateway should have noticed nothing."""
        problem, _ = find_outage(history, case.protocol)
        if not problem and self.read_routing(ns) != before:
            problem = "the routing of an existing gateway was changed before there were pods for it"
        return problem

    def change(self, case, settings, may_refuse=False, name="apply"):
        """Changes what its pods are made of, with the new ones late."""
        ns, before = self.prepare_gateway(case)
        history, result = self.run_watched(ns, self.apply_arguments(ns, case, settings), case.ready_delay)
        never = case.ready_delay is NEVER
        problem = self.find_disruption(ns, before, history, case) if never else find_outage(history, case.protocol)[0]
        is_refused_change = may_refuse and self.is_refused(result)
        if not problem and not is_refused_change and (result.status == 0) == never:
            problem = "it failed" if result.status else "it did not wait for a pod that is ready"
        self.report_case(name, case, ns, problem, result)

    @staticmethod
    def is_refused(result):
        """Whether it changed nothing, because the server would not."""
        if result.status != 1:
            return False
        outcome, problem = find_outcome(result)
        return not problem and (outcome.stage, outcome.result) == ("Preflight", "Unchanged")

    def change_repeatedly(self, case):
        """Who is as unlucky once more, and with another change, still has callers to spare."""
        ns, before = self.prepare_gateway(case)
        for settings in (IMAGE, IMAGE, NEXT_IMAGE, {"changed": False, **NEXT_IMAGE}):
            history, result = self.run_watched(ns, self.apply_arguments(ns, case, settings), NEVER)
            problem = self.find_disruption(ns, before, history, case) or self.check_never_ready(result, is_routed=False)
            self.report_case("apply that goes on", case, ns, problem, result)
        history, result = self.run_watched(ns, self.apply_arguments(ns, case, NEXT_IMAGE), 0)
        problem, is_routed = find_outage(history, case.protocol)
        if not problem and not (is_routed and result.status == 0 and self.read_routing(ns) != before):
            problem = "it is not finished in the end"
        self.report_case("apply that goes on", case, ns, problem, result)

    def interrupt(self, case):
        """Ctrl-C while it waits for its pods: all is as it was, for callers at every moment."""
        ns, before = self.prepare_gateway(case)
        arguments = self.apply_arguments(ns, case, IMAGE)
        with History(self.testbed.server, ns, WATCHED_PATHS) as history:
            process = self.testbed.tool.start(arguments, self.testbed.server.kubeconfig)
            problem = "" if self.wait_for_image(ns) else "it wrote no Deployment"
            process.send_signal(signal.SIGINT)
            result = self.testbed.tool.wait(process, arguments)
        problem = problem or self.find_disruption(ns, before, history, case)
        if not problem and result.status != 1:
            problem = "it was not interrupted"
        if not problem:
            outcome, problem = find_outcome(result)
        if not problem and (outcome.reason, outcome.result) != ("Interrupted", "RolledBack"):
            problem = "it does not say that all is as it was"
        self.report_case("apply that is interrupted", case, ns, problem, result)

    def wait_for_image(self, ns, timeout=15):
        """Whether the Deployment bears the new image in time."""
        path = f"/apis/apps/v1/namespaces/{ns}/deployments/{NAME}-egress"
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if IMAGE["tag"] in json.dumps(self.testbed.server.get(path)["spec"]["template"]):
                return True
            time.sleep(0.05)
        return False

    def read_routing(self, ns):
        """What callers are routed by."""
        items = [
            object_
            for path in ROUTING_PATHS
            for object_ in self.testbed.server.get(path.replace("NAMESPACE", ns))["items"]
        ]
        return {(object_["metadata"]["uid"], json.dumps(object_["spec"], sort_keys=True)) for object_ in items}

    def run_watched(self, ns, arguments, ready_delay):
        """Runs the tool; the pods of the namespace become ready only after a while."""
        timer = threading.Timer(ready_delay or 0, functools.partial(self.set_kubelet, ns, None))
        with History(self.testbed.server, ns, WATCHED_PATHS) as history:
            if ready_delay is not NEVER:
                timer.start()
            result = self.testbed.run_directly(arguments)
        return history, result

    def set_kubelet(self, ns, value):
        self.testbed.server.merge_patch(f"/api/v1/namespaces/{ns}", {"metadata": {"labels": {KUBELET_LABEL: value}}})

    def report_case(self, command, case, ns, problem, result):
        location = f"{case.location} in {ns}"
        self.report.add_point(f"make before break, {command}", location, f"{problem}\n{result}" if problem else "")


def main(report):
    testbed = Testbed()
    test = MakeBeforeBreak(testbed, report)
    cases = list(test.cases())
    testbed.run_parallel(test.create, cases, PARALLEL_CASES)
    testbed.run_parallel(lambda case: test.change(case, IMAGE), cases, PARALLEL_CASES)
    sample = [case for case in cases if case.ready_delay in (NEVER, READY_DELAYS[0])]
    testbed.run_parallel(lambda case: test.change(case, PLAINTEXT, name="apply of mesh.tls"), sample, PARALLEL_CASES)
    testbed.run_parallel(
        lambda case: test.change(case, {"protocol": OTHER_PROTOCOL[case.protocol], **IMAGE}, name="apply of protocol"),
        sample,
        PARALLEL_CASES,
    )
    never_ready = [case for case in cases if case.ready_delay is NEVER]
    testbed.run_parallel(test.change_repeatedly, never_ready, PARALLEL_CASES)
    testbed.run_parallel(test.interrupt, never_ready, PARALLEL_CASES)
    # What Kubernetes does not change in place may be refused, but not broken.
    return test.change(Case(READY_DELAYS[-1]), OLD_ISTIO, may_refuse=True)


if __name__ == "__main__":
    run_test("make before break", main)
