"""What was measured, as a table for people and as JSON."""

import json
import math
import statistics

OURS = "kubectl-egress"


class Table:
    def __init__(self, about):
        """`about` says on which machine and how it was measured, for the JSON."""
        self.about = about
        self.rows = []
        self.exponents = []

    def head(self):
        print("| case | program | wall | ratio | CPU | peak memory | requests | connections |")
        print("|---|---|---:|---:|---:|---:|---:|---:|", flush=True)

    def add(self, case, who, runs, base=None):
        """One line of medians. The ratio is that of the wall times of two rows, both of this run."""
        median = lambda key: statistics.median(getattr(one, key) for one in runs)
        row = {"case": case, "program": who, "seconds": median("seconds"), "cpu": median("cpu"), "memory": median("memory")}
        told = next((one for one in runs if one.requests is not None), runs[0])
        row.update(requests=told.requests, connections=told.connections)
        if case.startswith("list"):
            row["first"] = statistics.median(one.first or one.seconds for one in runs)
        if base:
            row["ratio"] = row["seconds"] / base["seconds"]
        self.rows.append(row)
        print(self.line(row), flush=True)
        return row

    @staticmethod
    def line(row):
        number = lambda key, form: form.format(row[key]) if row.get(key) is not None else "–"
        wall = f"{row['seconds']:.3f} s" + (f", first line {row['first']:.3f} s" if "first" in row else "")
        return (
            f"| {row['case']} | {row['program']} | {wall} | {number('ratio', '{:.2f}')} | {row['cpu']:.3f} s "
            f"| {row['memory']:.1f} MiB | {number('requests', '{}')} | {number('connections', '{}')} |"
        )

    def growth(self, case, sizes):
        """How a case's cost grows with its size n: cost = c · n^k, and the k that fits best. Of memory only what is
        above a start-up's grows."""
        if len(sizes) < 2:
            return
        own = [row for row in self.rows if row["program"] == OURS]
        rows = [row for size in sizes for row in own if row["case"] == case.format(size)]
        least = next(row["memory"] for row in own if row["case"] == "start-up")
        fits = {
            "seconds": exponent(sizes, [row["seconds"] for row in rows]),
            "memory": exponent(sizes, [row["memory"] - least for row in rows]),
        }
        self.exponents.append({"case": case.format("n"), "sizes": sizes, **fits})
        print(f"{case.format('n')}: {', '.join(f'{what} ~ n^{fit:.2f}' for what, fit in fits.items())}")

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**self.about, "rows": self.rows, "exponents": self.exponents}, file, indent=2)
            file.write("\n")


def exponent(sizes, costs):
    """Of the straight line through the logarithms, by least squares."""
    points = [(math.log(size), math.log(max(cost, 1e-6))) for size, cost in zip(sizes, costs)]
    x, y = (statistics.mean(axis) for axis in zip(*points))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
