"""parity.py KUBECTL KUBECTL-EGRESS [NAME]: runs the table with both. With a part of a name, only such cases, and says
what both programs said and what arrived."""

import concurrent.futures
import pathlib
import queue
import re
import subprocess
import sys
import tempfile

import edge_cases
import table
from testbed import IN_POD, Testbed
from comparison import case_mismatch

WORKERS = 2
MIN_CASES = 120
RAW_REQUEST = ("get", "--raw", "/api/v1/configmaps")
KUBECTL_VERSION = (1, 36)  # that the table tells of


def run(case, testbeds, programs):
    testbed = testbeds.get()
    try:
        kubectl, tool = programs
        kubectl_result = testbed.run([kubectl, *(RAW_REQUEST if case.raw else ("get", "configmaps"))], case)
        tool_result = testbed.run([tool, "list"], case)
    finally:
        testbeds.put(testbed)
    return kubectl_result, tool_result


def version_of(kubectl):
    """Its version, such as (1, 36); of one that does not say so, (0, 0)."""
    version = subprocess.run(
        [kubectl, "version", "--client", "-o", "json"], capture_output=True, text=True, check=False
    )
    match = re.search(r'"gitVersion": "v(\d+)\.(\d+)', version.stdout)
    return tuple(int(part) for part in match.groups()) if match else (0, 0)


def mount_namespaces_work():
    with tempfile.TemporaryDirectory(prefix="egress-parity-") as folder:
        (pathlib.Path(folder) / "pod").mkdir()
        return subprocess.run([*IN_POD, "true"], cwd=folder, capture_output=True, check=False).returncode == 0


def show(name, result):
    print(f"--- {name}: exit {result.status}\n{result.err}{result.facts}")


def main(kubectl, tool, name_part=""):
    programs = (kubectl, tool)
    gaps = edge_cases.find_gaps(table.CASES)
    for gap in gaps:
        print(f"not ok {gap}")
    if not gaps:
        print(f"ok all {len(edge_cases.EDGE_CASES)} rows of edge cases have their files and their cases")
    cases = [case for case in table.CASES if name_part in case.name]
    if not mount_namespaces_work():
        print("there can be no mount namespace here: the cases of pods are left out")
        cases = [case for case in cases if not case.in_pod]
    kubectl_is_older = version_of(kubectl) < KUBECTL_VERSION
    if kubectl_is_older:
        print(f"{kubectl} is older than the table's: where it does otherwise, the table alone is compared with")
    failures = len(gaps)
    with tempfile.TemporaryDirectory(prefix="egress-parity-pki-") as pki:
        subprocess.run([pathlib.Path(__file__).parent / "pki.sh", pki], check=True)
        testbeds = queue.Queue()
        for _ in range(WORKERS):
            testbeds.put(Testbed(pki))
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            results = pool.map(lambda case: run(case, testbeds, programs), cases)
            for case, (kubectl_result, tool_result) in zip(cases, results):
                mismatch = case_mismatch(case, kubectl_result, tool_result, kubectl_is_older)
                failures += bool(mismatch)
                print(f"not ok {case.name}: {mismatch}" if mismatch else f"ok {case.name}", flush=True)
                if name_part:
                    show("kubectl", kubectl_result)
                    show("kubectl-egress", tool_result)
    deviations = sum(bool(case.deviation) for case in cases)
    print(f"{len(cases)} cases, {deviations} of them with a ★, {failures} do not hold")
    if not name_part and len(cases) < MIN_CASES:
        print(f"not ok the table has {len(cases)} such cases")
        failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
