"""The outcome that kubectl-egress prints with -o json: see "Outcome" in README.md."""

import dataclasses
import json

from gateway import NAME
from state import normalize_text

RESULTS = {"Succeeded", "Unchanged", "RolledBack", "Incomplete", "Unknown"}
PREFLIGHT_STAGES = {"Input", "Connect", "Discover", "Preflight"}
WRITE_STAGES = {*PREFLIGHT_STAGES, "Lock", "Write", "Wait", "Route", "Cleanup", "Finish"}
STAGES = {
    "create": WRITE_STAGES,
    "apply": WRITE_STAGES,
    "delete": {*PREFLIGHT_STAGES, "Lock", "Unroute", "Drain", "Delete", "Finish"},
}
# Another command had the gateway.
CONFLICT_REASONS = {"LockLost", "AlreadyExists", "Conflict", "NotOwned"}
REASONS = CONFLICT_REASONS | {
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
    # of the API server, or of a proxy that answers for it
    "BadRequest",
    "Invalid",
    "Unauthorized",
    "TooManyRequests",
    "InternalError",
    "ServiceUnavailable",
    "Timeout",
}
OBJECT_LISTS = ("written", "rolledBack", "deleted", "remaining")


def plural(kind):
    """The plural of a kind, by which a snapshot names its collections."""
    word = kind.lower()
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s"


def object_key(reference, ns):
    """An object as a state names it, from a reference or from the object itself."""
    name = reference.get("metadata", reference)["name"]
    return normalize_text(f"{plural(reference['kind'])}/{name}", ns)


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
        return {self.reason, *(cause["reason"] for cause in self.json.get("causes", []))}

    def object_keys(self, list_name):
        """The objects that one of its lists names, as a state names them."""
        return {object_key(reference, self.ns) for reference in self.json[list_name]}

    def reports_missing_permission(self, verb, resource):
        """Whether it says that this permission is missing."""
        return any(
            cause["reason"] == "Forbidden" and cause.get("verb") == verb and cause.get("resource") == resource
            for cause in self.json.get("causes", [])
        )

    @property
    def summary(self):
        """In one line, for reports."""
        lists = [f"{name}: {', '.join(sorted(self.object_keys(name)))}" for name in OBJECT_LISTS if self.json.get(name)]
        reasons = ", ".join(sorted(self.reasons))
        return "; ".join([f"{self.json.get('result')} at {self.stage} for {reasons}", *lists])

    def check_format(self):
        """What is wrong with it by itself, whatever happened."""
        document = self.json
        if document.get("apiVersion") != "kubectl-egress/v1alpha1":
            return f"its outcome has the apiVersion {document.get('apiVersion')!r}"
        if document.get("command") not in STAGES:
            return f"its outcome is of the command {document.get('command')!r}"
        if document.get("result") not in RESULTS:
            return f"its outcome has the result {document.get('result')!r}"
        if document["metadata"].get("name", NAME) != NAME:
            return f"its outcome is of another gateway: {document['metadata']}"
        missing_list = next((name for name in OBJECT_LISTS if not isinstance(document.get(name), list)), "")
        return f"its outcome has no list {missing_list}" if missing_list else ""

    def check_failure_format(self):
        """The same of an outcome of a command that failed."""
        document = self.json
        if self.stage not in STAGES[document["command"]]:
            return f"its outcome has the stage {self.stage!r}"
        if self.reason not in REASONS:
            return f"its outcome has the reason {self.reason!r}"
        if not document.get("message"):
            return "its outcome has no message"
        is_unfinished = self.result in ("Incomplete", "Unknown")
        if is_unfinished and not document.get("continueWith"):
            return f"its outcome is {self.result}, and has no command to continue with"
        if not is_unfinished and document["remaining"]:
            return f"its outcome is {self.result}, but lists what remains"
        if self.result == "Incomplete" and not document["remaining"]:
            return "its outcome is Incomplete, and lists nothing that remains"
        if self.result == "Unchanged" and (document["written"] or document["deleted"]):
            return "its outcome is Unchanged, but lists what was written or deleted"
        if self.result == "RolledBack" and not document["rolledBack"]:
            return "its outcome is RolledBack, and lists nothing that was"
        return ""


def parse_output(out):
    """The objects and the outcomes on stdout; None if it is no JSON document. Nothing at all is neither."""
    if not out.strip():
        return [], []
    try:
        document = json.loads(out)
    except ValueError:
        return None
    items = document["items"] if document.get("kind") == "List" else [document]
    outcomes = [Outcome(item) for item in items if item.get("kind") == "Outcome"]
    return [item for item in items if item.get("kind") != "Outcome"], outcomes
