"""Callers are sent to a gateway only while one of its pods is ready: watched in every change that the server
stores, with pods that become ready late, or never.
"""

import dataclasses
import functools
import json
import signal
import threading
import time
import typing

from bench import Bench
from changes import Changes
from gateway import NAME
from report import prove
from sampling import SAMPLING
from tool import must
from verdict import outcome_of

WATCHED = [
    "/apis/networking.istio.io/v1beta1/namespaces/NAMESPACE/virtualservices",
    "/apis/networking.istio.io/v1beta1/namespaces/NAMESPACE/serviceentries",
    "/apis/apps/v1/namespaces/NAMESPACE/deployments",
    "/api/v1/namespaces/NAMESPACE/pods",
]
ROUTING = [
    *(f"/apis/networking.istio.io/v1beta1/namespaces/NAMESPACE/{plural}"
      for plural in ("virtualservices", "serviceentries", "gateways", "destinationrules")),
    "/api/v1/namespaces/NAMESPACE/services",
]
KUBELET = "sandbox.kubectl-egress/kubelet"
LATE = [0.1, 0.4, 1, 2, 3]  # seconds after which pods may become ready
NEVER = None
IMAGE = {"tag": "1.30.4"}
NEXT_IMAGE = {"tag": "1.30.5"}
PLAINTEXT = {"plaintext": True, **IMAGE}  # of callers to the gateway: policies for them go, too
OTHER = {"HTTP": "HTTPS", "HTTPS": "HTTP"}
PROFILE = {"istio": "1.7.8"}  # without injection: another Deployment altogether
LONGEST_WAIT = "4s"  # for pods that never do
AT_ONCE = 8


@dataclasses.dataclass
class Scene:
    late: typing.Optional[float]
    protocol: str = "HTTP"

    @property
    def where(self):
        when = "never ready" if self.late is NEVER else f"ready after {self.late} s"
        return f"{self.protocol}, pods {when}"


def is_ready(pod):
    conditions = pod.get("status", {}).get("conditions") or []
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]


def sends_callers(key, protocol):
    """Whether an object is what sends callers to it. Those who make TLS themselves follow the entry, too."""
    plural, name = key
    kinds = ["virtualservices"] if protocol == "HTTP" else ["virtualservices", "serviceentries"]
    return name == f"{NAME}-egress" and plural in kinds


def broken(changes, protocol):
    """The first moment in which callers are sent where no pod is ready; and whether they ever were sent."""
    sent = False
    for moment, standing in changes.moments():
        if not any(sends_callers(key, protocol) for key in standing):
            continue
        sent = True
        if not any(key[0] == "pods" and is_ready(one) for key, one in standing.items()):
            return f"callers are sent to a gateway of which no pod is ready: after {moment}", sent
    return "", sent


class MakeBeforeBreak:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report

    @staticmethod
    def scenes():
        for protocol in ("HTTP", "HTTPS"):
            for late in [*LATE[:: SAMPLING.step], NEVER]:
                yield Scene(late, protocol)

    def create(self, scene):
        """Creates, with the pods late; and, where that went well, deletes."""
        bench, ns = self.bench, self.bench.namespace({KUBELET: "stopped"})
        words = bench.create(ns, protocol=scene.protocol)
        if scene.late is NEVER:
            words += ["--timeout", LONGEST_WAIT]
        changes, ran = self.watched(ns, words, scene.late)
        wrong, sent = broken(changes, scene.protocol)
        if not wrong and scene.late is NEVER:
            wrong = self.of_never(ran, sent)
        elif not wrong and not (sent and ran.status == 0):
            wrong = "no callers are sent to it in the end"
        self.say("create", scene, ns, wrong, ran)
        if ran.status == 0:
            changes, ran = self.watched(ns, bench.delete(ns), 0)
            wrong, _ = broken(changes, scene.protocol)
            self.say("delete", scene, ns, wrong or ("" if ran.status == 0 else "it failed"), ran)

    @staticmethod
    def of_never(ran, sent):
        if sent or ran.status != 1:
            return "it did not give up on pods that are never ready"
        outcome, wrong = outcome_of(ran)
        if not wrong and (outcome.stage, outcome.reason, outcome.result) != ("Wait", "PodsNotReady", "Incomplete"):
            wrong = "it does not say that no pod is ready"
        return wrong

    def standing(self, scene):
        """A namespace with a gateway of whose changes no new pod becomes ready, and what it is routed by."""
        ns = self.bench.namespace()
        must(self.bench.plainly(self.bench.create(ns, protocol=scene.protocol)))
        self.set_kubelet(ns, "stopped")
        return ns, self.routing(ns)

    def applying(self, ns, scene, settings):
        words = self.bench.apply(ns, **{"changed": True, "protocol": scene.protocol, **settings})
        return words + ["--timeout", LONGEST_WAIT] if scene.late is NEVER else words

    def unmoved(self, ns, before, changes, scene):
        """What is wrong where callers of a gateway that stands should have noticed nothing."""
        wrong, _ = broken(changes, scene.protocol)
        if not wrong and self.routing(ns) != before:
            wrong = "the routing of a gateway that stands was changed before there were pods for it"
        return wrong

    def change(self, scene, settings, may_refuse=False, name="apply"):
        """Changes what its pods are made of, with the new ones late."""
        ns, before = self.standing(scene)
        changes, ran = self.watched(ns, self.applying(ns, scene, settings), scene.late)
        never = scene.late is NEVER
        wrong = self.unmoved(ns, before, changes, scene) if never else broken(changes, scene.protocol)[0]
        refused = may_refuse and self.is_refused(ran)
        if not wrong and not refused and (ran.status == 0) == never:
            wrong = "it failed" if ran.status else "it did not wait for a pod that is ready"
        self.say(name, scene, ns, wrong, ran)

    @staticmethod
    def is_refused(ran):
        """Whether it changed nothing, because the server would not."""
        if ran.status != 1:
            return False
        outcome, wrong = outcome_of(ran)
        return not wrong and (outcome.stage, outcome.result) == ("Preflight", "Unchanged")

    def change_again(self, scene):
        """Who is as unlucky once more, and with another change, still has callers to spare."""
        ns, before = self.standing(scene)
        for settings in (IMAGE, IMAGE, NEXT_IMAGE, {"changed": False, **NEXT_IMAGE}):
            changes, ran = self.watched(ns, self.applying(ns, scene, settings), NEVER)
            wrong = self.unmoved(ns, before, changes, scene) or self.of_never(ran, sent=False)
            self.say("apply that goes on", scene, ns, wrong, ran)
        changes, ran = self.watched(ns, self.applying(ns, scene, NEXT_IMAGE), 0)
        wrong, sent = broken(changes, scene.protocol)
        if not wrong and not (sent and ran.status == 0 and self.routing(ns) != before):
            wrong = "it is not finished in the end"
        self.say("apply that goes on", scene, ns, wrong, ran)

    def interrupt(self, scene):
        """Ctrl-C while it waits for its pods: all is as it was, for callers at every moment."""
        ns, before = self.standing(scene)
        words = self.applying(ns, scene, IMAGE)
        with Changes(self.bench.server, ns, WATCHED) as changes:
            process = self.bench.tool.start(words, self.bench.server.kubeconfig)
            wrong = "" if self.await_image(ns) else "it wrote no Deployment"
            process.send_signal(signal.SIGINT)
            ran = self.bench.tool.finish(process, words)
        wrong = wrong or self.unmoved(ns, before, changes, scene)
        if not wrong and ran.status != 1:
            wrong = "it was not interrupted"
        if not wrong:
            outcome, wrong = outcome_of(ran)
        if not wrong and (outcome.reason, outcome.result) != ("Interrupted", "RolledBack"):
            wrong = "it does not say that all is as it was"
        self.say("apply that is interrupted", scene, ns, wrong, ran)

    def await_image(self, ns, longest=15):
        """Whether the Deployment bears the new image in time."""
        path = f"/apis/apps/v1/namespaces/{ns}/deployments/{NAME}-egress"
        deadline = time.monotonic() + longest
        while time.monotonic() < deadline:
            if IMAGE["tag"] in json.dumps(self.bench.server.get(path)["spec"]["template"]):
                return True
            time.sleep(0.05)
        return False

    def routing(self, ns):
        """What callers are routed by."""
        items = [one for path in ROUTING for one in self.bench.server.get(path.replace("NAMESPACE", ns))["items"]]
        return {(one["metadata"]["uid"], json.dumps(one["spec"], sort_keys=True)) for one in items}

    def watched(self, ns, words, late):
        """Runs the tool; the pods of the namespace become ready only after a while."""
        timer = threading.Timer(late or 0, functools.partial(self.set_kubelet, ns, None))
        with Changes(self.bench.server, ns, WATCHED) as changes:
            if late is not NEVER:
                timer.start()
            ran = self.bench.plainly(words)
        return changes, ran

    def set_kubelet(self, ns, word):
        self.bench.server.merge(f"/api/v1/namespaces/{ns}", {"metadata": {"labels": {KUBELET: word}}})

    def say(self, command, scene, ns, wrong, ran):
        where = f"{scene.where} in {ns}"
        self.report.point(f"make before break, {command}", where, f"{wrong}\n{ran}" if wrong else "")


def main(report):
    bench = Bench()
    proof = MakeBeforeBreak(bench, report)
    scenes = list(proof.scenes())
    bench.each(proof.create, scenes, AT_ONCE)
    bench.each(lambda scene: proof.change(scene, IMAGE), scenes, AT_ONCE)
    some = [one for one in scenes if one.late in (NEVER, LATE[0])]
    bench.each(lambda one: proof.change(one, PLAINTEXT, name="apply of mesh.tls"), some, AT_ONCE)
    bench.each(
        lambda one: proof.change(one, {"protocol": OTHER[one.protocol], **IMAGE}, name="apply of protocol"),
        some,
        AT_ONCE,
    )
    unlucky = [one for one in scenes if one.late is NEVER]
    bench.each(proof.change_again, unlucky, AT_ONCE)
    bench.each(proof.interrupt, unlucky, AT_ONCE)
    # What Kubernetes does not change in place may be refused, but not broken.
    return proof.change(Scene(LATE[-1]), PROFILE, may_refuse=True)


if __name__ == "__main__":
    prove("make before break", main)
