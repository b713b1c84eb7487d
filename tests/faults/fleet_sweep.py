"""Disturbs an apply of several gateways at once: each of them is made whole or not at all, or its outcome says
what is unfinished. The same apply then finishes all of them.
"""

import verdict
from bench import JSON, Bench
from fault import FAULTS
from report import prove
from sampling import SAMPLING
from snapshot import State

GATEWAYS = 3
TIMES = ["--request-timeout", "2s", "--timeout", "6s"]
# Each of the others is a fault of one gateway, and the fault sweep's.
MET = ["reset after the server acted", "500", "Ctrl-C", "SIGTERM", "Ctrl-C twice"]


class FleetSweep:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report
        self.whole = None

    def namespaces(self):
        return [self.bench.namespace() for _ in range(GATEWAYS)]

    def words(self, namespaces):
        text = "---\n".join(open(self.bench.file(ns)).read() for ns in namespaces)
        path = self.bench.folder / f"{namespaces[0]}-fleet.yaml"
        path.write_text(text)
        return ["apply", "-f", str(path), *JSON]

    def sweep(self):
        namespaces = self.namespaces()
        run = self.bench.run(self.words(namespaces))
        self.whole = self.bench.look().state(namespaces[0])
        faults = [one for one in FAULTS if one.name in MET]
        # Every gateway's requests are of the same sorts, and each fault begins at another one.
        step = SAMPLING.step * GATEWAYS * 2 * len(faults)
        points = [
            (fault, at)
            for turn, fault in enumerate(faults)
            for at in range(1 + turn * GATEWAYS, len(run.requests) + 1, step)
        ]
        tries = self.bench.each(self.meet, points)
        view = self.bench.look()
        for fault, namespaces, run in tries:
            if run.met:
                where = f"{fault.name} at {run.met} in {namespaces[0]}"
                self.report.point(f"fleet sweep: {fault.name}", where, self.judge(fault, namespaces, run, view))
        self.finish([namespaces for _, namespaces, _ in tries])

    def meet(self, point):
        fault, at = point
        namespaces = self.namespaces()
        return fault, namespaces, self.bench.run([*self.words(namespaces), *TIMES], fault, at)

    def judge(self, fault, namespaces, run, view):
        ran = run.ran
        states = {ns: view.state(ns) for ns in namespaces}
        wrong = next(
            (wrong for ns in namespaces if (wrong := verdict.of_phase(states[ns], view.phase(ns), [self.whole]))), ""
        )
        if not wrong and ran.status not in (0, 1):
            untouched = all(one.empty for one in states.values())
            wrong = "" if fault.signals and untouched else "it did not exit with 0 or 1"
        elif not wrong:
            wrong = verdict.of_fleet(run, states, self.whole, fault)
        return f"{wrong}\n{ran}" if wrong else ""

    def finish(self, all_namespaces):
        """The same apply again."""
        runs = self.bench.each(lambda namespaces: self.bench.plainly(self.words(namespaces)), all_namespaces)
        view = self.bench.look()
        for namespaces, ran in zip(all_namespaces, runs):
            states = [view.state(ns) for ns in namespaces]
            unlike = next((one.unlike(self.whole) for one in states if one != self.whole), "")
            wrong = f"{unlike}\n{ran}" if unlike or ran.status else ""
            self.report.point("fleet sweep: the same apply finishes all", namespaces[0], wrong)


def main(report):
    FleetSweep(Bench(), report).sweep()


if __name__ == "__main__":
    prove("fleet sweep", main)
