"""Says what held and what did not: a line "ok NAME" or "not ok NAME: why" for each group of points."""

import dataclasses
import sys
import threading
import traceback

MOST_TOLD = 3  # of the places with one and the same fault, in full


@dataclasses.dataclass
class Finding:
    """What was wrong at one or more places, by its first words."""

    places: list = dataclasses.field(default_factory=list)

    def tell(self):
        for where, what in self.places[:MOST_TOLD]:
            print("  " + f"{where}: {what}".replace("\n", "\n    "))
        if len(self.places) > MOST_TOLD:
            others = ", ".join(where.split(" in ")[0] for where, _ in self.places[MOST_TOLD:])
            print(f"  the same, {len(self.places) - MOST_TOLD} times more: {others}")


class Group:
    def __init__(self):
        self.points = 0
        self.wrong = 0
        self.findings = {}

    def add(self, where, wrong):
        self.points += 1
        if wrong:
            self.wrong += 1
            self.findings.setdefault(wrong.replace(",", ":").split(":")[0], Finding()).places.append((where, wrong))


class Report:
    def __init__(self):
        self.groups = {}
        self.lock = threading.Lock()

    def point(self, group, where="", wrong=""):
        """One point was covered; it holds where nothing is wrong."""
        with self.lock:
            self.groups.setdefault(group, Group()).add(where, wrong)

    def finish(self, name):
        """Prints all of it, and what the sweep of that name covered; the exit code of the program."""
        for of, group in self.groups.items():
            if not group.wrong:
                print(f"ok {of}: {group.points} points")
                continue
            print(f"not ok {of}: {group.wrong} of {group.points} points do not hold")
            for finding in group.findings.values():
                finding.tell()
        print(f"covered {sum(group.points for group in self.groups.values())} points: {name}", flush=True)
        return 1 if any(group.wrong for group in self.groups.values()) else 0


def prove(name, work):
    """Does the work with a report, and ends the program by what that says: also where the work breaks off."""
    report = Report()
    try:
        work(report)
    except Exception as error:  # whatever it is, it is no proof
        traceback.print_exc()
        report.point(name, "broken off", f"{type(error).__name__}: {error}")
    sys.exit(report.finish(name))
