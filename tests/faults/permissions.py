"""Takes away one permission at a time from somebody who may do everything else: create, apply and delete must
find that out before they write, and say which one; or else not need it.
"""

import dataclasses
import itertools
import re
import time
import zlib

import verdict
from bench import Bench
from command import commands
from report import prove
from sampling import SAMPLING
from tool import must

VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]
RBAC = "/apis/rbac.authorization.k8s.io/v1"
PATH = re.compile(
    r"/(?:api/v1|apis/(?P<group>[^/]+)/[^/]+)/(?:namespaces/[^/]+/)?(?P<plural>[a-z]+)(?P<name>/.+)?"
)


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
GRANTED = [Permission("", "secrets", verb) for verb in ("get", "list", "watch")]


def needed(request):
    """The permissions that a request takes. What an apply makes anew must be allowed to be created, too."""
    found = PATH.fullmatch(request.path)
    if not found or re.fullmatch(r"/apis/[^/]+/[^/]+", request.path):
        return []
    one_of_many = "list" if not request.watches else "watch"
    verbs = {
        "GET": ["get"] if found["name"] else [one_of_many],
        "POST": ["create"],
        # What is written may have to be taken back. A merge makes nothing anew.
        "PATCH": ["patch", "create", "delete"] if request.applies else ["patch"],
        "DELETE": ["delete"],
    }
    asked = verbs.get(request.method, [])
    return [Permission(found["group"] or "", found["plural"], verb) for verb in asked]


class Permissions:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report
        self.kinds = self.all_kinds()
        self.granted = set()  # whose users there are

    def all_kinds(self):
        """The plurals of every group, subresources among them."""
        groups = {"": ["/api/v1"]}
        for group in self.bench.server.get("/apis")["groups"]:
            groups[group["name"]] = [f"/apis/{one['groupVersion']}" for one in group["versions"]]
        return {
            group: sorted({one["name"] for path in paths for one in self.bench.server.get(path)["resources"]})
            for group, paths in groups.items()
        }

    def prove(self, command):
        bench = self.bench
        run = bench.run(command.words(command.subject()))
        must(run.ran)
        all_needed = sorted({*itertools.chain(*map(needed, run.requests)), *GRANTED})
        permissions = all_needed[:: SAMPLING.step]
        new = [one for one in permissions if one not in self.granted]
        bench.each(self.grant, new)
        self.await_grants(new)
        self.granted.update(new)
        tries = list(zip(permissions, bench.each(lambda one: self.without(command, one), permissions)))
        view = bench.look()
        for permission, (ns, run) in tries:
            wrong = self.judge(command, permission, run, view.state(ns), view.phase(ns), ns)
            self.report.point(f"permissions, {command.name}", f"without {permission} in {ns}", wrong)
            bench.give_back(ns, view.state(ns))

    def grant(self, permission):
        """A user who may do everything but one thing."""
        rules = []
        for group, plurals in self.kinds.items():
            others = [one for one in plurals if (group, one) != (permission.group, permission.plural)]
            if others:
                rules.append({"apiGroups": [group], "resources": others, "verbs": ["*"]})
        verbs = [verb for verb in VERBS if verb != permission.verb]
        rules.append({"apiGroups": [permission.group], "resources": [permission.plural], "verbs": verbs})
        name = permission.user
        server = self.bench.server
        server.post(f"{RBAC}/clusterroles", {"metadata": {"name": name}, "rules": rules})
        binding = {
            "metadata": {"name": name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}],
        }
        server.post(f"{RBAC}/clusterrolebindings", binding)

    def await_grants(self, permissions, longest=20):
        """The server learns of new roles a moment later."""
        deadline = time.monotonic() + longest
        for permission in permissions:
            while not self.may_anything(permission) and time.monotonic() < deadline:
                time.sleep(0.05)

    def may_anything(self, permission):
        attributes = {"verb": "get", "group": "apps", "resource": "replicasets", "namespace": "default"}
        review = {"spec": {"user": permission.user, "resourceAttributes": attributes}}
        _, answer = self.bench.server.send(
            "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review
        )
        return answer["status"]["allowed"]

    def without(self, command, permission):
        ns = command.subject()
        return ns, self.bench.run([*command.words(ns), "--as", permission.user])

    @staticmethod
    def judge(command, permission, run, found, phase, ns):
        ran = run.ran
        if ran.status == 0:
            wrong = verdict.of_success(ran, found, phase, command.after, ns)
        elif run.writes:
            wrong = f"it was found too late: {len(run.writes)} writes were sent, the first as {run.writes[0]}"
        elif found != command.before:
            wrong = f"there are: {found}"
        else:
            outcome, wrong = verdict.outcome_of(ran)
            wrong = wrong or verdict.of_stage(outcome, run.writes)
            if not wrong and outcome.result != "Unchanged":
                wrong = f"it says {outcome.result}, and nothing had been written"
            if not wrong and not outcome.is_missing(permission.verb, permission.resource):
                wrong = "it does not say which permission is missing"
        return f"{wrong}\n{ran}" if wrong else ""


def main(report):
    bench = Bench()
    permissions = Permissions(bench, report)
    for command in commands(bench):
        permissions.prove(command)


if __name__ == "__main__":
    prove("permissions", main)
