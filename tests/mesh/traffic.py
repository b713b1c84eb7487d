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
from tampering_proxy import start_tampering_proxy

NAMESPACE = "egress-traffic"
HOST = "http-traffic.good.test"
ADDRESS = "198.51.100.200"
SECONDS_BEFORE = 2  # seconds of traffic before the disturbance
SECONDS_AFTER = 3  # and after it
SUCCESS_RESULTS = ("200", "ok")
TRAFFIC_KINDS = {
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
        self.callers = {name: Caller(*arguments) for name, arguments in TRAFFIC_KINDS.items()}

    def stop(self):
        """Ends the callers, and returns the summary of each."""
        return {name: caller.stop() for name, caller in self.callers.items()}


def run(*arguments, text=""):
    result = egress(*arguments, "-n", NAMESPACE, text=text)
    if result.status != 0:
        raise Failure(f"{' '.join(arguments)}: {result}")


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


def read_manifest(name):
    result = egress("inspect", name, "-n", NAMESPACE, "-o", "json")
    if result.status != 0:
        raise Failure(f"inspect {name}: {result}")
    manifest = json.loads(result.out)
    manifest.pop("status", None)
    return manifest


def change(edit):
    """Applies a change of both gateways' file forms."""
    for name in CREATE:
        manifest = read_manifest(name)
        edit(manifest["spec"])
        run("apply", "-f", "-", text=json.dumps(manifest))


def roll_out_pods():
    change(lambda spec: spec.setdefault("gateway", {}).update(annotations={"example.test/changed": str(time.time())}))


def pod_names():
    names = {}
    for name in CREATE:
        names[name] = [
            pod["metadata"]["name"]
            for pod in Sandbox().pods(NAMESPACE, name)
            if "deletionTimestamp" not in pod["metadata"]
        ]
    return names


def wait_for_rollout():
    kubectl("rollout", "status", "deployment", "-n", NAMESPACE, "--timeout=90s")


def delete_pods():
    for names in pod_names().values():
        kubectl("delete", "pod", "-n", NAMESPACE, names[0], "--wait=false")
    wait_for_rollout()


def evict_pods():
    """Evicts all pods, as `kubectl drain` does; the PodDisruptionBudget delays each until the last one is replaced."""
    for names in pod_names().values():
        for pod in names:
            until(60, lambda: must_evict(pod))
    wait_for_rollout()


def must_evict(pod):
    result = evict(NAMESPACE, pod)
    if result.status != 0:
        raise Failure(f"eviction of {pod}: {result}")


def restart_istiod():
    kubectl("rollout", "restart", "-n", "istio-system", "deployment/istiod")
    kubectl("rollout", "status", "-n", "istio-system", "deployment/istiod", "--timeout=90s")


def apply_missing_image():
    """Applies an image that does not exist, and then the old form."""
    manifest, broken = read_manifest("http"), read_manifest("http")
    broken["spec"].setdefault("gateway", {})["image"] = {"hub": "docker.io/istio", "tag": "missing"}
    result = egress("apply", "-f", "-", "--timeout=5s", "-n", NAMESPACE, text=json.dumps(broken))
    if result.status == 0:
        raise Failure("apply of an image that does not exist: exit code 0")
    run("apply", "-f", "-", text=json.dumps(manifest))
    wait_for_rollout()


def apply_and_roll_back():
    """Applies a change whose Deployment is refused after other objects were changed."""
    refused = []

    def refuse_deployment(_, request):
        """Only once, because the rollback writes the Deployment, too."""
        if json.loads(request.body)["kind"] == "Deployment" and "dryRun" not in request.target and not refused:
            refused.append(request)
            request.target = request.target.replace("/deployments/", "/refused/")

    manifest = read_manifest("http")
    manifest["spec"].setdefault("gateway", {})["labels"] = {"example.test/rolled": "back"}
    manifest["spec"]["hosts"].append("second-traffic.good.test")
    with start_tampering_proxy(Sandbox(), refuse_deployment) as kubeconfig:
        result = egress("apply", "-f", "-", "-n", NAMESPACE, text=json.dumps(manifest), kubeconfig=kubeconfig)
    if result.status == 0:
        raise Failure(f"apply whose Deployment is refused: {result}")
    if egress("diff", "http", "-n", NAMESPACE).status != 0:
        raise Failure(f"apply was not rolled back: {result}")


def delete():
    for name in CREATE:
        run("delete", name)


@dataclasses.dataclass(frozen=True)
class Disturbance:
    name: str
    command: object
    # "stays": every request succeeds; "appears": they fail, and then all succeed; "vanishes": the reverse.
    expected_course: str = "stays"
    fast: bool = False
    # How many requests on kept TCP connections may fail: a pod that ends closes its connections.
    kept_tcp: int = 0


DISTURBANCES = [
    Disturbance("create", create, "appears", fast=True),
    Disturbance("an apply that rolls the pods out", roll_out_pods, fast=True, kept_tcp=2),
    Disturbance("the loss of a pod", delete_pods, kept_tcp=1),
    Disturbance("eviction of every pod", evict_pods, kept_tcp=2),
    Disturbance("a restart of istiod", restart_istiod),
    Disturbance("an apply whose pods never become ready", apply_missing_image),
    Disturbance("an apply that is rolled back", apply_and_roll_back),
    Disturbance("delete", delete, "vanishes", fast=True),
]


def find_problem(disturbance, kind, summary, seconds):
    """Why the results are not as expected; empty if they are."""
    course = [span["result"] in SUCCESS_RESULTS for span in summary["spans"]]
    lost = sum(span["count"] for span in summary["spans"] if span["result"] not in SUCCESS_RESULTS)
    expected = {
        "stays": lost == 0 or (kind == "TCP, kept connections" and lost <= disturbance.kept_tcp),
        "appears": not course[0] and course[-1] and course == sorted(course),
        "vanishes": course[0] and not course[-1] and course == sorted(course, reverse=True),
    }[disturbance.expected_course]
    enough = summary["sent"] >= 0.7 * 20 * seconds
    return "" if expected and enough else f"{summary} in {seconds:.0f} s"


def run_disturbance(disturbance):
    """A line for each kind of traffic."""
    traffic = Traffic()
    time.sleep(SECONDS_BEFORE)
    start_time = time.monotonic()
    try:
        disturbance.command()
        failure = ""
    except Failure as error:
        failure = f"{error} "
    time.sleep(SECONDS_AFTER)
    seconds = time.monotonic() - start_time
    for kind, summary in traffic.stop().items():
        problem = failure + find_problem(disturbance, kind, summary, seconds)
        name = f"traffic through {disturbance.name}: {kind}"
        sent = f"({summary['sent']} requests, p99 {summary['p99']:.0f} ms)"
        yield f"not ok {name}: {problem[:1500]}" if problem else f"ok {name} {sent}"


def main():
    kubectl("create", "namespace", NAMESPACE)
    failed = False
    for disturbance in select_piece(DISTURBANCES):
        for line in run_disturbance(disturbance):
            print(line, flush=True)
            failed = failed or line.startswith("not ok")
    kubectl("delete", "namespace", NAMESPACE, "--wait=false", check=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
