"""Lets each fault befall each request of create, apply and delete, and compares what the tool then says with
what stands: success, a clean undo, or a truthful report.
"""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import verdict
from bench import SLOW_WORKERS, WORKERS, Bench
from command import commands
from fault import FAULTS, Fault
from report import prove
from sampling import SAMPLING

NO_ROLLBACK = "create --no-rollback"
# Short, lest a stall take long; but long enough for a pod on a busy machine.
TIMES = ["--request-timeout", "2s", "--timeout", "6s"]


@dataclasses.dataclass
class Point:
    fault: Fault
    at: int
    ns: str = ""
    run: object = None

    @property
    def where(self):
        return f"{self.fault.name} at {self.run.met} in {self.ns}"


class FaultSweep:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report

    def sweep(self, command, sampling):
        requests = self.bench.run(command.words(command.subject())).requests
        points = [
            Point(fault, at) for turn, fault in enumerate(FAULTS) for at in sampling.places(requests, turn)
        ]
        met = [one for one in self.each_by_pace(lambda one: self.meet(command, one), points) if one.run.met]
        view = self.bench.look()
        for one in met:
            if one.run.writes:
                self.say(command, one, view.state(one.ns), view.phase(one.ns))
                self.bench.give_back(one.ns, view.state(one.ns))
            else:
                self.say(command, one, command.before, command.phase_before)

    def each_by_pace(self, work, points):
        """Those that only wait do so beside the others."""
        with ThreadPoolExecutor(WORKERS) as quick, ThreadPoolExecutor(SLOW_WORKERS) as slow:
            under_way = [(slow if one.fault.slow else quick).submit(work, one) for one in points]
            return [one.result() for one in under_way]

    def meet(self, command, point):
        """One run. The proxy sees whether anything was written: where nothing was, nothing has changed."""
        point.ns = command.subject()
        point.run = self.bench.run([*command.words(point.ns), *TIMES], point.fault, point.at)
        if not point.run.writes:
            self.bench.give_back(point.ns, command.before)
        return point

    def say(self, command, point, found, phase):
        states = found, phase, command.before, command.after
        wrong = verdict.of_run(point.run, *states, point.fault, point.ns)
        if not wrong and command.name == NO_ROLLBACK:
            wrong = verdict.of_no_rollback(point.run, found)
        self.report.point(f"fault sweep, {command.name}: {point.fault.name}", point.where, wrong)


def without_rollback(create):
    """The same, but what was written stands where something fails."""
    return dataclasses.replace(create, name=NO_ROLLBACK, words=lambda ns: [*create.words(ns), "--no-rollback"])


def main(report):
    bench = Bench()
    sweep = FaultSweep(bench, report)
    all_commands = commands(bench)
    for command in [*all_commands, without_rollback(all_commands[0])]:
        sweep.sweep(command, SAMPLING)


if __name__ == "__main__":
    prove("fault sweep", main)
