"""What may be held against a number that no noise moves: requests, connections, and memory."""

import re
import tempfile

from fleet import MIXED, PLAIN, Fleet

# More than are written at one time, so that what grows does so with the gateways alone.
SIZES = (20, 60)
# Requests of each gateway, beside lists. New: a dry run and a write of 13 objects, of its record a dry run, a create, a
# look and an update. Changed: of the 3 objects that differ a dry run, a look and a write, a look at its Deployment, of
# its record a claim, a look and an update. Compared: those dry runs and looks. Deleted: of its record a mark, of all
# objects a delete, and a look at the Service, whose delete does not tell that it is gone.
MAX_REQUESTS = {"new": 30, "changed": 13, "different": 6, "deleted": 16}
MAX_LISTS = 0.5  # for each gateway more: of a page of each kind of object
# MiB in all: the program, a page of each kind, and as many gateways as are under way. Whether it grows with the fleet
# shows only beyond these, which the benchmark measures.
MAX_MEMORY = 40
LIST_REQUEST = re.compile(r"^GET \S+[?&]limit=", re.MULTILINE)


def report(name, problem):
    print(f"not ok {name}: {problem}" if problem else f"ok {name}", flush=True)
    return bool(problem)


def find_excess(value, limit, unit):
    return f"{value:.2f} {unit} for each, and {limit} are enough" if value > limit else ""


class Runs:
    """One command on the smaller and on the larger fleet."""

    def __init__(self, fleets, command, **options):
        self.runs = [getattr(fleet, command)("-v", "6", **options) for fleet in fleets]

    def growth_per_gateway(self, metric):
        """How much more of it one gateway more takes."""
        smaller, larger = map(metric, self.runs)
        return (larger - smaller) / (SIZES[1] - SIZES[0])

    @property
    def lists(self):
        return self.growth_per_gateway(lambda run: len(LIST_REQUEST.findall(run.err)))

    @property
    def requests(self):
        """Beside lists."""
        return self.growth_per_gateway(lambda run: run.requests - len(LIST_REQUEST.findall(run.err)))

    @property
    def memory(self):
        """In MiB."""
        return max(run.memory for run in self.runs)

    @property
    def connections(self):
        return {run.connections for run in self.runs}


def run_life_cycle(folder, name, specs):
    """All that may be done to gateways of such forms, in turn."""
    fleets = [Fleet(folder, f"bench-{name}-{size}", size, specs) for size in SIZES]
    return {
        "new": Runs(fleets, "apply"),
        "unchanged": Runs(fleets, "apply"),
        "compared": Runs(fleets, "diff"),
        "different": Runs(fleets, "diff", port=8443),
        "changed": Runs(fleets, "apply", port=8443),
        "checked": Runs(fleets, "check"),
        "listed": Runs(fleets, "list"),
        "deleted": Runs(fleets, "delete"),
    }


def main():
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, specs in (("plain", (PLAIN,)), ("mixed", MIXED)):
            for step, runs in run_life_cycle(folder, name, specs).items():
                max_requests = MAX_REQUESTS.get(step, 0)
                problems = [
                    find_excess(runs.requests, max_requests, "requests"),
                    find_excess(runs.lists, MAX_LISTS, "lists"),
                ]
                if runs.memory > MAX_MEMORY:
                    problems.append(f"{runs.memory} MiB, and {MAX_MEMORY} are enough")
                if runs.connections != {1}:
                    problems.append(f"{runs.connections} connections")
                failed |= report(
                    f"{name} gateways {step}: no more requests, connections and memory than there have to be",
                    ", ".join(filter(None, problems)),
                )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
