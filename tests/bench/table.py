"""What was measured, as a table for people and as JSON."""

import json
import math
import statistics

TOOL = "kubectl-egress"


class Table:
    def __init__(self, metadata):
        """`metadata` says on which machine and how it was measured, for the JSON."""
        self.metadata = metadata
        self.rows = []
        self.exponents = []

    def print_header(self):
        print("| case | program | wall | ratio | CPU | peak memory | requests | connections |")
        print("|---|---|---:|---:|---:|---:|---:|---:|", flush=True)

    def add(self, case, program, runs, base=None):
        """One line of medians. The ratio is that of the wall times of two rows, both of this run."""
        median = lambda key: statistics.median(getattr(run, key) for run in runs)
        row = {
            "case": case,
            "program": program,
            "seconds": median("seconds"),
            "cpu": median("cpu"),
            "memory": median("memory"),
        }
        verbose_run = next((run for run in runs if run.requests is not None), runs[0])
        row.update(requests=verbose_run.requests, connections=verbose_run.connections)
        if case.startswith("list"):
            row["first"] = statistics.median(run.first_byte or run.seconds for run in runs)
        if base:
            row["ratio"] = row["seconds"] / base["seconds"]
        self.rows.append(row)
        print(self.format_row(row), flush=True)
        return row

    @staticmethod
    def format_row(row):
        number = lambda key, form: form.format(row[key]) if row.get(key) is not None else "–"
        wall = f"{row['seconds']:.3f} s" + (f", first line {row['first']:.3f} s" if "first" in row else "")
        return (
            f"| {row['case']} | {row['program']} | {wall} | {number('ratio', '{:.2f}')} | {row['cpu']:.3f} s "
            f"| {row['memory']:.1f} MiB | {number('requests', '{}')} | {number('connections', '{}')} |"
        )

    def print_growth(self, case, sizes):
        """How a case's cost grows with its size n: cost = c · n^k, and the k that fits best. Of memory only what is
        above a start-up's grows."""
        if len(sizes) < 2:
            return
        tool_rows = [row for row in self.rows if row["program"] == TOOL]
        rows = [row for size in sizes for row in tool_rows if row["case"] == case.format(size)]
        start_up_memory = next(row["memory"] for row in tool_rows if row["case"] == "start-up")
        exponents = {
            "seconds": exponent(sizes, [row["seconds"] for row in rows]),
            "memory": exponent(sizes, [row["memory"] - start_up_memory for row in rows]),
        }
        self.exponents.append({"case": case.format("n"), "sizes": sizes, **exponents})
        print(f"{case.format('n')}: {', '.join(f'{metric} ~ n^{fit:.2f}' for metric, fit in exponents.items())}")

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**self.metadata, "rows": self.rows, "exponents": self.exponents}, file, indent=2)
            file.write("\n")


def exponent(sizes, costs):
    """Of the straight line through the logarithms, by least squares."""
    points = [(math.log(size), math.log(max(cost, 1e-6))) for size, cost in zip(sizes, costs)]
    x, y = (statistics.mean(axis) for axis in zip(*points))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
