"""The mesh sandbox that the scenarios run in."""

import dataclasses
import http.client
import json
import os
import pathlib
import ssl
import subprocess
import time
import urllib.parse

COMMAND_TIMEOUT = 180  # seconds


class Failure(Exception):
    """Something differs from what the scenario expects."""


class Leak(Failure):
    """Something arrived that must never arrive, so trying again would hide it."""


@dataclasses.dataclass
class CommandResult:
    status: int
    out: str
    err: str

    def __str__(self):
        return f"exit code {self.status}\n{self.out}{self.err}"


def run(command, text="", timeout=COMMAND_TIMEOUT):
    try:
        completed = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{' '.join(command)}: no end after {timeout} s") from error
    return CommandResult(completed.returncode, completed.stdout, completed.stderr)


def kubectl(*arguments, text="", check=True):
    result = run(["kubectl", *arguments], text)
    if check and result.status != 0:
        raise Failure(f"kubectl {' '.join(arguments)}: {result}")
    return result


def evict(namespace, pod):
    """Tries to evict a pod, as `kubectl drain` does."""
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": namespace}}
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}/eviction"
    return kubectl("create", "--raw", path, "-f", "-", text=json.dumps(body), check=False)


def egress(*arguments, text="", kubeconfig=""):
    flags = ["--kubeconfig", kubeconfig] if kubeconfig else []
    return run(["kubectl-egress", *arguments, *flags], text)


class Sandbox:
    """The sandbox's API server, for requests that need no kubectl, and the events of the external hosts."""

    def __init__(self):
        self.directory = pathlib.Path(os.environ["EGRESS_SANDBOX_DIR"])
        self.tls = ssl.create_default_context(cafile=self.directory / "ca.crt")
        self.tls.load_cert_chain(self.directory / "admin.crt", self.directory / "admin.key")
        self.port = int((self.directory / "port").read_text())

    def get(self, path, **query):
        """The body of an answer; None if there is no such object. Raises Failure for other errors."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=30)
        connection.request("GET", f"{path}?{urllib.parse.urlencode(query)}")
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        connection.close()
        if response.status not in (200, 404):
            raise Failure(f"GET {path}: {response.status} {body[:300]}")
        return body if response.status == 200 else None

    def list(self, path, **query):
        return json.loads(self.get(path, **query) or '{"items": []}')["items"]

    def service_address(self, namespace, name):
        return json.loads(self.get(f"/api/v1/namespaces/{namespace}/services/{name}"))["spec"]["clusterIP"]

    def pods(self, namespace, gateway):
        """The pods of a gateway."""
        labels = f"kubectl-egress/gateway={gateway}.{namespace}"
        return self.list(f"/api/v1/namespaces/{namespace}/pods", labelSelector=labels)

    def access_log(self, namespace, gateway):
        """The requests that all pods of a gateway have logged."""
        lines = []
        for pod in self.pods(namespace, gateway):
            if not has_started(pod):
                continue
            path = f"/api/v1/namespaces/{namespace}/pods/{pod['metadata']['name']}/log"
            lines += parse_lines(self.get(path, container="istio-proxy") or "")
        return lines

    def outside_events(self, since=0):
        """The events at the external hosts since a time, in seconds."""
        events = parse_lines((self.directory / "outside.jsonl").read_text())
        return [event for event in events if event["time"] >= since]

    def istiod_metrics(self):
        """istiod's metrics by name and labels, summed over all revisions."""
        metrics = {}
        for pod in self.list("/api/v1/namespaces/istio-system/pods", labelSelector="app=istiod"):
            text = self.get(f"/api/v1/namespaces/istio-system/pods/{pod['metadata']['name']}:15014/proxy/metrics") or ""
            for line in text.splitlines():
                name, _, value = line.rpartition(" ")
                if name and not line.startswith("#"):
                    metrics[name] = metrics.get(name, 0) + float(value)
        return metrics

    def rejected_configurations(self):
        """How many configurations proxies have rejected, by metric; those that are 0 are left out."""
        metrics = self.istiod_metrics()
        if "pilot_xds_pushes" not in " ".join(metrics):
            raise Failure(f"istiod's metrics have no pushes: {sorted(metrics)[:20]}")
        return {name: value for name, value in metrics.items() if "reject" in name and value}


def has_started(pod):
    """Whether the proxy of a pod has ever run, and so has a log."""
    statuses = pod["status"].get("containerStatuses", [])
    return any(
        container["name"] == "istio-proxy" and ("waiting" not in container["state"] or container["lastState"])
        for container in statuses
    )


def parse_lines(text):
    """The lines that are JSON objects. The agent in the container logs plain text as well."""
    objects = []
    for line in text.splitlines():
        if line.startswith("{"):
            try:
                objects.append(json.loads(line))
            except ValueError:  # the last line may be half written
                pass
    return objects


def until(seconds, attempt):
    """Repeats `attempt` while it raises Failure; after so many seconds, raises the last one. A Leak ends it at once."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except Leak:
            raise
        except Failure:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)
