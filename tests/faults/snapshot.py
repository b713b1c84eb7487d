"""What stands on the server that could be a gateway's, without what differs from one run to the next."""

import json
import re
import time

from gateway import FRONT, NAME, record_id

EVENTS = {"events"}
# What Kubernetes makes by itself out of what the tool wrote.
DERIVED = {"pods", "replicasets", "endpoints", "endpointslices", "controllerrevisions"}
# What every namespace has.
USUAL = [("configmaps", "kube-root-ca.crt"), ("serviceaccounts", "default"), ("secrets", "default-token-")]
RUN_METADATA = {
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "managedFields",
    "generation",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "ownerReferences",
}
RUN_SPEC = {"clusterIP", "clusterIPs"}
RUN_ANNOTATIONS = {"deployment.kubernetes.io/revision", "kubernetes.io/service-account.uid", "kubectl-egress/run"}
MOST_NAMED = 6  # of objects, in a sentence
LONGEST_VALUE = 200
TOKEN_SECRET = re.compile(rf"{NAME}-egress-token-[a-z0-9]{{5}}")


def listable_kinds(server):
    """The collections of every kind that has namespaces and can be listed."""
    paths = ["/api/v1"]
    for group in server.get("/apis")["groups"]:
        paths.append(f"/apis/{group['preferredVersion']['groupVersion']}")
    found = []
    for path in paths:
        for one in server.get(path)["resources"]:
            listed = one["namespaced"] and "list" in one["verbs"] and "/" not in one["name"]
            if listed and one["name"] not in EVENTS:
                found.append(f"{path}/{one['name']}")
    return found


def plain(object_, ns):
    """An object as any namespace's gateway could have it."""
    metadata = {key: value for key, value in object_["metadata"].items() if key not in RUN_METADATA}
    if "deletionTimestamp" in object_["metadata"]:
        metadata["is going"] = True
    annotations = {
        key: value for key, value in metadata.pop("annotations", {}).items() if key not in RUN_ANNOTATIONS
    }
    if annotations:
        metadata["annotations"] = annotations
    kept = {**object_, "metadata": metadata}
    kept.pop("status", None)
    if isinstance(kept.get("spec"), dict):
        kept["spec"] = {key: value for key, value in kept["spec"].items() if key not in RUN_SPEC}
        for port in kept["spec"].get("ports") or []:
            port.pop("nodePort", None)
    if kept.get("type") == "kubernetes.io/service-account-token":
        kept.pop("data")
    return json.loads(plain_text(json.dumps(kept), ns))


def plain_text(text, ns):
    text = text.replace(record_id(ns), "RECORD-ID").replace(ns, "NAMESPACE")
    return TOKEN_SECRET.sub(f"{NAME}-egress-token", text)


def differences(one, other, path=""):
    """The fields in which two values differ, each with what it says on either side."""
    if one == other:
        return []
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(one.keys() | other.keys())
        return [found for key in keys for found in differences(one.get(key), other.get(key), f"{path}.{key}")]
    return [f"{path}: {json.dumps(one)[:LONGEST_VALUE]} instead of {json.dumps(other)[:LONGEST_VALUE]}"]


class State:
    """What stands in one namespace, and beside the ingress gateway for it."""

    def __init__(self):
        self.objects = {}  # what the tool is to have made: without what differs from run to run
        self.derived = {}  # what Kubernetes made of it

    def __eq__(self, other):
        return self.objects == other.objects

    @property
    def empty(self):
        return not self.objects and not self.derived

    def __str__(self):
        names = sorted([*self.objects, *self.derived])
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        return ", ".join(names[:MOST_NAMED]) + more if names else "nothing"

    def unlike(self, other):
        """How this state differs from another, in words."""
        lines = [f"{key} is missing" for key in sorted(other.objects.keys() - self.objects.keys())]
        lines += [f"{key} is too many" for key in sorted(self.objects.keys() - other.objects.keys())]
        for key in sorted(self.objects.keys() & other.objects.keys()):
            found = differences(self.objects[key], other.objects[key])
            lines += [f"{key}{one}" for one in found[:3]]
        more = f"; and {len(lines) - MOST_NAMED} more" if len(lines) > MOST_NAMED else ""
        return "; ".join(lines[:MOST_NAMED]) + more


class Snapshots:
    """Of the namespaces whose names begin with a prefix."""

    def __init__(self, server, prefix):
        self.server = server
        self.prefix = prefix
        self.collections = listable_kinds(server)

    def read(self):
        """All objects that count, each with its plural and the namespace that it stands for."""
        found = []
        for path in self.collections:
            plural = path.rsplit("/", 1)[1]
            for one in self.server.get(path)["items"] or []:
                ns, name = one["metadata"]["namespace"], one["metadata"]["name"]
                if ns == FRONT:
                    ns = name.removesuffix(f"-{NAME}-egress")
                usual = any(plural == kind and name.startswith(start) for kind, start in USUAL)
                if ns.startswith(self.prefix) and not usual:
                    found.append((plural, ns, one))
        return found

    def settled(self, longest=20, pause=0.3):
        """The state of every namespace, once Kubernetes' own controllers have no more to do there."""
        deadline = time.monotonic() + longest
        now = self.read()
        while time.monotonic() < deadline:
            time.sleep(pause)
            before, now = now, self.read()
            if versions(now) == versions(before):
                break
        states = {}
        for plural, ns, one in now:
            state = states.setdefault(ns, State())
            objects = state.derived if plural in DERIVED else state.objects
            objects[plain_text(f"{plural}/{one['metadata']['name']}", ns)] = plain(one, ns)
        return states


def versions(objects):
    return {(one["metadata"]["uid"], one["metadata"]["resourceVersion"]) for _, _, one in objects}
