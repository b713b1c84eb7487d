"""The benchmark: a table of medians, and of ratios within one and the same run."""

import json
import math
import os
import platform
import statistics
import sys
import tempfile

import yaml
from bare import Bare
from fleet import Fleet
from measured import run

ROUNDS = int(os.environ.get("EGRESS_BENCH_ROUNDS", "3"))
KUBECTL = os.environ["EGRESS_CURRENT_KUBECTL"]


def path_of(one):
    version, kind, metadata = one["apiVersion"], one["kind"], one["metadata"]
    plural = plural_of(kind)
    base = f"/apis/{version}" if "/" in version else f"/api/{version}"
    return f"{base}/namespaces/{metadata['namespace']}/{plural}/{metadata['name']}"


def plural_of(kind):
    lower = kind.lower()
    return lower[:-1] + "ies" if lower.endswith("y") and lower[-2] not in "aeiou" else lower + "s"


class Table:
    def __init__(self):
        self.rows = []

    def add(self, case, who, runs, base=None):
        """One line; ratios are to the run `base` of the same case."""
        median = lambda key: statistics.median(getattr(one, key) for one in runs)
        row = {"case": case, "who": who, "seconds": median("seconds"), "cpu": median("cpu"), "memory": median("memory")}
        row["requests"], row["connections"] = runs[-1].requests, runs[-1].connections
        if base:
            row["ratio"] = row["seconds"] / base["seconds"]
        self.rows.append(row)
        print(self.line(row), flush=True)
        return row

    @staticmethod
    def line(row):
        number = lambda key, form: form.format(row[key]) if row.get(key) is not None else "-"
        return (
            f"| {row['case']} | {row['who']} | {row['seconds']:.3f} s | {row['cpu']:.3f} s | {row['memory']:.1f} MiB "
            f"| {number('requests', '{}')} | {number('connections', '{}')} | {number('ratio', '{:.2f}')} |"
        )

    def head(self):
        print("| case | program | wall | CPU | peak memory | requests | connections | wall, ratio |")
        print("|---|---|---|---|---|---|---|---|", flush=True)


def start_up(table):
    pairs = [(run(["kubectl-egress", "version", "--client"]), run([KUBECTL, "version", "--client"])) for _ in range(9)]
    ours, theirs = zip(*pairs)
    base = table.add("start-up", "kubectl version", theirs)
    table.add("start-up", "kubectl-egress version", ours, base)


def write(table, folder, size):
    bare = Bare(folder)
    rounds = {name: [] for name in ("ours", "kubectl", "bare", "unchanged", "changed", "list", "list bare", "delete")}
    for turn in range(ROUNDS):
        # To tell of requests takes time, too.
        told = ["-v", "6"] if turn + 1 == ROUNDS else []
        fleet, kubectls, bares = [Fleet(folder, f"{who}-{size}-{turn}", size) for who in ("ours", "kubectl", "bare")]
        objects, requests = kubectls.objects(), requests_of(bares.objects())
        rounds["ours"].append(fleet.apply(*told))
        rounds["kubectl"].append(
            together(
                run([KUBECTL, "apply", "--server-side", "--dry-run=server", "-f", objects]),
                run([KUBECTL, "apply", "--server-side", "-f", objects]),
            )
        )
        rounds["bare"].append(together(bare.writes(requests, True), bare.writes(requests, False)))
        rounds["unchanged"].append(fleet.apply(*told))
        rounds["list"].append(fleet.list(*told))
        rounds["list bare"].append(bare.again(fleet.list("-v", "6").err))
        rounds["changed"].append(fleet.apply(*told, port=8443))
        rounds["delete"].append(fleet.delete(*told))
        for one in (fleet, kubectls, bares):
            one.gone()
    tell_write(table, size, rounds)
    return rounds


def requests_of(path):
    with open(path, encoding="utf-8") as file:
        return [{"path": path_of(one), "object": one} for one in yaml.load_all(file, Loader=yaml.CSafeLoader) if one]


def together(first, second):
    """One after the other counts as one."""
    second.seconds += first.seconds
    second.cpu += first.cpu
    second.memory = max(first.memory, second.memory)
    return second


def tell_write(table, size, rounds):
    ours = table.add(f"apply {size} new", "kubectl-egress", rounds["ours"])
    table.add(f"apply {size} new", "kubectl, dry run and apply, server-side", rounds["kubectl"], ours)
    table.add(f"apply {size} new", "the same requests, bare", rounds["bare"], ours)
    table.add(f"apply {size} unchanged", "kubectl-egress", rounds["unchanged"], ours)
    table.add(f"apply {size} with one field changed", "kubectl-egress", rounds["changed"], ours)
    table.add(f"delete {size}", "kubectl-egress", rounds["delete"], ours)
    listed = table.add(f"list {size}", "kubectl-egress", rounds["list"])
    table.add(f"list {size}", "the same pages, bare", rounds["list bare"], listed)


def exponent(sizes, values):
    """By which the cost grows with the size: 1 is linear."""
    logs = [(math.log(size), math.log(max(value, 1e-6))) for size, value in zip(sizes, values)]
    (x0, y0), (x1, y1) = logs[0], logs[-1]
    return (y1 - y0) / (x1 - x0)


def main(sizes):
    print(f"{platform.machine()}, {os.cpu_count()} CPUs, medians of {ROUNDS} rounds\n")
    table = Table()
    table.head()
    start_up(table)
    with tempfile.TemporaryDirectory() as folder:
        found = [write(table, folder, size) for size in sizes]
    if len(sizes) > 1:
        print()
        for case in ("ours", "unchanged", "changed", "list", "delete"):
            medians = lambda key: [statistics.median(getattr(one, key) for one in rounds[case]) for rounds in found]
            print(f"{case}: wall grows with size^{exponent(sizes, medians('seconds')):.2f}, "
                  f"memory with size^{exponent(sizes, medians('memory')):.2f}")
    if path := os.environ.get("EGRESS_BENCH_JSON"):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(table.rows, file, indent=2)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
