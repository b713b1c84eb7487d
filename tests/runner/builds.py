"""The builds that suites need. As a program, brings one up to date: builds.py NAME [TARGET…]"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from suites import RELEASE, ROOT, SANITIZED

CLANG = {"CC": "clang", "CXX": "clang++"}
SETUPS = {
    # As it is released, so that users get what was tested. The tests themselves are not optimized (tests/meson.build).
    RELEASE: ({}, ["-Dbuildtype=release", "-Dportable=true"]),
    # One build for the sanitizers and for libFuzzer: what the fuzzer adds to the code costs the tests little.
    SANITIZED: (
        CLANG,
        [
            *("-Dbuildtype=plain", "-Doptimization=0", "-Dfuzz=true", "-Db_sanitize=address,undefined"),
            *("-Db_lundef=false", f"-Dcpp_args=-gline-tables-only -fsanitize-ignorelist={ROOT}/tests/sanitizers.txt"),
        ],
    ),
}


class BuildFailed(Exception):
    """The build failed; its output was printed."""


def build(name, logs, targets=(), priority=()):
    """Brings a build, or only some of its targets, up to date, with warnings as errors; the seconds that it took.
    Raises BuildFailed."""
    start = time.monotonic()
    variables, options = SETUPS[name]
    folder = ROOT / name
    # An older version of this file may have configured it for something else.
    action = "configure" if (folder / "build.ninja").exists() else "setup"
    environment = {**os.environ, **variables}
    run_logged(["meson", action, str(folder), "-Dwerror=true", *options], environment, logs / f"{name}-setup.log")
    run_logged([*priority, "ninja", "-C", str(folder), *targets], environment, logs / f"{name}.log")
    return time.monotonic() - start


def run_logged(command, environment, log):
    with open(log, "wb") as file:
        status = subprocess.run(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT).returncode
    if status != 0:
        print("\n".join(log.read_text(errors="replace").splitlines()[-80:]), flush=True)
        raise BuildFailed(f"{command[0]} failed, see above")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as logs:
        try:
            build(sys.argv[1], pathlib.Path(logs), sys.argv[2:])
        except BuildFailed as failure:
            sys.exit(str(failure))
