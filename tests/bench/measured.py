"""Runs a program, and tells what it took."""

import dataclasses
import os
import re
import subprocess
import tempfile
import time

TRAFFIC = re.compile(r"^waves: (\d+), requests: (\d+), connections: (\d+)$", re.MULTILINE)


@dataclasses.dataclass
class Measured:
    """Of the whole process, as GNU time has it."""

    seconds: float
    cpu: float
    memory: float  # MiB, the peak
    status: int
    out: str
    err: str

    @property
    def requests(self):
        """Only where it was asked for with -v 6."""
        found = TRAFFIC.search(self.err)
        return int(found[2]) if found else None

    @property
    def connections(self):
        found = TRAFFIC.search(self.err)
        return int(found[3]) if found else None


def run(words, good=(0,)):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = [stream.seek(0) or stream.read().decode(errors="replace") for stream in (out, err)]
    made = Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode, *texts)
    if made.status not in good:
        raise OSError(f"{' '.join(words)[:200]}: exit {made.status}\n{made.err[-2000:]}")
    return made
