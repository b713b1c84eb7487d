"""Slow suites are split into shares: every run of the test command takes one of them, `--all` takes all.

As a program, it prints those lines of standard input that belong to the piece in EGRESS_TEST_PIECE:

    git ls-files | EGRESS_TEST_PIECE=2/3 python3 -B tests/runner/share.py
"""

import dataclasses
import os
import sys

SHARE_COUNT = 8


@dataclasses.dataclass(frozen=True)
class Piece:
    """One of several pieces that a suite's work is divided into; 1 of 1 is all of it."""

    number: int = 1
    count: int = 1

    def __str__(self):
        return f"{self.number}/{self.count}"

    @property
    def is_whole(self):
        return self.count == 1

    @classmethod
    def parse(cls, text):
        """Of "2/3". Raises ValueError for what is not one."""
        number, count = (int(word) for word in text.split("/"))
        if not 1 <= number <= count:
            raise ValueError(f"no piece: {text}")
        return cls(number, count)

    @classmethod
    def from_environment(cls):
        return cls.parse(os.environ.get("EGRESS_TEST_PIECE") or "1/1")

    def select(self, items):
        """Those of a list that belong to this piece. Neighbours go to different pieces: they often take equally long."""
        return list(items)[self.number - 1 :: self.count]

    def select_range(self, length):
        """The first and the last of `length` things, numbered from 1, that belong to this piece."""
        return (self.number - 1) * length // self.count + 1, self.number * length // self.count


def share_of_commit(digest):
    """The share that a commit's run takes: a number from 1 to COUNT."""
    return int(digest[:8], 16) % SHARE_COUNT + 1


if __name__ == "__main__":
    print(*Piece.from_environment().select(sys.stdin.read().splitlines()), sep="\n")
