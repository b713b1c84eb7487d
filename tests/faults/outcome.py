"""The outcome that kubectl-egress prints with -o json: see "Outcome" in README.md."""

import dataclasses
import json

from gateway import NAME
from snapshot import plain_text

RESULTS = {"Succeeded", "Unchanged", "RolledBack", "Incomplete", "Unknown"}
BEFORE_WRITES = {"Input", "Connect", "Discover", "Preflight"}
WRITING = {*BEFORE_WRITES, "Lock", "Write", "Wait", "Route", "Cleanup", "Finish"}
STAGES = {
    "create": WRITING,
    "apply": WRITING,
    "delete": {*BEFORE_WRITES, "Lock", "Unroute", "Drain", "Delete", "Finish"},
}
# Somebody else was there.
OTHERS = {"LockLost", "AlreadyExists", "Conflict", "NotOwned"}
REASONS = OTHERS | {
    "Forbidden",
    "NotFound",
    "InvalidInput",
    "Unreachable",
    "Refused",
    "PodsNotReady",
    "DeletionTimedOut",
    "Interrupted",
    "NotAttempted",
    "Failed",
    # of the API server, or of whoever answers for it
    "BadRequest",
    "Invalid",
    "Unauthorized",
    "TooManyRequests",
    "InternalError",
    "ServiceUnavailable",
    "Timeout",
}
LISTS = ("written", "rolledBack", "deleted", "remaining")


def plural(kind):
    """The plural of a kind, by which a snapshot names its collections."""
    word = kind.lower()
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s"


def key(reference, ns):
    """An object as a state names it, from a reference or from the object itself."""
    name = reference.get("metadata", reference)["name"]
    return plain_text(f"{plural(reference['kind'])}/{name}", ns)


@dataclasses.dataclass
class Outcome:
    """What the tool says of one gateway."""

    json: dict

    @property
    def ns(self):
        return self.json["metadata"].get("namespace", "")

    @property
    def result(self):
        return self.json["result"]

    @property
    def stage(self):
        return self.json.get("stage", "")

    @property
    def reason(self):
        return self.json.get("reason", "")

    @property
    def reasons(self):
        """The reason, and those of all causes."""
        return {self.reason, *(one["reason"] for one in self.json.get("causes", []))}

    def names(self, where):
        """The objects that one of its lists names, as a state names them."""
        return {key(one, self.ns) for one in self.json[where]}

    def is_missing(self, verb, resource):
        """Whether it says that this permission is missing."""
        return any(
            one["reason"] == "Forbidden" and one.get("verb") == verb and one.get("resource") == resource
            for one in self.json.get("causes", [])
        )

    @property
    def summary(self):
        """In one line, for reports."""
        lists = [f"{name}: {', '.join(sorted(self.names(name)))}" for name in LISTS if self.json.get(name)]
        reasons = ", ".join(sorted(self.reasons))
        return "; ".join([f"{self.json.get('result')} at {self.stage} for {reasons}", *lists])

    def malformed(self):
        """What is wrong with it by itself, whatever happened."""
        one = self.json
        if one.get("apiVersion") != "kubectl-egress/v1alpha1":
            return f"its outcome has the apiVersion {one.get('apiVersion')!r}"
        if one.get("command") not in STAGES:
            return f"its outcome is of the command {one.get('command')!r}"
        if one.get("result") not in RESULTS:
            return f"its outcome has the result {one.get('result')!r}"
        if one["metadata"].get("name", NAME) != NAME:
            return f"its outcome is of another gateway: {one['metadata']}"
        wrong = next((name for name in LISTS if not isinstance(one.get(name), list)), "")
        return f"its outcome has no list {wrong}" if wrong else ""

    def malformed_failure(self):
        """The same of an outcome of a command that failed."""
        one = self.json
        if self.stage not in STAGES[one["command"]]:
            return f"its outcome has the stage {self.stage!r}"
        if self.reason not in REASONS:
            return f"its outcome has the reason {self.reason!r}"
        if not one.get("message"):
            return "its outcome has no message"
        is_open = self.result in ("Incomplete", "Unknown")
        if is_open and not one.get("continueWith"):
            return f"its outcome is {self.result}, and has no command to continue with"
        if not is_open and one["remaining"]:
            return f"its outcome is {self.result}, but lists what remains"
        if self.result == "Incomplete" and not one["remaining"]:
            return "its outcome is Incomplete, and lists nothing that remains"
        if self.result == "Unchanged" and (one["written"] or one["deleted"]):
            return "its outcome is Unchanged, but lists what was written or deleted"
        if self.result == "RolledBack" and not one["rolledBack"]:
            return "its outcome is RolledBack, and lists nothing that was"
        return ""


def printed(out):
    """The objects and the outcomes on stdout; None if it is no JSON document. Nothing at all is neither."""
    if not out.strip():
        return [], []
    try:
        document = json.loads(out)
    except ValueError:
        return None
    items = document["items"] if document.get("kind") == "List" else [document]
    outcomes = [Outcome(one) for one in items if one.get("kind") == "Outcome"]
    return [one for one in items if one.get("kind") != "Outcome"], outcomes
