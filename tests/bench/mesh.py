#!/usr/bin/env python3
"""Measures on a mesh sandbox what an egress gateway costs, with the plugin that is first on PATH:

    tests/sandbox/sandbox.sh run --mesh -- tests/bench/mesh.py [ROUNDS]

First the paths of a request: through a gateway, with TLS originated by the caller's sidecar, as plain HTTP through the
sidecar, and from a pod without one, which shows the limit of the server. Each round measures all of them, one after the
other; the medians of the rounds are printed. Then istiod with the objects of 1, 10 and 100 gateways, of which at most
ten have pods: a small machine holds no more.
"""

import json
import pathlib
import re
import statistics
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "mesh"))

from cluster import Failure, Sandbox, egress, kubectl

NAMESPACE = "egress-bench"
LATENCY = ("-c", "1", "-n", "3000")
THROUGHPUT = ("-c", "16", "-n", "20000")
ENTRIES = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: sidecar-tls, namespace: shop}
spec:
  hosts: [sidecar.fast.test]
  exportTo: ["."]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: sidecar-tls, namespace: shop}
spec:
  host: sidecar.fast.test
  exportTo: ["."]
  trafficPolicy: {tls: {mode: SIMPLE, sni: sidecar.fast.test, subjectAltNames: [sidecar.fast.test]}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: plain, namespace: shop}
spec:
  hosts: [plain.fast.test]
  exportTo: ["."]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP}]
"""
# The namespace of the caller, and the URL.
PATHS = {
    "through the gateway": ("shop", "http://gateway.fast.test/"),
    "TLS by the sidecar": ("shop", "http://sidecar.fast.test/"),
    "plain HTTP by the sidecar": ("shop", "http://plain.fast.test/"),
    "without a sidecar": ("plain", "http://direct.fast.test/"),
}


class Containers:
    """What the proxies have used, by their cgroups."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.groups = [pathlib.Path(path) for path in (sandbox.directory / "cgroups").read_text().split()]

    def group(self, pod, container, controller):
        """The directory of a container's group."""
        statuses = pod["status"]["containerStatuses"] + pod["status"].get("initContainerStatuses", [])
        name = next(status["containerID"].partition("://")[2] for status in statuses if status["name"] == container)
        for group in self.groups:
            if len(self.groups) == 1 or controller in group.parts[4].split(","):
                found = next(group.glob(f"kubepods/**/{name}"), None)
                if found:
                    return found
        raise Failure(f"no cgroup of {container} in {pod['metadata']['name']}")

    def cpu_seconds(self, pod, container="istio-proxy"):
        group = self.group(pod, container, "cpuacct")
        if (group / "cpuacct.usage").exists():
            return int((group / "cpuacct.usage").read_text()) / 1e9
        return int(re.search(r"usage_usec (\d+)", (group / "cpu.stat").read_text())[1]) / 1e6

    def memory_mib(self, pod, container="istio-proxy"):
        """Memory that is not the page cache's."""
        text = (self.group(pod, container, "memory") / "memory.stat").read_text()
        return int(re.search(r"^(?:total_rss|anon) (\d+)", text, re.MULTILINE)[1]) / 2**20


def run_h2load(namespace, url, h2load_flags):
    """The times of all requests in milliseconds, and requests a second."""
    arguments = [
        "exec",
        "-n",
        namespace,
        "web",
        "-c",
        "app",
        "--",
        "h2load",
        "--h1",
        *h2load_flags,
        "--log-file=/dev/stdout",
        url,
    ]
    out = kubectl(*arguments).out
    times = [(line.split("\t")[1], int(line.split("\t")[2])) for line in out.splitlines() if line.count("\t") == 2]
    failed = [status for status, _ in times if status != "200"]
    if failed or not times:
        raise Failure(f"{url}: {len(failed)} of {len(times)} requests failed: {failed[:3]}")
    rate = float(re.search(r"([\d.]+) req/s", out)[1])
    return sorted(microseconds / 1000 for _, microseconds in times), rate


def measure_path(sandbox, containers, path):
    namespace, url = PATHS[path]
    times, _ = run_h2load(namespace, url, LATENCY)
    pods = sandbox.pods(NAMESPACE, "gateway") if path == "through the gateway" else []
    if namespace == "shop":
        pods += sandbox.list("/api/v1/namespaces/shop/pods")
    before = sum(containers.cpu_seconds(pod) for pod in pods)
    _, rate = run_h2load(namespace, url, THROUGHPUT)
    used = sum(containers.cpu_seconds(pod) for pod in pods) - before
    return {
        "p50 ms": times[len(times) // 2],
        "p99 ms": times[len(times) * 99 // 100],
        "requests/s": rate,
        "CPU µs a request": used * 1e6 / int(THROUGHPUT[3]),
    }


def measure_paths(sandbox, containers, rounds):
    kubectl("create", "namespace", NAMESPACE)
    kubectl("apply", "-f", "-", text=ENTRIES)
    result = egress("create", "gateway", "--host", "gateway.fast.test", "-n", NAMESPACE)
    if result.status != 0:
        raise Failure(f"create: {result}")
    time.sleep(3)
    measurements = {path: [] for path in PATHS}
    for _ in range(rounds):
        for path in PATHS:
            measurements[path].append(measure_path(sandbox, containers, path))
    print(f"| path | {' | '.join(measurements['through the gateway'][0])} |")
    print("|---|---:|---:|---:|---:|")
    for path, results in measurements.items():
        medians = [statistics.median(round_[name] for round_ in results) for name in results[0]]
        print(f"| {path} | {medians[0]:.2f} | {medians[1]:.2f} | {medians[2]:.0f} | {medians[3]:.0f} |")
    pod = sandbox.pods(NAMESPACE, "gateway")[0]
    print(f"\nmemory of the gateway's proxy: {containers.memory_mib(pod):.0f} MiB")


def gateway_manifests(numbers):
    """File forms; those behind the first ten get no pods, because no node has the label."""
    documents = []
    for number in numbers:
        gateway = {"replicas": {"min": 1, "max": 1}, **({"nodeSelector": {"no": "node"}} if number > 10 else {})}
        spec = {"hosts": [f"host-{number}.good.test"], "gateway": gateway}
        metadata = {"name": f"gateway-{number}", "namespace": NAMESPACE}
        documents.append(
            {"apiVersion": "kubectl-egress/v1alpha1", "kind": "EgressGateway", "metadata": metadata, "spec": spec}
        )
    return "\n---\n".join(json.dumps(document) for document in documents)


def convergence(sandbox):
    """The sum of seconds between changes and their arrival in a proxy, and how many."""
    metrics = sandbox.istiod_metrics()
    return [metrics[f"pilot_proxy_convergence_time_{suffix}"] for suffix in ("sum", "count")]


def measure_control_plane(sandbox, containers):
    print("\n| gateways | seconds until a change is in all proxies, mean | istiod MiB |\n|---:|---:|---:|")
    last = 1  # the gateway that was measured
    for count in (1, 10, 100):
        if count > last:
            result = egress("apply", "-f", "-", "--wait=false", text=gateway_manifests(range(last + 1, count + 1)))
            if result.status != 0:
                raise Failure(f"apply: {result}")
        last = count
        time.sleep(30)
        pod = sandbox.list("/api/v1/namespaces/istio-system/pods", labelSelector="app=istiod")[0]
        before = convergence(sandbox)
        for change in range(5):
            kubectl("annotate", "serviceentry", "-n", NAMESPACE, "gateway-egress", f"change={change}", "--overwrite")
            kubectl(
                "patch",
                "serviceentry",
                "plain",
                "-n",
                "shop",
                "--type=merge",
                f'-p={{"spec": {{"hosts": ["plain-{change}.fast.test"]}}}}',
            )
            time.sleep(2)
        after = convergence(sandbox)
        mean = (after[0] - before[0]) / (after[1] - before[1])
        print(f"| {count} | {mean:.3f} | {containers.memory_mib(pod, 'discovery'):.0f} |", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sandbox = Sandbox()
    containers = Containers(sandbox)
    measure_paths(sandbox, containers, rounds)
    measure_control_plane(sandbox, containers)


if __name__ == "__main__":
    main()
