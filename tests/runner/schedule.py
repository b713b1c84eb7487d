"""When suites run: those that mostly wait side by side; those that only compute at the lowest priority beside them,
as the second build does; and those that measure alone, in the end.
"""

import concurrent.futures
import os
import signal
import subprocess
import threading
import time

import builds
import outcome
from suites import ROOT, SANITIZED, When

SIDE_BY_SIDE = 3
LOGS = ROOT / "build-logs"
LOWEST_PRIORITY = ("nice", "-n", "19")


class Schedule:
    """Runs pairs of a suite and its piece. `on_suite` is called with each suite, its outcome and its output when it ends,
    `on_build` with the name of each build and its seconds.
    """

    def __init__(self, on_suite, on_build):
        self.on_suite = on_suite
        self.on_build = on_build
        self.processes = set()
        self.lock = threading.Lock()
        self.stopped = False

    def run(self, work, install):
        """The outcomes, in the order of the work. `install` runs beside the first build. Raises BuildFailed, and what
        `install` raises.
        """
        with concurrent.futures.ThreadPoolExecutor(1) as beside:
            installed = beside.submit(install)
            if any(suite.needs_release_build for suite, _ in work):
                self.build(builds.RELEASE)
            installed.result()
        started = {}
        with (
            concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as beside,
            concurrent.futures.ThreadPoolExecutor(1) as background,
        ):
            second = [one for one in work if one[0].build == SANITIZED]
            targets = sorted({target for suite, _ in second for target in suite.targets})
            built = background.submit(self.build, SANITIZED, targets, LOWEST_PRIORITY) if second else None
            for one in work:
                if one not in second and one[0].when != When.ALONE:
                    computes = one[0].when == When.BACKGROUND
                    priority = LOWEST_PRIORITY if computes else ()
                    started[one] = (background if computes else beside).submit(self.run_one, one, priority)
            if built:
                built.result()
            for one in second:
                if one[0].when != When.ALONE:
                    started[one] = beside.submit(self.run_one, one)
        outcomes = {one: future.result() for one, future in started.items()}
        for one in work:
            if one[0].when == When.ALONE:
                outcomes[one] = self.run_one(one)
        return [outcomes[one] for one in work]

    def build(self, name, targets=(), priority=()):
        self.on_build(name, builds.build(name, LOGS, targets, priority))

    def run_one(self, one, priority=()):
        suite, piece = one
        start = time.monotonic()
        path = LOGS / f"{suite.name}.log"
        reason = suite.skip_reason()
        if reason:
            path.write_text(f"skipped {suite.name}: {reason}\n")
        status = 0 if reason else self.execute([*priority, *suite.words()], suite.variables(piece), path)
        text = path.read_text(errors="replace")
        found = outcome.read(text, status)
        found.seconds = time.monotonic() - start
        self.on_suite(suite, found, text)
        return found

    def execute(self, words, environment, path):
        """Runs a command with its output in a log; the exit code."""
        with open(path, "wb") as log, self.lock:
            if self.stopped:
                return 1
            process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.processes.add(process)
        status = process.wait()
        with self.lock:
            self.processes.discard(process)
        return status

    def stop(self):
        """Ends what still runs. A sandbox removes itself when it is told to end."""
        with self.lock:
            self.stopped = True
            for process in self.processes:
                os.killpg(process.pid, signal.SIGTERM)
