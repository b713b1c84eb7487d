"""How many tests of a suite passed, failed and were skipped, read from what it printed.

Doctest prints a summary. The other suites print a line for each test: "ok NAME", "not ok NAME: WHY" or
"skipped NAME: WHY". Doctest counts a test that skips itself as passed; it prints "skipped test case NAME: WHY".
"""

import dataclasses
import re

DOCTEST = re.compile(r"^\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed", re.MULTILINE)
LINE = re.compile(r"^(ok|not ok|skipped) ", re.MULTILINE)
# Of doctest.py: which of a program's test cases ran. Doctest counts those outside the range as passed.
RANGE = re.compile(r"^test cases (\d+) to (\d+) of (\d+)$", re.MULTILINE)
SKIPPED_BY_DOCTEST = re.compile(r"^skipped test case ", re.MULTILINE)
FAILURE = re.compile(r"^not ok .*(?:\n +.*){0,12}|^.*\bERROR: .*(?:\n.*){0,4}", re.MULTILINE)


@dataclasses.dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0

    def __add__(self, other):
        return Outcome(*(left + right for left, right in zip(dataclasses.astuple(self), dataclasses.astuple(other))))

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def read(text, status):
    """The outcome of a suite that printed this and exited with that status."""
    lines = LINE.findall(text)
    doctest = [tuple(map(int, counts)) for counts in DOCTEST.findall(text)]
    skipped = lines.count("skipped")
    not_run = sum(int(count) - (int(last) - int(first) + 1) for first, last, count in RANGE.findall(text))
    outcome = Outcome(
        passed=lines.count("ok")
        + sum(passed for passed, _ in doctest)
        - len(SKIPPED_BY_DOCTEST.findall(text))
        - not_run,
        failed=lines.count("not ok") + sum(failed for _, failed in doctest),
        skipped=skipped,
    )
    # It ended badly without naming a test, or ran none.
    if not outcome.failed and (status != 0 or not outcome.passed + skipped):
        outcome.failed = 1
    return outcome


def failures(text, limit=20):
    """What a failed suite says of its failures; the end of its output where it names none."""
    found = [match.group() for match in FAILURE.finditer(text)]
    if not found:
        return "\n".join(text.splitlines()[-60:])
    more = f"\nand {len(found) - limit} more" if len(found) > limit else ""
    return "\n".join(found[:limit]) + more
