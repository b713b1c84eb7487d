"""unittests.py FILE: runs the tests of a Python file; prints a line "ok NAME" or "not ok NAME: WHY" for each, and exits
with 1 if one fails.
"""

import importlib
import pathlib
import sys
import unittest


class LineResult(unittest.TestResult):
    """Prints a line for each test, as the other suites do."""

    def addSuccess(self, test):
        super().addSuccess(test)
        print(f"ok {test_name(test)}", flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        print(f"not ok {test_name(test)}: {self.failures[-1][1]}", flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        print(f"not ok {test_name(test)}: {self.errors[-1][1]}", flush=True)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            print(f"not ok {test_name(test)}, {subtest._subDescription()}: {err[1]}", flush=True)


def test_name(test):
    """ "VerdictTest.test_a_lie_is_found" as words."""
    if not hasattr(test, "_testMethodName"):
        return str(test)
    return f"{type(test).__name__.lower()}: {test._testMethodName.removeprefix('test_').replace('_', ' ')}"


if __name__ == "__main__":
    file = pathlib.Path(sys.argv[1])
    sys.path.insert(0, str(file.parent))
    result = LineResult()
    unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(file.stem)).run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
