"""The benchmark: a table of medians, and of ratios within one and the same run."""

import os
import platform
import sys
import tempfile

import cases
import sandbox
from table import Table

ROUNDS = int(os.environ.get("EGRESS_BENCH_ROUNDS", "3"))
# Lists that are longer than what is written, and the shortest.
LIST_SIZES = sorted({0, *(int(size) for size in os.environ.get("EGRESS_BENCH_LISTS", "").split())})


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{os.cpu_count()} × {names[0] if names else platform.machine()}"


def main(sizes):
    paused = sandbox.pause_controllers()
    rounds = f"medians of {ROUNDS} rounds" if ROUNDS > 1 else "one round"
    print(f"{processor()}; {rounds}; {paused} controllers of the sandbox hold still\n")
    table = Table({"machine": processor(), "rounds": ROUNDS, "held": paused})
    table.print_header()
    with tempfile.TemporaryDirectory() as folder:
        cases.measure_start_up(table, ROUNDS)
        cases.measure_create(table, folder, ROUNDS)
        for size in sizes:
            cases.measure_life_cycle(table, folder, ROUNDS, size)
        for size in LIST_SIZES:
            cases.measure_list(table, folder, ROUNDS, size)
    print()
    for case in (
        "apply of {} new",
        "apply of {} unchanged",
        "apply of {} changed",
        "diff of {} unchanged",
        "diff of {} changed",
        "check of {}",
        "delete of {}",
    ):
        table.print_growth(case, sizes)
    table.print_growth("list of {}", [size for size in sizes + LIST_SIZES if size])
    if path := os.environ.get("EGRESS_BENCH_JSON"):
        table.write(path)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
