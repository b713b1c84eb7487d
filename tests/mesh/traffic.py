#!/usr/bin/env python3
"""Proves on a mesh sandbox that no request is lost while a gateway is created, changed, disturbed and deleted:

    tests/sandbox/sandbox.sh run --mesh -- tests/mesh/traffic.py

Six callers send 20 requests a second each, on new and on kept connections, in HTTP/1.1, HTTP/2 and TCP, through the
gateways "http" and "tcp".
"""

import dataclasses
import json
import sys
import time

from caller import Caller
from cluster import Failure, Sandbox, egress, evict, kubectl, until
from piece import select_piece
from saboteur import sabotaged

NAMESPACE = "egress-traffic"
HOST = "http-traffic.good.test"
ADDRESS = "198.51.100.200"
BEFORE = 2  # seconds of traffic before the disturbance
AFTER = 3  # and after it
FINE = ("200", "ok")
KINDS = {
    "HTTP/1.1, new connections": ("--http", "1", f"http://{HOST}/"),
    "HTTP/1.1, kept connections": ("--http", "1", "--kept", f"http://{HOST}/"),
    "HTTP/2, new connections": ("--http", "2", f"http://{HOST}/"),
    "HTTP/2, kept connections": ("--http", "2", "--kept", f"http://{HOST}/"),
    "TCP, new connections": ("--tcp", f"{ADDRESS}:9000"),
    "TCP, kept connections": ("--tcp", f"{ADDRESS}:9000", "--kept"),
}
CREATE = {
    "http": ("--host", HOST, "--min-replicas", "2"),
    "tcp": (
        "--host",
        "tcp-traffic.good.test",
        "--protocol",
        "tcp",
        "--tls",
        "none",
        "--port",
        "9000",
        "--address",
        ADDRESS,
        "--min-replicas",
        "2",
    ),
}


class Traffic:
    """All callers, until `stop`."""

    def __init__(self):
        self.callers = {name: Caller(*arguments) for name, arguments in KINDS.items()}

    def stop(self):
        """Ends the callers, and returns the summary of each."""
        return {name: one.stop() for name, one in self.callers.items()}


def run(*words, text=""):
    ran = egress(*words, "-n", NAMESPACE, text=text)
    if ran.status != 0:
        raise Failure(f"{' '.join(words)}: {ran}")


def create():
    for name, arguments in CREATE.items():
        run("create", name, *arguments)
    # The autoscaler adds the second pod of each some seconds later.
    for name in CREATE:
        kubectl(
            "wait",
            "-n",
            NAMESPACE,
            f"deployment/{name}-egress",
            "--for=jsonpath={.status.readyReplicas}=2",
            "--timeout=60s",
        )


def file_form(name):
    ran = egress("inspect", name, "-n", NAMESPACE, "-o", "json")
    if ran.status != 0:
        raise Failure(f"inspect {name}: {ran}")
    form = json.loads(ran.out)
    form.pop("status", None)
    return form


def change(edit):
    """Applies a change of both gateways' file forms."""
    for name in CREATE:
        form = file_form(name)
        edit(form["spec"])
        run("apply", "-f", "-", text=json.dumps(form))


def roll_out():
    change(lambda spec: spec.setdefault("gateway", {}).update(annotations={"example.test/changed": str(time.time())}))


def pods():
    found = {}
    for name in CREATE:
        found[name] = [
            one["metadata"]["name"]
            for one in Sandbox().pods(NAMESPACE, name)
            if "deletionTimestamp" not in one["metadata"]
        ]
    return found


def all_ready():
    kubectl("rollout", "status", "deployment", "-n", NAMESPACE, "--timeout=90s")


def lose_pods():
    for found in pods().values():
        kubectl("delete", "pod", "-n", NAMESPACE, found[0], "--wait=false")
    all_ready()


def evict_pods():
    """Evicts all pods, as `kubectl drain` does; the PodDisruptionBudget delays each until the last one is replaced."""
    for found in pods().values():
        for pod in found:
            until(60, lambda: must_evict(pod))
    all_ready()


def must_evict(pod):
    ran = evict(NAMESPACE, pod)
    if ran.status != 0:
        raise Failure(f"eviction of {pod}: {ran}")


def restart_istiod():
    kubectl("rollout", "restart", "-n", "istio-system", "deployment/istiod")
    kubectl("rollout", "status", "-n", "istio-system", "deployment/istiod", "--timeout=90s")


def fail_to_apply():
    """Applies an image that does not exist, and then the old form."""
    form, broken = file_form("http"), file_form("http")
    broken["spec"].setdefault("gateway", {})["image"] = {"hub": "docker.io/istio", "tag": "missing"}
    ran = egress("apply", "-f", "-", "--timeout=5s", "-n", NAMESPACE, text=json.dumps(broken))
    if ran.status == 0:
        raise Failure("apply of an image that does not exist: exit code 0")
    run("apply", "-f", "-", text=json.dumps(form))
    all_ready()


def roll_back():
    """Applies a change whose Deployment is refused after other objects were changed."""
    refused = []

    def refuse_deployment(_, request):
        """Only once, because the rollback writes the Deployment, too."""
        if json.loads(request.body)["kind"] == "Deployment" and "dryRun" not in request.target and not refused:
            refused.append(request)
            request.target = request.target.replace("/deployments/", "/refused/")

    form = file_form("http")
    form["spec"].setdefault("gateway", {})["labels"] = {"example.test/rolled": "back"}
    form["spec"]["hosts"].append("second-traffic.good.test")
    with sabotaged(Sandbox(), refuse_deployment) as kubeconfig:
        ran = egress("apply", "-f", "-", "-n", NAMESPACE, text=json.dumps(form), kubeconfig=kubeconfig)
    if ran.status == 0:
        raise Failure(f"apply whose Deployment is refused: {ran}")
    if egress("diff", "http", "-n", NAMESPACE).status != 0:
        raise Failure(f"apply was not rolled back: {ran}")


def delete():
    for name in CREATE:
        run("delete", name)


@dataclasses.dataclass(frozen=True)
class Disturbance:
    name: str
    command: object
    # "stays": every request succeeds; "appears": they fail, and then all succeed; "vanishes": the reverse.
    course: str = "stays"
    fast: bool = False
    # How many requests on kept TCP connections may fail: a pod that ends closes its connections.
    kept_tcp: int = 0


DISTURBANCES = [
    Disturbance("create", create, "appears", fast=True),
    Disturbance("an apply that rolls the pods out", roll_out, fast=True, kept_tcp=2),
    Disturbance("the loss of a pod", lose_pods, kept_tcp=1),
    Disturbance("eviction of every pod", evict_pods, kept_tcp=2),
    Disturbance("a restart of istiod", restart_istiod),
    Disturbance("an apply whose pods never become ready", fail_to_apply),
    Disturbance("an apply that is rolled back", roll_back),
    Disturbance("delete", delete, "vanishes", fast=True),
]


def problem(disturbance, kind, summary, seconds):
    """Why the results are not as expected; empty if they are."""
    course = [one["result"] in FINE for one in summary["spans"]]
    lost = sum(one["count"] for one in summary["spans"] if one["result"] not in FINE)
    expected = {
        "stays": lost == 0 or (kind == "TCP, kept connections" and lost <= disturbance.kept_tcp),
        "appears": not course[0] and course[-1] and course == sorted(course),
        "vanishes": course[0] and not course[-1] and course == sorted(course, reverse=True),
    }[disturbance.course]
    enough = summary["sent"] >= 0.7 * 20 * seconds
    return "" if expected and enough else f"{summary} in {seconds:.0f} s"


def run_disturbance(disturbance):
    """A line for each kind of traffic."""
    traffic = Traffic()
    time.sleep(BEFORE)
    begin = time.monotonic()
    try:
        disturbance.command()
        failure = ""
    except Failure as error:
        failure = f"{error} "
    time.sleep(AFTER)
    seconds = time.monotonic() - begin
    for kind, summary in traffic.stop().items():
        found = failure + problem(disturbance, kind, summary, seconds)
        name = f"traffic through {disturbance.name}: {kind}"
        sent = f"({summary['sent']} requests, p99 {summary['p99']:.0f} ms)"
        yield f"not ok {name}: {found[:1500]}" if found else f"ok {name} {sent}"


def main():
    kubectl("create", "namespace", NAMESPACE)
    failed = False
    for one in select_piece(DISTURBANCES):
        for line in run_disturbance(one):
            print(line, flush=True)
            failed = failed or line.startswith("not ok")
    kubectl("delete", "namespace", NAMESPACE, "--wait=false", check=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
