"""parity.py KUBECTL KUBECTL-EGRESS [NAME]: runs the table with both. With a part of a name, only such cases, and says
what both programs said and what arrived."""

import concurrent.futures
import pathlib
import queue
import re
import subprocess
import sys
import tempfile

import rows
import table
from place import IN_POD, Place
from verdict import judged

AT_ONCE = 2
FEWEST = 120
RAW = ("get", "--raw", "/api/v1/configmaps")
KUBECTL = (1, 36)  # that the table tells of


def run(case, places, programs):
    place = places.get()
    try:
        kubectl, tool = programs
        theirs = place.run([kubectl, *(RAW if case.raw else ("get", "configmaps"))], case)
        ours = place.run([tool, "list"], case)
    finally:
        places.put(place)
    return theirs, ours


def version_of(kubectl):
    """Its version, such as (1, 36); of one that does not say so, (0, 0)."""
    said = subprocess.run(
        [kubectl, "version", "--client", "-o", "json"], capture_output=True, text=True, check=False
    )
    found = re.search(r'"gitVersion": "v(\d+)\.(\d+)', said.stdout)
    return tuple(int(part) for part in found.groups()) if found else (0, 0)


def pods_can_be():
    with tempfile.TemporaryDirectory(prefix="egress-parity-") as folder:
        (pathlib.Path(folder) / "pod").mkdir()
        return subprocess.run([*IN_POD, "true"], cwd=folder, capture_output=True, check=False).returncode == 0


def show(name, ran):
    print(f"--- {name}: exit {ran.status}\n{ran.err}{ran.facts}")


def main(kubectl, tool, wanted=""):
    programs = (kubectl, tool)
    faults = rows.missing(table.CASES)
    for fault in faults:
        print(f"not ok {fault}")
    if not faults:
        print(f"ok all {len(rows.ROWS)} rows of what is nasty have their files and their cases")
    cases = [case for case in table.CASES if wanted in case.name]
    if not pods_can_be():
        print("there can be no mount namespace here: the cases of pods are left out")
        cases = [case for case in cases if not case.pod]
    older = version_of(kubectl) < KUBECTL
    if older:
        print(
            f"{kubectl} is older than the table's: where it does otherwise, the table alone is compared with"
        )
    wrong = len(faults)
    with tempfile.TemporaryDirectory(prefix="egress-parity-pki-") as pki:
        subprocess.run([pathlib.Path(__file__).parent / "pki.sh", pki], check=True)
        places = queue.Queue()
        for _ in range(AT_ONCE):
            places.put(Place(pki))
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for case, (theirs, ours) in zip(cases, pool.map(lambda one: run(one, places, programs), cases)):
                why = judged(case, theirs, ours, older)
                wrong += bool(why)
                print(f"not ok {case.name}: {why}" if why else f"ok {case.name}", flush=True)
                if wanted:
                    show("kubectl", theirs)
                    show("kubectl-egress", ours)
    starred = sum(bool(case.star) for case in cases)
    print(f"{len(cases)} cases, {starred} of them with a ★, {wrong} do not hold")
    if not wanted and len(cases) < FEWEST:
        print(f"not ok the table has {len(cases)} such cases")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
