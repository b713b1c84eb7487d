"""doctest.py PROGRAM [ARGUMENT…]: runs the test cases of a doctest program that belong to the piece in EGRESS_TEST_PIECE.
With --numbers as first argument, prints the numbers of the first and the last of them, and their count, instead.
"""

import os
import re
import subprocess
import sys

from share import Piece

COUNT = re.compile(r"test cases passing the current filters: (\d+)")


def main(arguments):
    prints_numbers = arguments[0] == "--numbers"
    command = arguments[1:] if prints_numbers else arguments
    output = subprocess.run([*command, "--list-test-cases"], check=True, capture_output=True, text=True).stdout
    count = int(COUNT.search(output)[1])
    first, last = Piece.from_environment().select_range(count)
    if prints_numbers:
        print(first, last, count)
        return
    # Doctest counts the others as passed; outcome.py reads this line to subtract them.
    print(f"test cases {first} to {last} of {count}", flush=True)
    os.execv(command[0], [*command, f"--first={first}", f"--last={last}"])


if __name__ == "__main__":
    main(sys.argv[1:])
