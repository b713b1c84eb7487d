"""Selects the part of a table that this run takes."""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "runner"))

from share import Piece


def select_piece(table):
    """The fast entries, and those of the others that belong to the piece in EGRESS_TEST_PIECE; in the table's order."""
    slow = Piece.from_environment().select([entry for entry in table if not entry.fast])
    return [entry for entry in table if entry.fast or entry in slow]
