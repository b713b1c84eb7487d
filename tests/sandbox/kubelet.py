#!/usr/bin/env python3
"""kubelet.py DIR PORT: a stand-in for the kubelet and the scheduler.

Nothing runs here: it tells the API server that every Pending pod is Running and
ready, so that Deployments, Endpoints and waits behave as on a real cluster. Pods
keep an empty nodeName, so the server deletes them at once, without a kubelet's say.
Pods of namespaces labelled sandbox.kubectl-egress/kubelet=stopped are left Pending.
"""

import datetime
import http.client
import json
import os
import ssl
import sys
import time

PAUSE = 0.1  # seconds between two looks at the cluster

# resourceVersion=0 is answered from the server's memory: cheap enough to ask often.
PENDING_PODS = "/api/v1/pods?fieldSelector=status.phase%3DPending&resourceVersion=0"
STOPPED_NAMESPACES = (
    "/api/v1/namespaces?labelSelector=sandbox.kubectl-egress%2Fkubelet%3Dstopped"
)


class Cluster:
    """One kept-alive connection, made anew after any failure."""

    def __init__(self, directory, port):
        tls = ssl.create_default_context(cafile=f"{directory}/ca.crt")
        tls.load_cert_chain(f"{directory}/admin.crt", f"{directory}/admin.key")
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", port, context=tls, timeout=10
        )

    def send(self, verb, path, body=None):
        headers = {"Content-Type": "application/merge-patch+json"} if body else {}
        try:
            self.connection.request(verb, path, json.dumps(body) if body else None, headers)
            reply = self.connection.getresponse()
            text = reply.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        return reply.status, json.loads(text)

    def items(self, path):
        status, answer = self.send("GET", path)
        if status != 200:
            raise OSError(f"GET {path}: {status} {answer.get('message')}")
        return answer.get("items") or []


class Addresses:
    """An address of its own for every pod, the same one however often it is asked for."""

    def __init__(self):
        self.by_uid = {}

    def of(self, pod):
        number = self.by_uid.setdefault(pod["metadata"]["uid"], len(self.by_uid) + 1)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def condition(kind, now):
    return {"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": now}


def running_container(container, now):
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": True,
        "started": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": now}},
    }


def running(pod, address):
    """The status that a kubelet would report of this pod once all is well."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    kinds = ["Initialized", "Ready", "ContainersReady", "PodScheduled"]
    return {
        "phase": "Running",
        "conditions": [condition(kind, now) for kind in kinds],
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": now,
        "containerStatuses": [running_container(c, now) for c in pod["spec"]["containers"]],
    }


def run_pending_pods(cluster, addresses):
    pods = cluster.items(PENDING_PODS)
    if not pods:
        return
    stopped = {namespace["metadata"]["name"] for namespace in cluster.items(STOPPED_NAMESPACES)}
    for pod in pods:
        meta = pod["metadata"]
        if meta["namespace"] in stopped:
            continue
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/status"
        patch = {"metadata": {"uid": meta["uid"]}, "status": running(pod, addresses.of(pod))}
        status, answer = cluster.send("PATCH", path, patch)
        # Gone, or replaced by another of its name, since it was listed: nothing to do.
        if status not in (200, 404, 409):
            print(f"PATCH {path}: {status} {answer.get('message')}", file=sys.stderr, flush=True)


def main():
    directory, port = sys.argv[1], int(sys.argv[2])
    parent = os.getppid()
    cluster, addresses = Cluster(directory, port), Addresses()
    while os.getppid() == parent:
        try:
            run_pending_pods(cluster, addresses)
        except (OSError, http.client.HTTPException, ValueError) as error:
            print(f"will try again: {error}", file=sys.stderr, flush=True)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
