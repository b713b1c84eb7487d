"""The objects on the server that could belong to a gateway, without values that differ from run to run."""

import json
import re
import time

from gateway import INGRESS_NAMESPACE, NAME, applyset_id

EVENTS = {"events"}
# What Kubernetes makes by itself out of what the tool wrote.
DERIVED_KINDS = {"pods", "replicasets", "endpoints", "endpointslices", "controllerrevisions"}
# What every namespace has.
DEFAULT_OBJECTS = [("configmaps", "kube-root-ca.crt"), ("serviceaccounts", "default"), ("secrets", "default-token-")]
VOLATILE_METADATA = {
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
VOLATILE_SPEC = {"clusterIP", "clusterIPs"}
VOLATILE_ANNOTATIONS = {"deployment.kubernetes.io/revision", "kubernetes.io/service-account.uid", "kubectl-egress/run"}
MAX_NAMES = 6  # of objects, in a sentence
MAX_VALUE_LENGTH = 200
TOKEN_SECRET = re.compile(rf"{NAME}-egress-token-[a-z0-9]{{5}}")


def list_collections(server):
    """The collections of every kind that has namespaces and can be listed."""
    paths = ["/api/v1"]
    for group in server.get("/apis")["groups"]:
        paths.append(f"/apis/{group['preferredVersion']['groupVersion']}")
    collections = []
    for path in paths:
        for resource in server.get(path)["resources"]:
            is_listable = resource["namespaced"] and "list" in resource["verbs"] and "/" not in resource["name"]
            if is_listable and resource["name"] not in EVENTS:
                collections.append(f"{path}/{resource['name']}")
    return collections


def normalize(object_, ns):
    """An object as any namespace's gateway could have it."""
    metadata = {name: value for name, value in object_["metadata"].items() if name not in VOLATILE_METADATA}
    if "deletionTimestamp" in object_["metadata"]:
        metadata["is being deleted"] = True
    annotations = {
        name: value for name, value in metadata.pop("annotations", {}).items() if name not in VOLATILE_ANNOTATIONS
    }
    if annotations:
        metadata["annotations"] = annotations
    normalized = {**object_, "metadata": metadata}
    normalized.pop("status", None)
    if isinstance(normalized.get("spec"), dict):
        normalized["spec"] = {key: value for key, value in normalized["spec"].items() if key not in VOLATILE_SPEC}
        for port in normalized["spec"].get("ports") or []:
            port.pop("nodePort", None)
    if normalized.get("type") == "kubernetes.io/service-account-token":
        normalized.pop("data")
    return json.loads(normalize_text(json.dumps(normalized), ns))


def normalize_text(text, ns):
    text = text.replace(applyset_id(ns), "RECORD-ID").replace(ns, "NAMESPACE")
    return TOKEN_SECRET.sub(f"{NAME}-egress-token", text)


def differences(left, right, path=""):
    """The fields in which two values differ, each with what it says on either side."""
    if left == right:
        return []
    if isinstance(left, dict) and isinstance(right, dict):
        keys = sorted(left.keys() | right.keys())
        return [
            difference for key in keys for difference in differences(left.get(key), right.get(key), f"{path}.{key}")
        ]
    return [f"{path}: {json.dumps(left)[:MAX_VALUE_LENGTH]} instead of {json.dumps(right)[:MAX_VALUE_LENGTH]}"]


class State:
    """The objects of one namespace, and those for it in the namespace of the ingress gateway."""

    def __init__(self):
        self.objects = {}  # what the tool is to have made: without what differs from run to run
        self.derived = {}  # what Kubernetes made of it

    def __eq__(self, other):
        return self.objects == other.objects

    @property
    def is_empty(self):
        return not self.objects and not self.derived

    def __str__(self):
        names = sorted([*self.objects, *self.derived])
        more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
        return ", ".join(names[:MAX_NAMES]) + more if names else "nothing"

    def difference_from(self, other):
        """How this state differs from another, in words."""
        lines = [f"{key} is missing" for key in sorted(other.objects.keys() - self.objects.keys())]
        lines += [f"{key} is too many" for key in sorted(self.objects.keys() - other.objects.keys())]
        for key in sorted(self.objects.keys() & other.objects.keys()):
            found = differences(self.objects[key], other.objects[key])
            lines += [f"{key}{difference}" for difference in found[:3]]
        more = f"; and {len(lines) - MAX_NAMES} more" if len(lines) > MAX_NAMES else ""
        return "; ".join(lines[:MAX_NAMES]) + more


class StateReader:
    """Of the namespaces whose names begin with a prefix."""

    def __init__(self, server, prefix):
        self.server = server
        self.prefix = prefix
        self.collections = list_collections(server)

    def read(self):
        """All objects that count, each with its plural and the namespace that it stands for."""
        objects = []
        for path in self.collections:
            plural = path.rsplit("/", 1)[1]
            for object_ in self.server.get(path)["items"] or []:
                ns, name = object_["metadata"]["namespace"], object_["metadata"]["name"]
                if ns == INGRESS_NAMESPACE:
                    ns = name.removesuffix(f"-{NAME}-egress")
                is_default = any(plural == kind and name.startswith(start) for kind, start in DEFAULT_OBJECTS)
                if ns.startswith(self.prefix) and not is_default:
                    objects.append((plural, ns, object_))
        return objects

    def read_stable_states(self, timeout=20, interval=0.3):
        """The state of every namespace, once Kubernetes' own controllers have no more to do there."""
        deadline = time.monotonic() + timeout
        current = self.read()
        while time.monotonic() < deadline:
            time.sleep(interval)
            previous, current = current, self.read()
            if resource_versions(current) == resource_versions(previous):
                break
        states = {}
        for plural, ns, object_ in current:
            state = states.setdefault(ns, State())
            objects = state.derived if plural in DERIVED_KINDS else state.objects
            objects[normalize_text(f"{plural}/{object_['metadata']['name']}", ns)] = normalize(object_, ns)
        return states


def resource_versions(objects):
    return {(object_["metadata"]["uid"], object_["metadata"]["resourceVersion"]) for _, _, object_ in objects}
