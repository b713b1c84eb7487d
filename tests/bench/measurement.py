"""Runs a program, and tells what it took."""

import dataclasses
import os
import re
import subprocess
import tempfile
import time

SUMMARY_LINE = re.compile(r"^waves: (\d+), requests: (\d+), connections: (\d+)$", re.MULTILINE)
KUBECTL_RESPONSE = re.compile(r'^.*\] "Response" verb=', re.MULTILINE)


@dataclasses.dataclass
class Measurement:
    """Of the whole process, as GNU time has it."""

    seconds: float
    cpu: float
    memory: float  # MiB, the peak
    out: str
    err: str
    first_byte: float = None  # seconds until the first byte of the output
    requests: int = None  # where the program tells: -v 6
    connections: int = None

    def __post_init__(self):
        if match := SUMMARY_LINE.search(self.err):
            self.requests, self.connections = int(match[2]), int(match[3])
        elif match := KUBECTL_RESPONSE.findall(self.err):
            self.requests = len(match)

    def add(self, other):
        """One after the other, as one."""
        total = lambda left, right: None if left is None or right is None else left + right
        return Measurement(
            self.seconds + other.seconds,
            self.cpu + other.cpu,
            max(self.memory, other.memory),
            "",
            "",
            requests=total(self.requests, other.requests),
            connections=total(self.connections, other.connections),
        )


def run(command, allowed_statuses=(0,)):
    """Throws where the program ends with another status than these. What it takes is measured by GNU time: in what the kernel tells a parent of its
    child's peak memory, the parent's own is counted, too."""
    with tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile("r") as time_file:
        timed_command = ["time", "--quiet", "--format", "%U %S %M", "--output", time_file.name, *command]
        start = time.monotonic()
        process = subprocess.Popen(timed_command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err)
        first_byte, chunks = None, []
        while chunk := os.read(process.stdout.fileno(), 1 << 16):
            first_byte = first_byte or time.monotonic() - start
            chunks.append(chunk)
        status = process.wait()
        seconds = time.monotonic() - start
        process.stdout.close()
        user, system, memory = time_file.read().split()[-3:]
        err.seek(0)
        err_text = err.read().decode(errors="replace")
    if status not in allowed_statuses:
        raise OSError(f"{' '.join(command)[:200]}: exit {status}\n{err_text[-2000:]}")
    out = b"".join(chunks).decode(errors="replace")
    return Measurement(seconds, float(user) + float(system), int(memory) / 1024, out, err_text, first_byte)
