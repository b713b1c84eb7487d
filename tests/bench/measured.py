"""Runs a program, and tells what it took."""

import dataclasses
import os
import re
import subprocess
import tempfile
import time

TRAFFIC = re.compile(r"^waves: (\d+), requests: (\d+), connections: (\d+)$", re.MULTILINE)
KUBECTLS = re.compile(r'^.*\] "Response" verb=', re.MULTILINE)


@dataclasses.dataclass
class Measured:
    """Of the whole process, as GNU time has it."""

    seconds: float
    cpu: float
    memory: float  # MiB, the peak
    out: str
    err: str
    first: float = None  # seconds until the first byte of the output
    requests: int = None  # where the program tells: -v 6
    connections: int = None

    def __post_init__(self):
        if found := TRAFFIC.search(self.err):
            self.requests, self.connections = int(found[2]), int(found[3])
        elif found := KUBECTLS.findall(self.err):
            self.requests = len(found)

    def and_then(self, other):
        """One after the other, as one."""
        add = lambda one, two: None if one is None or two is None else one + two
        return Measured(
            self.seconds + other.seconds, self.cpu + other.cpu, max(self.memory, other.memory), "", "",
            requests=add(self.requests, other.requests), connections=add(self.connections, other.connections))


def run(words, well=(0,)):
    """Throws where the program ends with another status than these. What it takes is measured by GNU time: in what the kernel tells a parent of its
    child's peak memory, the parent's own is counted, too."""
    with tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile("r") as told:
        timed = ["time", "--quiet", "--format", "%U %S %M", "--output", told.name, *words]
        start = time.monotonic()
        process = subprocess.Popen(timed, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err)
        first, pieces = None, []
        while piece := os.read(process.stdout.fileno(), 1 << 16):
            first = first or time.monotonic() - start
            pieces.append(piece)
        status = process.wait()
        seconds = time.monotonic() - start
        process.stdout.close()
        user, system, memory = told.read().split()[-3:]
        err.seek(0)
        said = err.read().decode(errors="replace")
    if status not in well:
        raise OSError(f"{' '.join(words)[:200]}: exit {status}\n{said[-2000:]}")
    out = b"".join(pieces).decode(errors="replace")
    return Measured(seconds, float(user) + float(system), int(memory) / 1024, out, said, first)
