"""Runs kubectl-egress, and tells what came of it."""

import dataclasses
import functools
import os
import shutil
import subprocess
import time

import outcome

RUN_TIMEOUT = 120  # seconds


@dataclasses.dataclass
class CommandResult:
    arguments: list
    status: int  # -9 where it was killed
    out: str
    err: str

    @functools.cached_property
    def parsed_output(self):
        """The objects and the outcomes on stdout; None if that is no JSON document."""
        return outcome.parse_output(self.out)

    def __str__(self):
        output = self.err.strip() or self.out.strip().splitlines()[-1:]
        outcomes = "".join(f"\noutcome: {each.summary}" for each in (self.parsed_output or ([], []))[1])
        return f"{' '.join(self.arguments)}\nexit {self.status}, said: {output}{outcomes}"


class Tool:
    def __init__(self):
        self.program = shutil.which("kubectl-egress")
        if not self.program:
            raise OSError("kubectl-egress is not on PATH")

    def start(self, arguments, kubeconfig):
        environment = {**os.environ, "KUBECONFIG": kubeconfig, "NO_COLOR": "1"}
        return subprocess.Popen(
            [self.program, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait(self, process, arguments):
        try:
            out, err = process.communicate(timeout=RUN_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            err += f"\nand had not ended after {RUN_TIMEOUT} s"
        return CommandResult(arguments, process.returncode, out, err)

    def run(self, arguments, kubeconfig):
        return self.wait(self.start(arguments, kubeconfig), arguments)

    def run_both(self, first, second, delay, kubeconfig):
        """Runs two at once, the second a little later."""
        first_process = self.start(first, kubeconfig)
        time.sleep(delay)
        second_process = self.start(second, kubeconfig)
        return [self.wait(first_process, first), self.wait(second_process, second)]


def check_success(result):
    """For what only makes ready, and has to go well."""
    if result.status != 0:
        raise OSError(str(result))
