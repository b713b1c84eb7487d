"""Somebody makes an object of the name at the very moment at which the tool is about to write it, after all was
checked: it stays his, and the rest is as it was.
"""

import json

from bench import Bench
from command import commands
from fault import Fault
from report import prove
from sampling import SAMPLING
from exchange import Exchange
from snapshot import plain_text
from verdict import MADE_BY_KUBERNETES, outcome_of

TOOL = "kubectl-egress"


class Stranger:
    """Makes another object out of the one that a request is to apply; takes the place of one that stands."""

    def __init__(self, server):
        self.server = server
        self.path = None  # of what he made
        self.uid = None

    @property
    def fault(self):
        return Fault("stranger", True, Exchange.pass_on, first=self.come)

    def come(self, exchange):
        request = exchange.request
        if not (request.applies and request.writes):
            return
        body = json.loads(request.body)
        names = {key: body["metadata"][key] for key in ("name", "namespace")}
        body["metadata"] = {**names, "labels": {"made-by": "somebody"}}
        self.server.send("DELETE", request.path, {"propagationPolicy": "Background"})
        status, made = self.server.send("POST", request.path.rsplit("/", 1)[0], body)
        if status != 201:
            raise OSError(f"POST {request.path}: {status} {made.get('message')}")
        self.path, self.uid = request.path, made["metadata"]["uid"]

    def what_is_wrong(self):
        status, now = self.server.send("GET", self.path)
        if status != 200 or now["metadata"]["uid"] != self.uid:
            return "what somebody made is gone"
        managers = [one["manager"] for one in now["metadata"]["managedFields"]]
        labels = now["metadata"]["labels"]
        return "" if TOOL not in managers and len(labels) == 1 else "what somebody made was written to"

    def key(self, ns):
        return plain_text("/".join(self.path.split("/")[-2:]), ns)


class Strangers:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report

    def sweep(self, command):
        requests = self.bench.run(command.words(command.subject())).requests
        points = [one.number for one in requests if one.applies and one.writes][:: SAMPLING.step]
        tries = [one for one in self.bench.each(lambda at: self.meet(command, at), points) if one[1].path]
        view = self.bench.look()
        for ns, stranger, run in tries:
            wrong = stranger.what_is_wrong() or self.judge(command, stranger, run, view.state(ns), ns)
            wrong = wrong or self.of_phase(command, view.phase(ns))
            where = f"{run.met} in {ns}"
            self.report.point(f"strangers, {command.name}", where, f"{wrong}\n{run.ran}" if wrong else "")

    def meet(self, command, at):
        ns, stranger = command.subject(), Stranger(self.bench.server)
        return ns, stranger, self.bench.run(command.words(ns), stranger.fault, at)

    @staticmethod
    def judge(command, stranger, run, found, ns):
        if run.ran.status != 1:
            return "it did not fail"
        outcome, wrong = outcome_of(run.ran)
        if wrong:
            return wrong
        if outcome.result != "RolledBack":
            return f"it says {outcome.result}"
        name = stranger.path.rsplit("/", 1)[1]
        if not any(one["reason"] == "NotOwned" and name in one["message"] for one in outcome.json["causes"]):
            return "it does not say whose it is"
        own = stranger.key(ns)
        others = {key: one for key, one in found.objects.items() if key not in {own, *MADE_BY_KUBERNETES}}
        before = {
            key: one for key, one in command.before.objects.items() if key not in {own, *MADE_BY_KUBERNETES}
        }
        unlike = sorted(key for key in others.keys() | before.keys() if others.get(key) != before.get(key))
        return f"the rest is not as it was: {', '.join(unlike)}" if unlike else ""

    @staticmethod
    def of_phase(command, phase):
        wanted = "" if command.before.empty else "Degraded"
        return "" if phase == wanted else f"list says {phase!r} instead of {wanted!r}"


def main(report):
    bench = Bench()
    strangers = Strangers(bench, report)
    for command in commands(bench):
        if command.name != "delete":
            strangers.sweep(command)


if __name__ == "__main__":
    prove("strangers", main)
