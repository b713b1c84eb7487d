"""printing.py KUBECTL PRINT-OBJECTS [NAME]: the same objects, printed by kubectl and by this tool's printers, are the
same byte for byte; where a template is refused, so is the first line of what is said. Prints a line "ok …" or
"not ok …" for each case; with a part of a name only such cases, and what both printed."""

import concurrent.futures
import difflib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import printing_cases
from printing_objects import JSON_LISTS, LISTS
from printing_server import Server, placed

AT_ONCE = 2
LONGEST_RUN = 60  # seconds
FEWEST_PATHS = 60
# What is expected otherwise: this tool names the formats that it has, and not kubectl's templates of Go.
FORMATS = re.compile(r", allowed formats are: .*")


class Runner:
    def __init__(self, folder, kubectl, tool):
        self.folder, self.kubectl, self.tool = folder, kubectl, tool
        lists = {**LISTS, **JSON_LISTS}
        self.names = {name: found[0]["metadata"]["name"] for name, found in lists.items() if found}
        tables = printing_cases.TABLES
        self.server = Server({**lists, **{name: () for name in tables}}, tables)
        for name, objects in lists.items():
            (folder / f"{name}.json").write_text(json.dumps([placed(one, name) for one in objects]))
        for name, rows in tables.items():
            (folder / f"{name}.json").write_text(json.dumps(rows))

    def filled(self, flags):
        """{file:CONTENT} becomes the path of such a file."""
        made = []
        for flag in flags:
            form, brace, content = flag.partition("{file:")
            if brace:
                path = self.folder / f"{abs(hash(content))}.template"
                path.write_text(content[:-1])
                flag = form + str(path)
            made.append(flag)
        return made

    def run(self, words):
        folder = str(self.folder)
        home = {"HOME": folder, "KUBECACHEDIR": folder + "/cache", "KUBECONFIG": "/dev/null"}
        return subprocess.run(words, env=home, capture_output=True, timeout=LONGEST_RUN, check=False)

    def theirs(self, case):
        name = [self.names[case.objects]] if case.one else []
        flags = ["-s", self.server.url, "-n", case.objects, *self.filled(case.flags)]
        return self.run([self.kubectl, "get", "configmaps", *name, *flags])

    def ours(self, case):
        mode = ["--rows"] if case.table else ["--one"] if case.one else []
        return self.run([self.tool, str(self.folder / f"{case.objects}.json"), *mode, *self.filled(case.flags)])


def first_line(ran):
    lines = ran.stderr.decode(errors="replace").splitlines()
    return FORMATS.sub("", lines[0]) if lines else ""


def ended(ran):
    return f"{ran.returncode} {first_line(ran)!r}"


def difference(theirs, ours):
    """The first lines that differ."""
    lines = [text.decode(errors="backslashreplace").splitlines(keepends=True) for text in (theirs, ours)]
    found = [line for line in difflib.unified_diff(*lines, n=0) if not line.startswith(("---", "+++", "@@"))]
    return " / ".join(repr(line) for line in found[:6])[:900]


def judged(case, theirs, ours):
    """Why a case does not hold; "" where it does."""
    if (theirs.returncode == 0) != (ours.returncode == 0):
        return f"kubectl ends with {ended(theirs)}, and not with {ended(ours)}"
    if theirs.returncode != 0 and first_line(theirs) != first_line(ours):
        return f"kubectl says {first_line(theirs)!r}, and not {first_line(ours)!r}"
    if case.early:
        return "something is printed" if ours.stdout else ""
    return "" if theirs.stdout == ours.stdout else difference(theirs.stdout, ours.stdout)


def main(kubectl, tool, wanted=""):
    cases = [case for case in printing_cases.CASES if wanted in case.name]
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="egress-printing-") as folder:
        runner = Runner(pathlib.Path(folder), kubectl, tool)
        run = lambda case: (runner.theirs(case), runner.ours(case))
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for case, (theirs, ours) in zip(cases, pool.map(run, cases)):
                why = judged(case, theirs, ours)
                wrong += bool(why)
                name = f"prints {case.name!r}"
                print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)
                if wanted:
                    print(f"--- kubectl\n{theirs.stdout.decode()}{theirs.stderr.decode()}")
                    print(f"--- kubectl-egress\n{ours.stdout.decode()}{ours.stderr.decode()}")
    paths = sum("JSONPath" in case.name for case in cases)
    print(f"{len(cases)} cases of printing, {paths} of them JSONPath, {wrong} do not hold")
    if paths < FEWEST_PATHS and not wanted:
        print(f"not ok there are {paths} cases of JSONPath")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
