"""Kills the tool after each of its requests, for create, apply and delete.

Then `list` must say what it left, `apply` must finish it to what an undisturbed run makes, also where that is
killed at the same place, and `delete` must leave nothing.
"""

import dataclasses

import verdict
from command import commands
from fault import KILL
from report import run_test
from sampling import EVERY_REQUEST
from state import State
from testbed import Testbed

EMPTY = State()


@dataclasses.dataclass
class Experiment:
    ns: str
    run: object

    @property
    def location(self):
        return f"killed after {self.run.faulted_request} in {self.ns}"


class CrashSweep:
    def __init__(self, testbed, report):
        self.testbed = testbed
        self.report = report

    def sweep(self, command, sampling):
        """Kills it after its requests; where something may stand then twice, to go on in both ways."""
        requests = self.testbed.run(command.arguments(command.acquire_namespace())).requests
        self.check_nothing_written(command, sampling.before_writes(requests))
        points = sampling.from_first_write(requests)
        to_delete = self.run_experiments(command, points)
        to_recover = self.run_experiments(command, points) if command.recovery_arguments else []
        self.check_list(command, to_delete + to_recover)
        if command.recovery_arguments:
            self.check_recovery(command, to_recover)
        self.check_delete(command, to_delete)
        if command.name == command.recovery_command:
            self.kill_recovery(command, points)

    def kill_recovery(self, command, points):
        """Who goes on may be killed, too; the next one then finishes it."""
        testbed = self.testbed

        def kill_again(experiment):
            run = testbed.run(command.recovery_arguments(experiment.ns), KILL, experiment.run.faulted_request.number)
            return Experiment(experiment.ns, run if run.faulted_request else experiment.run)

        killed = testbed.run_parallel(kill_again, self.run_experiments(command, points))
        self.check_list(command, killed)
        self.check_recovery(command, killed)

    def check_nothing_written(self, command, points):
        """As long as nothing is checked, nothing is written: the proxy would see it."""

        def run_killed(request_number):
            ns = command.acquire_namespace()
            run = self.testbed.run(command.arguments(ns), KILL, request_number)
            problem = f"{run.writes[0]} was sent before" if run.writes else ""
            self.report.add_point(
                f"crash sweep, {command.name}: nothing is written before all is checked",
                f"killed after {run.faulted_request} in {ns}",
                problem,
            )
            if not problem:
                self.testbed.release_namespace(ns, command.before)

        self.testbed.run_parallel(run_killed, points)

    def run_experiments(self, command, points):
        """One experiment for each point; a run that ended before it got there is none."""

        def run_killed(request_number):
            ns = command.acquire_namespace()
            return Experiment(ns, self.testbed.run(command.arguments(ns), KILL, request_number))

        return [
            experiment for experiment in self.testbed.run_parallel(run_killed, points) if experiment.run.faulted_request
        ]

    def check_list(self, command, experiments):
        snapshot = self.testbed.take_snapshot()
        for experiment in experiments:
            problem = verdict.check_phase(
                snapshot.state(experiment.ns), snapshot.phase(experiment.ns), command.complete_states
            )
            self.report.add_point(f"crash sweep, {command.name}: list tells the truth", experiment.location, problem)

    def check_delete(self, command, experiments):
        testbed = self.testbed
        group = f"crash sweep, {command.name}: delete leaves nothing of it"
        self.check_command(group, experiments, lambda ns: testbed.delete_arguments(ns, "--ignore-not-found"), EMPTY)

    def check_recovery(self, command, experiments):
        group = f"crash sweep, {command.name}: {command.recovery_command} completes it"
        self.check_command(group, experiments, command.recovery_arguments, command.recovered_state)

    def check_command(self, group, experiments, arguments, expected):
        testbed = self.testbed
        results = testbed.run_parallel(lambda experiment: testbed.run_directly(arguments(experiment.ns)), experiments)
        snapshot = testbed.take_snapshot()
        for experiment, result in zip(experiments, results):
            current, phase = snapshot.state(experiment.ns), snapshot.phase(experiment.ns)
            # All of it had been done already: a create then finds its gateway.
            is_done = current == expected and phase == "Ready" and self.reports_already_exists(result)
            problem = "" if is_done else verdict.check_recovery(result, current, phase, expected, experiment.ns)
            self.report.add_point(group, experiment.location, problem)
            testbed.release_namespace(experiment.ns, current)

    @staticmethod
    def reports_already_exists(result):
        if result.status != 1:
            return False
        outcome, problem = verdict.find_outcome(result)
        return not problem and outcome.reason == "AlreadyExists"


def main(report):
    testbed = Testbed()
    sweep = CrashSweep(testbed, report)
    for command in commands(testbed):
        sweep.sweep(command, EVERY_REQUEST)


if __name__ == "__main__":
    run_test("crash sweep", main)
