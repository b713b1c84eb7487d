"""Takes away one permission at a time from somebody who may do everything else: create, apply and delete must
find that out before they write, and say which one; or else not need it.
"""

import dataclasses
import itertools
import re
import time
import zlib

import verdict
from command import commands
from report import run_test
from sampling import SAMPLING
from testbed import Testbed
from tool import check_success

VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]
RBAC = "/apis/rbac.authorization.k8s.io/v1"
PATH = re.compile(r"/(?:api/v1|apis/(?P<group>[^/]+)/[^/]+)/(?:namespaces/[^/]+/)?(?P<plural>[a-z]+)(?P<name>/.+)?")


@dataclasses.dataclass(frozen=True, order=True)
class Permission:
    group: str
    plural: str
    verb: str

    def __str__(self):
        return f"{self.verb} {self.resource}"

    @property
    def resource(self):
        return self.plural + (f".{self.group}" if self.group else "")

    @property
    def user(self):
        """Somebody without it, whose name does not tell."""
        return f"limited-{zlib.crc32(str(self).encode()):08x}"


# The Role that lets the gateway's pods read certificates can be made only by those who may read them.
ROLE_PERMISSIONS = [Permission("", "secrets", verb) for verb in ("get", "list", "watch")]


def required_permissions(request):
    """The permissions that a request takes. What an apply makes anew must be allowed to be created, too."""
    match = PATH.fullmatch(request.path)
    if not match or re.fullmatch(r"/apis/[^/]+/[^/]+", request.path):
        return []
    collection_verb = "list" if not request.is_watch else "watch"
    verbs = {
        "GET": ["get"] if match["name"] else [collection_verb],
        "POST": ["create"],
        # What is written may have to be taken back. A merge makes nothing anew.
        "PATCH": ["patch", "create", "delete"] if request.is_apply else ["patch"],
        "DELETE": ["delete"],
    }
    request_verbs = verbs.get(request.method, [])
    return [Permission(match["group"] or "", match["plural"], verb) for verb in request_verbs]


class Permissions:
    def __init__(self, testbed, report):
        self.testbed = testbed
        self.report = report
        self.resources = self.list_resources()
        self.existing_users = set()  # whose users there are

    def list_resources(self):
        """The plurals of every group, subresources among them."""
        groups = {"": ["/api/v1"]}
        for group in self.testbed.server.get("/apis")["groups"]:
            groups[group["name"]] = [f"/apis/{version['groupVersion']}" for version in group["versions"]]
        return {
            group: sorted(
                {resource["name"] for path in paths for resource in self.testbed.server.get(path)["resources"]}
            )
            for group, paths in groups.items()
        }

    def check_command(self, command):
        testbed = self.testbed
        run = testbed.run(command.arguments(command.acquire_namespace()))
        check_success(run.result)
        required = sorted({*itertools.chain(*map(required_permissions, run.requests)), *ROLE_PERMISSIONS})
        permissions = required[:: SAMPLING.step]
        new = [permission for permission in permissions if permission not in self.existing_users]
        testbed.run_parallel(self.create_user, new)
        self.wait_for_grants(new)
        self.existing_users.update(new)
        attempts = list(
            zip(
                permissions, testbed.run_parallel(lambda permission: self.run_without(command, permission), permissions)
            )
        )
        snapshot = testbed.take_snapshot()
        for permission, (ns, run) in attempts:
            problem = self.find_problem(command, permission, run, snapshot.state(ns), snapshot.phase(ns), ns)
            self.report.add_point(f"permissions, {command.name}", f"without {permission} in {ns}", problem)
            testbed.release_namespace(ns, snapshot.state(ns))

    def create_user(self, permission):
        """A user who may do everything but one thing."""
        rules = []
        for group, plurals in self.resources.items():
            others = [plural for plural in plurals if (group, plural) != (permission.group, permission.plural)]
            if others:
                rules.append({"apiGroups": [group], "resources": others, "verbs": ["*"]})
        verbs = [verb for verb in VERBS if verb != permission.verb]
        rules.append({"apiGroups": [permission.group], "resources": [permission.plural], "verbs": verbs})
        name = permission.user
        server = self.testbed.server
        server.create(f"{RBAC}/clusterroles", {"metadata": {"name": name}, "rules": rules})
        binding = {
            "metadata": {"name": name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}],
        }
        server.create(f"{RBAC}/clusterrolebindings", binding)

    def wait_for_grants(self, permissions, timeout=20):
        """The server learns of new roles a moment later."""
        deadline = time.monotonic() + timeout
        for permission in permissions:
            while not self.has_access(permission) and time.monotonic() < deadline:
                time.sleep(0.05)

    def has_access(self, permission):
        attributes = {"verb": "get", "group": "apps", "resource": "replicasets", "namespace": "default"}
        review = {"spec": {"user": permission.user, "resourceAttributes": attributes}}
        _, response = self.testbed.server.send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        return response["status"]["allowed"]

    def run_without(self, command, permission):
        ns = command.acquire_namespace()
        return ns, self.testbed.run([*command.arguments(ns), "--as", permission.user])

    @staticmethod
    def find_problem(command, permission, run, current, phase, ns):
        result = run.result
        if result.status == 0:
            problem = verdict.check_success_output(result, current, phase, command.after, ns)
        elif run.writes:
            problem = f"it was found too late: {len(run.writes)} writes were sent, the first as {run.writes[0]}"
        elif current != command.before:
            problem = f"there are: {current}"
        else:
            outcome, problem = verdict.find_outcome(result)
            problem = problem or verdict.check_stage(outcome, run.writes)
            if not problem and outcome.result != "Unchanged":
                problem = f"it says {outcome.result}, and nothing had been written"
            if not problem and not outcome.reports_missing_permission(permission.verb, permission.resource):
                problem = "it does not say which permission is missing"
        return f"{problem}\n{result}" if problem else ""


def main(report):
    testbed = Testbed()
    permissions = Permissions(testbed, report)
    for command in commands(testbed):
        permissions.check_command(command)


if __name__ == "__main__":
    run_test("permissions", main)
