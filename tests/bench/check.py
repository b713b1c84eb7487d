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
MOST_REQUESTS = {"new": 30, "changed": 13, "different": 6, "deleted": 16}
MOST_LISTS = 0.5  # for each gateway more: of a page of each kind of object
# MiB in all: the program, a page of each kind, and as many gateways as are under way. Whether it grows with the fleet
# shows only beyond these, which the benchmark measures.
MOST_MEMORY = 40
LIST = re.compile(r"^GET \S+[?&]limit=", re.MULTILINE)


def hold(name, wrong):
    print(f"not ok {name}: {wrong}" if wrong else f"ok {name}", flush=True)
    return bool(wrong)


def beyond(found, most, of):
    return f"{found:.2f} {of} for each, and {most} are enough" if found > most else ""


class Runs:
    """One command on the smaller and on the larger fleet."""

    def __init__(self, fleets, command, **options):
        self.runs = [getattr(one, command)("-v", "6", **options) for one in fleets]

    def each(self, of):
        """How much more of it one gateway more takes."""
        few, more = map(of, self.runs)
        return (more - few) / (SIZES[1] - SIZES[0])

    @property
    def lists(self):
        return self.each(lambda run: len(LIST.findall(run.err)))

    @property
    def requests(self):
        """Beside lists."""
        return self.each(lambda run: run.requests - len(LIST.findall(run.err)))

    @property
    def memory(self):
        """In MiB."""
        return max(run.memory for run in self.runs)

    @property
    def connections(self):
        return {run.connections for run in self.runs}


def life(folder, name, forms):
    """All that may be done to gateways of such forms, in turn."""
    fleets = [Fleet(folder, f"bench-{name}-{size}", size, forms) for size in SIZES]
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
    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        for name, forms in (("plain", (PLAIN,)), ("mixed", MIXED)):
            for what, runs in life(folder, name, forms).items():
                most = MOST_REQUESTS.get(what, 0)
                faults = [
                    beyond(runs.requests, most, "requests"),
                    beyond(runs.lists, MOST_LISTS, "lists"),
                ]
                if runs.memory > MOST_MEMORY:
                    faults.append(f"{runs.memory} MiB, and {MOST_MEMORY} are enough")
                if runs.connections != {1}:
                    faults.append(f"{runs.connections} connections")
                wrong |= hold(f"{name} gateways {what}: no more requests, connections and memory than there have to be",
                              ", ".join(filter(None, faults)))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
