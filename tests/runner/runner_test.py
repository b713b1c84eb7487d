"""Tests of the test command itself."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import outcome
import share
import suites
from share import Piece


def output_lines(*command, piece=Piece()):
    """What a suite would run of its files."""
    environment = {**os.environ, "EGRESS_TEST_PIECE": str(piece)}
    return subprocess.check_output(command, cwd=suites.ROOT, env=environment, text=True).splitlines()


class Shares(unittest.TestCase):
    def test_pieces_of_a_list_are_the_whole_list(self):
        for count in range(1, 7):
            for length in (0, 1, count, 40, 41):
                items = list(range(length))
                pieces = [Piece(number, count).select(items) for number in range(1, count + 1)]
                self.assertEqual(sorted(sum(pieces, [])), items)

    def test_shares_together_run_each_suite_whole(self):
        for suite in suites.SUITES:
            pieces = [piece for number in suites.ALL_SHARES if (piece := suite.piece(number))]
            expected = [Piece(number, len(suite.shares)) for number in range(1, len(suite.shares) + 1)]
            with self.subTest(suite.name):
                # A fast suite is part of every share, and whole there.
                self.assertEqual(pieces, expected if suite.is_slow else [Piece()] * share.SHARE_COUNT)

    def test_only_suites_that_read_the_piece_are_divided(self):
        divided = {suite.name for suite in suites.SUITES if len(suite.shares) > 1}
        self.assertEqual(divided, {"tidy", "e2e-istio-1.7", "mesh-scenarios"})

    def test_pieces_of_a_range_are_the_whole_range(self):
        for count in range(1, 9):
            for length in (0, 1, count, 121, 122):
                pieces = [Piece(number, count).select_range(length) for number in range(1, count + 1)]
                numbers = [number for first, last in pieces for number in range(first, last + 1)]
                self.assertEqual(numbers, list(range(1, length + 1)))

    def test_pieces_of_a_doctest_program_are_all_of_its_test_cases(self):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "program")
            program.write_text("#!/bin/sh\necho '[doctest] unskipped test cases passing the current filters: 41'\n")
            program.chmod(0o755)
            command = ("python3", "-B", "tests/runner/doctest.py", "--numbers", str(program))
            pieces = [output_lines(*command, piece=Piece(number, 4))[0] for number in range(1, 5)]
        self.assertEqual(pieces, ["1 10 41", "11 20 41", "21 30 41", "31 41 41"])

    def test_pieces_of_clang_tidy_are_all_source_files(self):
        count = len(suites.find_suites(["tidy"])[0].shares)
        pieces = [
            output_lines("tests/style/tidy.sh", "--list", piece=Piece(number, count)) for number in range(1, count + 1)
        ]
        self.assertEqual(sorted(sum(pieces, [])), sorted(output_lines("git", "ls-files", "src/*.cpp")))

    def test_every_fault_sweep_has_a_suite(self):
        sweeps = {sweep for suite in suites.SUITES if suite.name.startswith("faults-") for sweep in suite.command[1:]}
        self.assertEqual(sweeps, set(output_lines("tests/faults/run.sh", "--list")))

    def test_commits_choose_every_share(self):
        chosen = {share.share_of_commit(f"{number:08x}" + "0" * 32) for number in range(100)}
        self.assertEqual(chosen, set(suites.ALL_SHARES))

    def test_a_piece_that_is_none_is_an_error(self):
        for text in ("0/3", "4/3", "1", "a/b"):
            with self.subTest(text), self.assertRaises(ValueError):
                Piece.parse(text)


class Outcomes(unittest.TestCase):
    def read(self, text, status=0):
        actual = outcome.read(text, status)
        return actual.passed, actual.failed, actual.skipped

    def test_lines_are_counted(self):
        self.assertEqual(
            self.read("ok a\nskipped b: no root\nnot ok c: wrong\n  ok that is part of it\n", 1), (1, 1, 1)
        )

    def test_doctest_cases_are_counted_and_those_that_skip_themselves_are_not_passed(self):
        text = "skipped test case a: no sandbox\n[doctest] test cases:  12 |  10 passed | 2 failed | 5 skipped\n"
        self.assertEqual(self.read(text, 1), (9, 2, 1))

    def test_doctest_cases_outside_the_piece_are_not_counted(self):
        text = "test cases 11 to 20 of 41\n[doctest] test cases: 41 | 41 passed | 0 failed | 0 skipped\n"
        self.assertEqual(self.read(text), (10, 0, 0))

    def test_a_suite_that_crashes_or_runs_nothing_has_failed(self):
        self.assertEqual(self.read("ok a\n", 139), (1, 1, 0))
        self.assertEqual(self.read("", 0), (0, 1, 0))
        self.assertEqual(self.read("[doctest] test cases: 0 | 0 passed | 0 failed | 3 skipped\n"), (0, 1, 0))

    def test_a_suite_that_is_skipped_as_a_whole_has_not_failed(self):
        self.assertEqual(self.read("skipped a: no sandbox\n"), (0, 0, 1))

    def test_failures_are_shown_with_what_they_say(self):
        text = "ok a\nnot ok b: wrong\n  here\nok c\nx.cpp:3: ERROR: CHECK( a ) is NOT correct!\n  values: 1\n"
        shown = outcome.failures(text)
        for fact in ("not ok b: wrong\n  here", "x.cpp:3: ERROR", "values: 1"):
            self.assertIn(fact, shown)
        self.assertNotIn("ok c", shown)


class Command(unittest.TestCase):
    def run_command(self, *arguments):
        command = [sys.executable, "-B", str(suites.ROOT / "tests/runner/main.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def test_list_names_every_suite(self):
        names = [line.split()[0] for line in self.run_command("--list").stdout.splitlines()]
        self.assertEqual(names, [suite.name for suite in suites.SUITES])

    def test_an_unknown_argument_is_an_error_that_names_it(self):
        for argument in ("--everything", "no-such-suite", "--share=9"):
            completed = self.run_command(argument)
            with self.subTest(argument):
                self.assertEqual(completed.returncode, 2)
                self.assertIn(argument.removeprefix("--share="), completed.stderr)

    def test_the_first_part_of_a_name_means_all_suites_that_have_it(self):
        actual = [suite.name for suite in suites.find_suites(["faults", "unit"])]
        self.assertEqual(actual, [suite.name for suite in suites.SUITES if suite.name.startswith("faults-")] + ["unit"])
