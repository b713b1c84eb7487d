#!/usr/bin/env python3
"""kubelet.py DIR PORT: a stand-in for the kubelet and the scheduler.

Nothing runs here: it binds every Pending pod to the node "sandbox" and tells the API
server that it is Running and ready, so that Deployments, Endpoints and waits behave as
on a real cluster, and lets go of pods that are deleted.
Pods of namespaces labelled sandbox.kubectl-egress/kubelet=stopped are left Pending.
"""

import datetime
import http.client
import json
import os
import queue
import ssl
import sys
import threading
import time

POLL_SECONDS = 0.1  # seconds between two looks at what waits
NODE = "sandbox"
INJECTED_IMAGE = "docker.io/istio/proxyv2:1.30.3"
PODS = "/api/v1/pods"
STOPPED_NAMESPACES = "/api/v1/namespaces?labelSelector=sandbox.kubectl-egress%2Fkubelet%3Dstopped"


def log_error(text):
    print(text, file=sys.stderr, flush=True)


class Cluster:
    """One kept-alive connection, made anew after any failure."""

    def __init__(self, directory, port, timeout=10):
        tls = ssl.create_default_context(cafile=f"{directory}/ca.crt")
        tls.load_cert_chain(f"{directory}/admin.crt", f"{directory}/admin.key")
        self.connection = http.client.HTTPSConnection("127.0.0.1", port, context=tls, timeout=timeout)

    def send(self, verb, path, body=None):
        content_type = "merge-patch+json" if verb == "PATCH" else "json"
        headers = {"Content-Type": f"application/{content_type}"} if body else {}
        try:
            self.connection.request(verb, path, json.dumps(body) if body else None, headers)
            response = self.connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        return response.status, json.loads(text)

    def list(self, path):
        status, answer = self.send("GET", path)
        if status != 200:
            raise OSError(f"GET {path}: {status} {answer.get('message')}")
        return answer

    def read_lines(self, path):
        """The lines of a stream, until the server ends it."""
        try:
            self.connection.request("GET", path)
            response = self.connection.getresponse()
            while line := response.readline():
                yield line
        finally:
            self.connection.close()


class Addresses:
    """An address of its own for every pod, the same one however often it is asked for."""

    def __init__(self):
        self.by_uid = {}

    def address(self, pod):
        number = self.by_uid.setdefault(pod["metadata"]["uid"], len(self.by_uid) + 1)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def condition(condition_type, now):
    return {"type": condition_type, "status": "True", "lastProbeTime": None, "lastTransitionTime": now}


def container_status(container, now):
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": True,
        "started": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": now}},
    }


def running_status(pod, address):
    """The status that a kubelet would report of this pod once all is well."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    condition_types = ["Initialized", "Ready", "ContainersReady", "PodScheduled"]
    return {
        "phase": "Running",
        "conditions": [condition(condition_type, now) for condition_type in condition_types],
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": now,
        "containerStatuses": [container_status(container, now) for container in pod["spec"]["containers"]],
    }


def watch_pods(cluster, changed_pods):
    """Puts every pod into the queue, and again whenever it changes."""
    while True:
        try:
            pods = cluster.list(PODS)
            for pod in pods.get("items") or []:
                changed_pods.put(pod)
            version = pods["metadata"]["resourceVersion"]
            for line in cluster.read_lines(f"{PODS}?watch=true&resourceVersion={version}"):
                event = json.loads(line)
                if event["type"] in ("ADDED", "MODIFIED"):
                    changed_pods.put(event["object"])
        except (OSError, http.client.HTTPException, ValueError) as error:
            log_error(f"will look again: {error}")
        time.sleep(POLL_SECONDS)


class Kubelet:
    def __init__(self, cluster):
        self.cluster = cluster
        self.addresses = Addresses()
        self.pending_pods = {}  # by uid: pods to be run, and pods to be let go of

    def update(self, pod):
        """What is to be done for a pod is what it says last."""
        uid = pod["metadata"]["uid"]
        self.pending_pods.pop(uid, None)
        is_terminating = pod["metadata"].get("deletionTimestamp") and pod["spec"].get("nodeName")
        if is_terminating or pod["status"].get("phase") == "Pending":
            self.pending_pods[uid] = pod

    def sync(self):
        if not self.pending_pods:
            return
        namespaces = self.cluster.list(STOPPED_NAMESPACES).get("items") or []
        stopped = {namespace["metadata"]["name"] for namespace in namespaces}
        for uid, pod in list(self.pending_pods.items()):
            if pod["metadata"].get("deletionTimestamp"):
                self.delete(pod, uid)
            elif pod["metadata"]["namespace"] in stopped:
                continue
            else:
                self.run(pod, uid)
            del self.pending_pods[uid]

    def inject(self, pod, uid):
        """No istiod runs here: the image that its injector would set is set now."""
        containers = pod["spec"]["containers"]
        if all(container["image"] != "auto" for container in containers):
            return
        for container in containers:
            container["image"] = container["image"].replace("auto", INJECTED_IMAGE)
        self.send(pod, "PATCH", "", {"metadata": {"uid": uid}, "spec": {"containers": containers}})

    def run(self, pod, uid):
        self.inject(pod, uid)
        if not pod["spec"].get("nodeName"):
            metadata = {"uid": uid, "name": pod["metadata"]["name"]}
            self.send(pod, "POST", "/binding", {"metadata": metadata, "target": {"kind": "Node", "name": NODE}})
        status = running_status(pod, self.addresses.address(pod))
        self.send(pod, "PATCH", "/status", {"metadata": {"uid": uid}, "status": status})

    def delete(self, pod, uid):
        self.send(pod, "DELETE", "", {"gracePeriodSeconds": 0, "preconditions": {"uid": uid}})

    def send(self, pod, verb, subresource, body):
        metadata = pod["metadata"]
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}{subresource}"
        status, answer = self.cluster.send(verb, path, body)
        # Gone, or replaced by another of its name, since it was seen: nothing to do.
        if status not in (200, 201, 404, 409):
            log_error(f"{verb} {path}: {status} {answer.get('message')}")


def create_node(cluster):
    status, answer = cluster.send("POST", "/api/v1/nodes", {"metadata": {"name": NODE}})
    if status not in (201, 409):
        raise OSError(f"no node: {status} {answer.get('message')}")


def main():
    directory, port = sys.argv[1], int(sys.argv[2])
    parent = os.getppid()
    kubelet, changed_pods = Kubelet(Cluster(directory, port)), queue.Queue()
    create_node(kubelet.cluster)
    # A watch is silent for as long as nothing happens.
    watcher = Cluster(directory, port, timeout=None)
    threading.Thread(target=watch_pods, args=(watcher, changed_pods), daemon=True).start()
    while os.getppid() == parent:
        try:
            kubelet.sync()
            kubelet.update(changed_pods.get(timeout=POLL_SECONDS))
            while not changed_pods.empty():
                kubelet.update(changed_pods.get())
        except queue.Empty:
            pass
        except (OSError, http.client.HTTPException, ValueError) as error:
            log_error(f"will try again: {error}")
            time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    main()
