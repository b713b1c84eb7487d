"""printing.py KUBECTL PRINT-OBJECTS [NAME]: the same objects, printed by kubectl and by this tool's printers, are the
same byte for byte; for a rejected template the first line of the error is the same, too. Prints a line "ok …" or
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
from printing_server import Server, in_namespace

WORKERS = 2
RUN_TIMEOUT = 60  # seconds
MIN_PATH_CASES = 60
# What is expected otherwise: this tool names the formats that it has, and not kubectl's templates of Go.
FORMATS = re.compile(r", allowed formats are: .*")


class Runner:
    def __init__(self, folder, kubectl, tool):
        self.folder, self.kubectl, self.tool = folder, kubectl, tool
        lists = {**LISTS, **JSON_LISTS}
        self.names = {name: objects[0]["metadata"]["name"] for name, objects in lists.items() if objects}
        tables = printing_cases.TABLES
        self.server = Server({**lists, **{name: () for name in tables}}, tables)
        for name, objects in lists.items():
            (folder / f"{name}.json").write_text(json.dumps([in_namespace(item, name) for item in objects]))
        for name, rows in tables.items():
            (folder / f"{name}.json").write_text(json.dumps(rows))

    def with_files(self, flags):
        """{file:CONTENT} becomes the path of such a file."""
        result = []
        for flag in flags:
            form, brace, content = flag.partition("{file:")
            if brace:
                path = self.folder / f"{abs(hash(content))}.template"
                path.write_text(content[:-1])
                flag = form + str(path)
            result.append(flag)
        return result

    def run(self, command):
        folder = str(self.folder)
        home = {"HOME": folder, "KUBECACHEDIR": folder + "/cache", "KUBECONFIG": "/dev/null"}
        return subprocess.run(command, env=home, capture_output=True, timeout=RUN_TIMEOUT, check=False)

    def run_kubectl(self, case):
        name = [self.names[case.objects]] if case.single else []
        flags = ["-s", self.server.url, "-n", case.objects, *self.with_files(case.flags)]
        return self.run([self.kubectl, "get", "configmaps", *name, *flags])

    def run_tool(self, case):
        mode = ["--rows"] if case.is_table else ["--one"] if case.single else []
        return self.run([self.tool, str(self.folder / f"{case.objects}.json"), *mode, *self.with_files(case.flags)])


def first_line(result):
    lines = result.stderr.decode(errors="replace").splitlines()
    return FORMATS.sub("", lines[0]) if lines else ""


def exit_summary(result):
    return f"{result.returncode} {first_line(result)!r}"


def first_difference(kubectl_result, tool_result):
    """The first lines that differ."""
    lines = [text.decode(errors="backslashreplace").splitlines(keepends=True) for text in (kubectl_result, tool_result)]
    differing_lines = [line for line in difflib.unified_diff(*lines, n=0) if not line.startswith(("---", "+++", "@@"))]
    return " / ".join(repr(line) for line in differing_lines[:6])[:900]


def case_mismatch(case, kubectl_result, tool_result):
    """Why a case does not hold; "" where it does."""
    if (kubectl_result.returncode == 0) != (tool_result.returncode == 0):
        return f"kubectl ends with {exit_summary(kubectl_result)}, and not with {exit_summary(tool_result)}"
    if kubectl_result.returncode != 0 and first_line(kubectl_result) != first_line(tool_result):
        return f"kubectl says {first_line(kubectl_result)!r}, and not {first_line(tool_result)!r}"
    if case.refused_early:
        return "something is printed" if tool_result.stdout else ""
    if kubectl_result.stdout == tool_result.stdout:
        return ""
    return first_difference(kubectl_result.stdout, tool_result.stdout)


def main(kubectl, tool, name_part=""):
    cases = [case for case in printing_cases.CASES if name_part in case.name]
    failures = 0
    with tempfile.TemporaryDirectory(prefix="egress-printing-") as folder:
        runner = Runner(pathlib.Path(folder), kubectl, tool)
        run = lambda case: (runner.run_kubectl(case), runner.run_tool(case))
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for case, (kubectl_result, tool_result) in zip(cases, pool.map(run, cases)):
                mismatch = case_mismatch(case, kubectl_result, tool_result)
                failures += bool(mismatch)
                name = f"prints {case.name!r}"
                print(f"not ok {name}: {mismatch}" if mismatch else f"ok {name}", flush=True)
                if name_part:
                    print(f"--- kubectl\n{kubectl_result.stdout.decode()}{kubectl_result.stderr.decode()}")
                    print(f"--- kubectl-egress\n{tool_result.stdout.decode()}{tool_result.stderr.decode()}")
    paths = sum("JSONPath" in case.name for case in cases)
    print(f"{len(cases)} cases of printing, {paths} of them JSONPath, {failures} do not hold")
    if paths < MIN_PATH_CASES and not name_part:
        print(f"not ok there are {paths} cases of JSONPath")
        failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
