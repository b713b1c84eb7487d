"""Disturbs an apply of several gateways at once: each of them is made whole or not at all, or its outcome says
what is unfinished. The same apply then finishes all of them.
"""

import verdict
from fault import FAULTS
from report import run_test
from sampling import SAMPLING
from state import State
from testbed import JSON_OUTPUT, Testbed

GATEWAYS = 3
TIMEOUTS = ["--request-timeout", "2s", "--timeout", "6s"]
# Each of the others is a fault of one gateway, and the fault sweep's.
FAULT_NAMES = ["reset after the server acted", "500", "Ctrl-C", "SIGTERM", "Ctrl-C twice"]


class FleetSweep:
    def __init__(self, testbed, report):
        self.testbed = testbed
        self.report = report
        self.complete_state = None

    def acquire_namespaces(self):
        return [self.testbed.acquire_namespace() for _ in range(GATEWAYS)]

    def arguments(self, namespaces):
        text = "---\n".join(open(self.testbed.write_manifest(ns)).read() for ns in namespaces)
        path = self.testbed.folder / f"{namespaces[0]}-fleet.yaml"
        path.write_text(text)
        return ["apply", "-f", str(path), *JSON_OUTPUT]

    def sweep(self):
        namespaces = self.acquire_namespaces()
        run = self.testbed.run(self.arguments(namespaces))
        self.complete_state = self.testbed.take_snapshot().state(namespaces[0])
        faults = [fault for fault in FAULTS if fault.name in FAULT_NAMES]
        # Every gateway's requests are of the same sorts, and each fault begins at another one.
        step = SAMPLING.step * GATEWAYS * 2 * len(faults)
        points = [
            (fault, request_number)
            for offset, fault in enumerate(faults)
            for request_number in range(1 + offset * GATEWAYS, len(run.requests) + 1, step)
        ]
        attempts = self.testbed.run_parallel(self.run_point, points)
        snapshot = self.testbed.take_snapshot()
        for fault, namespaces, run in attempts:
            if run.faulted_request:
                location = f"{fault.name} at {run.faulted_request} in {namespaces[0]}"
                self.report.add_point(
                    f"fleet sweep: {fault.name}", location, self.find_problem(fault, namespaces, run, snapshot)
                )
        self.check_recovery([namespaces for _, namespaces, _ in attempts])

    def run_point(self, point):
        fault, request_number = point
        namespaces = self.acquire_namespaces()
        return fault, namespaces, self.testbed.run([*self.arguments(namespaces), *TIMEOUTS], fault, request_number)

    def find_problem(self, fault, namespaces, run, snapshot):
        result = run.result
        states = {ns: snapshot.state(ns) for ns in namespaces}
        problem = next(
            (
                problem
                for ns in namespaces
                if (problem := verdict.check_phase(states[ns], snapshot.phase(ns), [self.complete_state]))
            ),
            "",
        )
        if not problem and result.status not in (0, 1):
            is_unchanged = all(state.is_empty for state in states.values())
            problem = "" if fault.sends_signal and is_unchanged else "it did not exit with 0 or 1"
        elif not problem:
            problem = verdict.check_fleet(run, states, self.complete_state, fault)
        return f"{problem}\n{result}" if problem else ""

    def check_recovery(self, all_namespaces):
        """The same apply again."""
        results = self.testbed.run_parallel(
            lambda namespaces: self.testbed.run_directly(self.arguments(namespaces)), all_namespaces
        )
        snapshot = self.testbed.take_snapshot()
        for namespaces, result in zip(all_namespaces, results):
            states = [snapshot.state(ns) for ns in namespaces]
            difference = next(
                (state.difference_from(self.complete_state) for state in states if state != self.complete_state), ""
            )
            problem = f"{difference}\n{result}" if difference or result.status else ""
            self.report.add_point("fleet sweep: the same apply finishes all", namespaces[0], problem)


def main(report):
    FleetSweep(Testbed(), report).sweep()


if __name__ == "__main__":
    run_test("fleet sweep", main)
