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

PARALLEL_SUITES = 3
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

    def run(self, selection, install):
        """The outcomes, in the order of the work. `install` runs beside the first build. Raises BuildFailed, and what
        `install` raises.
        """
        with concurrent.futures.ThreadPoolExecutor(1) as foreground:
            installation = foreground.submit(install)
            if any(suite.needs_release_build for suite, _ in selection):
                self.build(builds.RELEASE)
            installation.result()
        futures = {}
        with (
            concurrent.futures.ThreadPoolExecutor(PARALLEL_SUITES) as foreground,
            concurrent.futures.ThreadPoolExecutor(1) as background,
        ):
            sanitized = [item for item in selection if item[0].build == SANITIZED]
            targets = sorted({target for suite, _ in sanitized for target in suite.targets})
            sanitized_build = background.submit(self.build, SANITIZED, targets, LOWEST_PRIORITY) if sanitized else None
            for item in selection:
                if item not in sanitized and item[0].when != When.ALONE:
                    is_background = item[0].when == When.BACKGROUND
                    priority = LOWEST_PRIORITY if is_background else ()
                    futures[item] = (background if is_background else foreground).submit(self.run_suite, item, priority)
            if sanitized_build:
                sanitized_build.result()
            for item in sanitized:
                if item[0].when != When.ALONE:
                    futures[item] = foreground.submit(self.run_suite, item)
        outcomes = {item: future.result() for item, future in futures.items()}
        for item in selection:
            if item[0].when == When.ALONE:
                outcomes[item] = self.run_suite(item)
        return [outcomes[item] for item in selection]

    def build(self, name, targets=(), priority=()):
        self.on_build(name, builds.build(name, LOGS, targets, priority))

    def run_suite(self, item, priority=()):
        suite, piece = item
        start = time.monotonic()
        path = LOGS / f"{suite.name}.log"
        reason = suite.skip_reason()
        if reason:
            path.write_text(f"skipped {suite.name}: {reason}\n")
        status = 0 if reason else self.execute([*priority, *suite.command_line()], suite.environment_for(piece), path)
        text = path.read_text(errors="replace")
        result = outcome.read(text, status)
        result.seconds = time.monotonic() - start
        self.on_suite(suite, result, text)
        return result

    def execute(self, command, environment, path):
        """Runs a command with its output in a log; the exit code."""
        with open(path, "wb") as log, self.lock:
            if self.stopped:
                return 1
            process = subprocess.Popen(
                command,
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
