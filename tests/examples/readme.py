#!/usr/bin/env python3
"""Runs the commands of README.md that follow a "$", in order, with the plugin that is first on PATH, in a
sandbox, and compares the output. Prints a line "ok …" or "not ok …" for each
command. By hand:

  tests/sandbox/sandbox.sh run -- tests/examples/readme.py

In the README "…" alone on a line stands for any lines. A YAML block that begins with a comment "# NAME.yaml" is the
file that later commands name. Ages and the names of pods may be others.
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

README = pathlib.Path(__file__).parents[2] / "README.md"
ELLIPSIS = "…"


class Command:
    """A command, and the lines that it is to print."""

    def __init__(self, text):
        self.text = text
        self.lines = []

    def expected_lines(self):
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return [normalize(line) for line in self.lines]


def normalize(line):
    """The line without what differs each time."""
    line = re.sub(r"\b(\d+[smh])+$", "AGE", line)
    return re.sub(r"-[0-9a-f]{8,10}-[a-z0-9]{5}\b", "-POD", line).rstrip()


def read_steps(text):
    """The files and commands of the README, in its order."""
    steps = []
    in_yaml = False
    for line in text.splitlines():
        if line.startswith("```"):
            in_yaml = line == "```yaml"
        elif in_yaml and re.fullmatch(r"# [\w-]+\.yaml", line):
            steps.append((line[2:], [line]))
        elif in_yaml and steps and isinstance(steps[-1], tuple):
            steps[-1][1].append(line)
        elif line.startswith("    $ "):
            steps.append(Command(line[6:]))
        elif line and not line.startswith("    "):
            steps.append(None)  # what follows is no longer the output of a command
        elif steps and isinstance(steps[-1], Command):
            steps[-1].lines.append(line[4:])
    return [step for step in steps if step is not None]


def matches(expected_lines, actual_lines):
    """Whether those lines are these, but for what is left out."""
    pattern = "".join(r"(.*\n)*?" if line == ELLIPSIS else re.escape(line) + r"\n" for line in expected_lines)
    return re.fullmatch(pattern, "".join(line + "\n" for line in actual_lines)) is not None


def find_difference(command, folder):
    completed = subprocess.run(
        ["bash", "-c", f"({command.text}) 2>&1"], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    actual_lines = [normalize(line) for line in completed.stdout.decode().splitlines()]
    while actual_lines and not actual_lines[-1]:
        actual_lines.pop()
    expected_lines = command.expected_lines()
    if matches(expected_lines, actual_lines):
        return ""
    return "\n".join(difflib.unified_diff(expected_lines, actual_lines, "README.md", "printed", lineterm="", n=1))


def main():
    if "EGRESS_SANDBOX_DIR" not in os.environ:
        sys.exit("readme.py: this needs a sandbox, see its head")
    steps = read_steps(README.read_text())
    failed = not any(isinstance(step, Command) for step in steps)
    if failed:
        print("not ok README.md shows commands")
    with tempfile.TemporaryDirectory() as folder:
        for step in steps:
            if isinstance(step, tuple):
                (pathlib.Path(folder) / step[0]).write_text("\n".join(step[1]) + "\n")
                continue
            difference = find_difference(step, folder)
            print(("not ok" if difference else "ok") + " README.md: " + step.text, flush=True)
            if difference:
                failed = True
                print("  " + difference.replace("\n", "\n  "), flush=True)
    return failed


sys.exit(main())
