"""The test command: `tests/run.sh` says how it is used."""

import argparse
import os
import signal
import subprocess
import sys
import time

import builds
import outcome
import share
from schedule import LOGS, Schedule
from suites import ROOT, SUITES, find_suites, missing_mesh_requirement, skips_mesh

START = time.monotonic()
USAGE = """tests/run.sh [--share N | --all] [SUITE…]
       tests/run.sh --list"""
DESCRIPTION = f"""Installs what is missing, builds, and runs every fast suite and one of {share.SHARE_COUNT} shares of the slow ones, which the
commit's hash chooses. A SUITE, or the first part of the names of several ("style"), runs nothing else, and all of it.
The last line is "N passed, N failed, N skipped"; the exit code is 0 where none failed."""


def log(text):
    print(f"[{time.monotonic() - START:4.0f}s] {text}", flush=True)


def read_arguments():
    parser = argparse.ArgumentParser(usage=USAGE, description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("names", metavar="SUITE", nargs="*")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--all", action="store_true", help="run all shares of the slow suites")
    group.add_argument(
        "--share", type=int, choices=range(1, share.SHARE_COUNT + 1), help="run this share of the slow suites"
    )
    group.add_argument("--list", action="store_true", help="list the suites, and the shares of the slow ones")
    return parser, parser.parse_args()


def commit_hash():
    """The hash of the commit that is checked out; zeros where there is none, as in a source archive."""
    result = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else "0" * 40


def select_suites(arguments, parser):
    """What is to run: pairs of a suite and its piece."""
    if arguments.names:
        try:
            suites = find_suites(arguments.names)
        except KeyError as unknown:
            parser.error(f"no suite is called {unknown}; see tests/run.sh --list")
        if not arguments.share:
            return [(suite, share.Piece()) for suite in suites]
    else:
        suites = SUITES
    if arguments.all:
        return [(suite, share.Piece()) for suite in suites]
    digest = commit_hash()
    number = arguments.share or share.share_of_commit(digest)
    log(
        f"share {number} of {share.SHARE_COUNT} of the slow suites (commit {digest[:10]}); tests/run.sh --all runs all of them"
    )
    return [(suite, suite.piece(number)) for suite in suites if suite.piece(number)]


def install_for_build():
    subprocess.run(["tests/packages.sh", "build"], check=True)


def install_for_suites(selection):
    """Installs the other packages, the control plane of the sandboxes, and the kubectl and helm to compare with."""
    groups = ["sandbox", "style", "parity", "fuzz", "bench", "shells"]
    with_mesh = any(suite.mesh for suite, _ in selection) and not skips_mesh()
    with_mesh = with_mesh and os.geteuid() == 0 and not os.environ.get("EGRESS_TEST_KUBECONFIG")
    if with_mesh:
        groups.append("mesh")
    subprocess.run(["tests/packages.sh", *groups], check=True)
    if any(suite.istio for suite, _ in selection) and not os.environ.get("EGRESS_TEST_KUBECONFIG"):
        subprocess.run(["tests/sandbox/control-plane.sh"], check=True, stdout=subprocess.DEVNULL)
    if with_mesh and not missing_mesh_requirement():
        subprocess.run(["tests/sandbox/mesh/programs.sh"], check=bool(os.environ.get("CI")), stdout=subprocess.DEVNULL)
    for program in ("kubectl", "helm"):
        result = subprocess.run(["tests/parity/client.sh", program], stdout=subprocess.PIPE, text=True)
        os.environ[f"EGRESS_CURRENT_{program.upper()}"] = result.stdout.strip()
    log("everything that the suites need is installed")


def report_build(name, seconds):
    log(f"{name}: built in {seconds:.0f} s")


def report_suite(suite, result, text):
    if result.failed:
        print(outcome.failures(text), flush=True)
    log(f"{suite.name}: {result}")


def rows(selection, outcomes):
    for (suite, piece), result in zip(selection, outcomes):
        name = "" if not suite.is_slow else "all" if piece.is_whole else str(piece)
        counts = (result.passed, result.failed, result.skipped, f"{result.seconds:.0f}")
        yield (suite.name, *counts, name)


def print_table(selection, outcomes):
    print(f"\n{'SUITE':20} {'PASSED':>7} {'FAILED':>7} {'SKIPPED':>8} {'SECONDS':>8}  SHARE")
    for row in rows(selection, outcomes):
        print("{:20} {:7} {:7} {:8} {:>8}  {}".format(*row).rstrip())


def print_list():
    for suite in SUITES:
        shares = f"slow, in share {', '.join(map(str, suite.shares))} of {share.SHARE_COUNT}" if suite.is_slow else ""
        print(f"{suite.name:20} {shares}".rstrip())


def main():
    parser, arguments = read_arguments()
    if arguments.list:
        print_list()
        return 0
    selection = select_suites(arguments, parser)
    LOGS.mkdir(exist_ok=True)
    schedule = Schedule(report_suite, report_build)

    def stop(number, _):
        schedule.stop()
        sys.exit(128 + number)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        install_for_build()
        outcomes = schedule.run(selection, lambda: install_for_suites(selection))
    except (builds.BuildFailed, subprocess.CalledProcessError) as error:
        log(str(error))
        print(outcome.Outcome(failed=1))
        return 1
    total = sum(outcomes, outcome.Outcome())
    print_table(selection, outcomes)
    log("done")
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
