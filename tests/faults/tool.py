"""Runs kubectl-egress, and tells what came of it."""

import dataclasses
import functools
import os
import shutil
import subprocess
import time

import outcome

LONGEST_RUN = 120  # seconds


@dataclasses.dataclass
class Ran:
    words: list
    status: int  # -9 where it was killed
    out: str
    err: str

    @functools.cached_property
    def printed(self):
        """The objects and the outcomes on stdout; None if that is no JSON document."""
        return outcome.printed(self.out)

    def __str__(self):
        said = self.err.strip() or self.out.strip().splitlines()[-1:]
        outcomes = "".join(f"\noutcome: {one.summary}" for one in (self.printed or ([], []))[1])
        return f"{' '.join(self.words)}\nexit {self.status}, said: {said}{outcomes}"


class Tool:
    def __init__(self):
        self.program = shutil.which("kubectl-egress")
        if not self.program:
            raise OSError("kubectl-egress is not on PATH")

    def start(self, words, kubeconfig):
        environment = {**os.environ, "KUBECONFIG": kubeconfig, "NO_COLOR": "1"}
        return subprocess.Popen(
            [self.program, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process, words):
        try:
            out, err = process.communicate(timeout=LONGEST_RUN)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            err += f"\nand had not ended after {LONGEST_RUN} s"
        return Ran(words, process.returncode, out, err)

    def run(self, words, kubeconfig):
        return self.finish(self.start(words, kubeconfig), words)

    def both(self, first, second, delay, kubeconfig):
        """Runs two at once, the second a little later."""
        one = self.start(first, kubeconfig)
        time.sleep(delay)
        other = self.start(second, kubeconfig)
        return [self.finish(one, first), self.finish(other, second)]


def must(ran):
    """For what only makes ready, and has to go well."""
    if ran.status != 0:
        raise OSError(str(ran))
