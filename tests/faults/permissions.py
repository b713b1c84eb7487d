"""Takes away one permission at a time from somebody who may do everything else: create must find that out
before it writes, and say which one; or else not need it.
"""

import dataclasses
import itertools
import re
import time
import zlib

import verdict
from bench import Bench
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
        return f"{self.verb} {self.plural}" + (f".{self.group}" if self.group else "")

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
        # What create has written it may have to take back.
        "PATCH": ["patch", "create", "delete"],
    }
    asked = verbs.get(request.method, [])
    return [Permission(found["group"] or "", found["plural"], verb) for verb in asked]


class Permissions:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report
        self.kinds = self.all_kinds()

    def all_kinds(self):
        """The plurals of every group, subresources among them."""
        groups = {"": ["/api/v1"]}
        for group in self.bench.server.get("/apis")["groups"]:
            groups[group["name"]] = [f"/apis/{one['groupVersion']}" for one in group["versions"]]
        return {
            group: sorted({one["name"] for path in paths for one in self.bench.server.get(path)["resources"]})
            for group, paths in groups.items()
        }

    def prove(self):
        bench = self.bench
        whole = bench.namespace()
        run = bench.run(bench.create(whole))
        must(run.ran)
        all_needed = sorted({*itertools.chain(*map(needed, run.requests)), *GRANTED})
        permissions = all_needed[:: SAMPLING.step]
        self.bench.each(self.grant, permissions)
        self.await_grants(permissions)
        tries = list(zip(permissions, bench.each(self.without, permissions)))
        view = bench.look()
        for permission, (ns, run) in tries:
            wrong = self.judge(permission, run, view.state(ns), view.phase(ns), view.state(whole))
            self.report.point("permissions, create", f"without {permission} in {ns}", wrong)

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

    def without(self, permission):
        ns = self.bench.namespace()
        return ns, self.bench.run(self.bench.create(ns, "--as", permission.user))

    @staticmethod
    def judge(permission, run, found, phase, whole):
        ran = run.ran
        if ran.status == 0:
            wrong = verdict.of_success(found, phase, whole)
        elif run.writes:
            wrong = f"it was found too late: {len(run.writes)} writes were sent, the first as {run.writes[0]}"
        elif not found.empty:
            wrong = f"there are: {found}"
        elif not all(re.search(rf"\b{word}\b", ran.err) for word in (permission.verb, permission.plural)):
            wrong = "it does not say which permission is missing"
        else:
            return ""
        return f"{wrong}\n{ran}" if wrong else ""


def main(report):
    Permissions(Bench(), report).prove()


if __name__ == "__main__":
    prove("permissions", main)
