"""Lets each fault befall each request of create, apply and delete, and compares what the tool then says with
the objects on the server: success, a clean rollback, or a truthful report.
"""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import verdict
from command import commands
from fault import FAULTS, Fault
from report import run_test
from sampling import SAMPLING
from testbed import SLOW_WORKERS, WORKERS, Testbed

NO_ROLLBACK = "create --no-rollback"
# Short, lest a stall take long; but long enough for a pod on a busy machine.
TIMEOUTS = ["--request-timeout", "2s", "--timeout", "6s"]


@dataclasses.dataclass
class Point:
    fault: Fault
    request_number: int
    ns: str = ""
    run: object = None

    @property
    def location(self):
        return f"{self.fault.name} at {self.run.faulted_request} in {self.ns}"


class FaultSweep:
    def __init__(self, testbed, report):
        self.testbed = testbed
        self.report = report

    def sweep(self, command, sampling):
        requests = self.testbed.run(command.arguments(command.acquire_namespace())).requests
        points = [
            Point(fault, request_number)
            for offset, fault in enumerate(FAULTS)
            for request_number in sampling.request_numbers(requests, offset)
        ]
        faulted = [
            point
            for point in self.run_points(lambda point: self.run_point(command, point), points)
            if point.run.faulted_request
        ]
        snapshot = self.testbed.take_snapshot()
        for point in faulted:
            if point.run.writes:
                self.report_point(command, point, snapshot.state(point.ns), snapshot.phase(point.ns))
                self.testbed.release_namespace(point.ns, snapshot.state(point.ns))
            else:
                self.report_point(command, point, command.before, command.phase_before)

    def run_points(self, function, points):
        """Those that only wait do so beside the others."""
        with ThreadPoolExecutor(WORKERS) as quick, ThreadPoolExecutor(SLOW_WORKERS) as slow:
            futures = [(slow if point.fault.is_slow else quick).submit(function, point) for point in points]
            return [future.result() for future in futures]

    def run_point(self, command, point):
        """One run. The proxy sees whether anything was written: where nothing was, nothing has changed."""
        point.ns = command.acquire_namespace()
        point.run = self.testbed.run([*command.arguments(point.ns), *TIMEOUTS], point.fault, point.request_number)
        if not point.run.writes:
            self.testbed.release_namespace(point.ns, command.before)
        return point

    def report_point(self, command, point, current, phase):
        states = current, phase, command.before, command.after
        problem = verdict.check_run(point.run, *states, point.fault, point.ns)
        if not problem and command.name == NO_ROLLBACK:
            problem = verdict.check_no_rollback(point.run, current)
        self.report.add_point(f"fault sweep, {command.name}: {point.fault.name}", point.location, problem)


def without_rollback(create):
    """The same, but what was written stands where something fails."""
    return dataclasses.replace(create, name=NO_ROLLBACK, arguments=lambda ns: [*create.arguments(ns), "--no-rollback"])


def main(report):
    testbed = Testbed()
    sweep = FaultSweep(testbed, report)
    all_commands = commands(testbed)
    for command in [*all_commands, without_rollback(all_commands[0])]:
        sweep.sweep(command, SAMPLING)


if __name__ == "__main__":
    run_test("fault sweep", main)
