"""Kills the tool after each of its requests, for create, apply and delete.

Then `list` must say what it left, `apply` must finish it to what an undisturbed run makes, also where that is
killed at the same place, and `delete` must leave nothing.
"""

import dataclasses

import verdict
from bench import Bench
from command import commands
from fault import KILLED
from report import prove
from sampling import EVERY
from snapshot import State

NOTHING = State()


@dataclasses.dataclass
class Experiment:
    ns: str
    run: object

    @property
    def where(self):
        return f"killed after {self.run.met} in {self.ns}"


class CrashSweep:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report

    def sweep(self, command, sampling):
        """Kills it after its requests; where something may stand then twice, to go on in both ways."""
        requests = self.bench.run(command.words(command.subject())).requests
        self.before_writes(command, sampling.before_writes(requests))
        points = sampling.among_writes(requests)
        some = self.kill(command, points)
        others = self.kill(command, points) if command.finish else []
        self.look(command, some + others)
        if command.finish:
            self.finish(command, others)
        self.remove(command, some)
        if command.name == command.finisher:
            self.twice(command, points)

    def twice(self, command, points):
        """Who goes on may be killed, too; the next one then finishes it."""
        bench = self.bench

        def again(one):
            run = bench.run(command.finish(one.ns), KILLED, one.run.met.number)
            return Experiment(one.ns, run if run.met else one.run)

        killed = bench.each(again, self.kill(command, points))
        self.look(command, killed)
        self.finish(command, killed)

    def before_writes(self, command, points):
        """As long as nothing is checked, nothing is written: the proxy would see it."""

        def one(at):
            ns = command.subject()
            run = self.bench.run(command.words(ns), KILLED, at)
            wrong = f"{run.writes[0]} was sent before" if run.writes else ""
            self.report.point(
                f"crash sweep, {command.name}: nothing is written before all is checked",
                f"killed after {run.met} in {ns}",
                wrong,
            )
            if not wrong:
                self.bench.give_back(ns, command.before)

        self.bench.each(one, points)

    def kill(self, command, points):
        """One experiment for each point; a run that ended before it got there is none."""

        def one(at):
            ns = command.subject()
            return Experiment(ns, self.bench.run(command.words(ns), KILLED, at))

        return [one for one in self.bench.each(one, points) if one.run.met]

    def look(self, command, experiments):
        view = self.bench.look()
        for one in experiments:
            wrong = verdict.of_phase(view.state(one.ns), view.phase(one.ns), command.whole)
            self.report.point(f"crash sweep, {command.name}: list tells the truth", one.where, wrong)

    def remove(self, command, experiments):
        bench = self.bench
        group = f"crash sweep, {command.name}: delete leaves nothing of it"
        self.go_on(group, experiments, lambda ns: bench.delete(ns, "--ignore-not-found"), NOTHING)

    def finish(self, command, experiments):
        group = f"crash sweep, {command.name}: {command.finisher} completes it"
        self.go_on(group, experiments, command.finish, command.finished)

    def go_on(self, group, experiments, words, wanted):
        bench = self.bench
        runs = bench.each(lambda one: bench.plainly(words(one.ns)), experiments)
        view = bench.look()
        for one, ran in zip(experiments, runs):
            found, phase = view.state(one.ns), view.phase(one.ns)
            # All of it had been done already: a create then finds its gateway.
            is_done = found == wanted and phase == "Ready" and self.says_exists(ran)
            wrong = "" if is_done else verdict.of_finish(ran, found, phase, wanted, one.ns)
            self.report.point(group, one.where, wrong)
            bench.give_back(one.ns, found)

    @staticmethod
    def says_exists(ran):
        if ran.status != 1:
            return False
        outcome, wrong = verdict.outcome_of(ran)
        return not wrong and outcome.reason == "AlreadyExists"


def main(report):
    bench = Bench()
    sweep = CrashSweep(bench, report)
    for command in commands(bench):
        sweep.sweep(command, EVERY)


if __name__ == "__main__":
    prove("crash sweep", main)
