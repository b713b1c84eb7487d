"""Says what held and what did not: a line "ok NAME" or "not ok NAME: why" for each group of points."""

import dataclasses
import sys
import threading
import traceback

MAX_LOCATIONS = 3  # of the places with one and the same fault, in full


@dataclasses.dataclass
class Finding:
    """What was wrong at one or more places, by its first words."""

    locations: list = dataclasses.field(default_factory=list)

    def print_locations(self):
        for location, problem in self.locations[:MAX_LOCATIONS]:
            print("  " + f"{location}: {problem}".replace("\n", "\n    "))
        if len(self.locations) > MAX_LOCATIONS:
            others = ", ".join(location.split(" in ")[0] for location, _ in self.locations[MAX_LOCATIONS:])
            print(f"  the same, {len(self.locations) - MAX_LOCATIONS} times more: {others}")


class Group:
    def __init__(self):
        self.points = 0
        self.failed = 0
        self.findings = {}

    def add(self, location, problem):
        self.points += 1
        if problem:
            self.failed += 1
            self.findings.setdefault(problem.replace(",", ":").split(":")[0], Finding()).locations.append(
                (location, problem)
            )


class Report:
    def __init__(self):
        self.groups = {}
        self.lock = threading.Lock()

    def add_point(self, group, location="", problem=""):
        """One point was covered; it holds where nothing is wrong."""
        with self.lock:
            self.groups.setdefault(group, Group()).add(location, problem)

    def finish(self, name):
        """Prints all of it, and what the sweep of that name covered; the exit code of the program."""
        for group_name, group in self.groups.items():
            if not group.failed:
                print(f"ok {group_name}: {group.points} points")
                continue
            print(f"not ok {group_name}: {group.failed} of {group.points} points do not hold")
            for finding in group.findings.values():
                finding.print_locations()
        print(f"covered {sum(group.points for group in self.groups.values())} points: {name}", flush=True)
        return 1 if any(group.failed for group in self.groups.values()) else 0


def run_test(name, function):
    """Does the work with a report, and ends the program by what that says: also where the work breaks off."""
    report = Report()
    try:
        function(report)
    except Exception as error:  # whatever it is, it is no proof
        traceback.print_exc()
        report.add_point(name, "broken off", f"{type(error).__name__}: {error}")
    sys.exit(report.finish(name))
