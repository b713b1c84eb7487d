"""The suites of the test command: what each runs, what it needs, and when it runs."""

import dataclasses
import enum
import functools
import os
import pathlib
import subprocess

from share import SHARE_COUNT, Piece

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = "build-tests"
SANITIZED = "build-sanitized"
# The CustomResourceDefinitions decide whether the server accepts every object, and stores all of its fields.
SCHEMA_CASES = "--test-case=*takes every mode*,*stored whole*,*the main job*,*the article*"
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
}
# What of the sanitized build its suites need.
UNIT = ("tests/unit-tests",)
PROGRAMS = ("src/kubectl-egress", "tests/print-objects")
FUZZ = tuple(f"tests/fuzz/fuzz_{file.stem}" for file in sorted((ROOT / "tests/fuzz").glob("*.cpp")))
ALL_SHARES = tuple(range(1, SHARE_COUNT + 1))


class When(enum.Enum):
    """How a suite shares the machine."""

    FOREGROUND = enum.auto()  # it mostly waits, so others run beside it
    BACKGROUND = enum.auto()  # it only computes, so it runs at the lowest priority beside those that wait
    ALONE = enum.auto()  # it has limits that a busy machine would break


@dataclasses.dataclass(frozen=True)
class Suite:
    """Several tests that one command runs."""

    name: str
    command: tuple
    build: str = RELEASE  # the build that it tests, empty where it needs none
    targets: tuple = ()  # of the build; all of them where it names none
    istio: str = ""  # runs in a sandbox of its own whose cluster has this version of Istio
    mesh: bool = False  # runs in a mesh sandbox
    starts_sandboxes: bool = False  # starts its mesh sandboxes itself
    crds: str = ""  # with these CustomResourceDefinitions
    when: When = When.FOREGROUND
    shares: tuple = ()  # a slow suite runs in these shares only, divided among them
    environment: dict = dataclasses.field(default_factory=dict, hash=False)
    is_end_to_end: bool = False  # can run on any cluster (EGRESS_TEST_KUBECONFIG)

    @property
    def is_slow(self):
        return bool(self.shares)

    @property
    def needs_release_build(self):
        return self.build == RELEASE or self.is_end_to_end

    def piece(self, share):
        """The piece of it that a share runs; None where it runs nothing of it."""
        if not self.is_slow:
            return Piece()
        return Piece(self.shares.index(share) + 1, len(self.shares)) if share in self.shares else None

    def skip_reason(self):
        """Why it cannot run here; empty where it can."""
        needs_sandbox = self.mesh or (self.istio and not self.is_end_to_end)
        if os.environ.get("EGRESS_TEST_KUBECONFIG") and needs_sandbox:
            return "it needs a sandbox, and EGRESS_TEST_KUBECONFIG names another cluster"
        if self.mesh:
            return mesh_skip_reason()
        if self.crds and not pathlib.Path(self.crds).exists():
            return "Istio's own CustomResourceDefinitions are not beside the checkout"
        return ""

    def command_line(self):
        """The command line."""
        if self.mesh and not self.starts_sandboxes:
            return ["tests/sandbox/sandbox.sh", "run", "--mesh", "--", *self.command]
        if not self.istio or os.environ.get("EGRESS_TEST_KUBECONFIG"):
            return list(self.command)
        crds = ["--crds", self.crds] if self.crds else []
        return ["tests/sandbox/sandbox.sh", "run", "--istio", self.istio, *crds, "--", *self.command]

    def environment_for(self, piece):
        """The environment of its command."""
        environment = {**os.environ, **self.environment, "EGRESS_TEST_PIECE": str(piece)}
        if self.build:
            environment["PATH"] = f"{ROOT / self.build / 'src'}:{environment['PATH']}"
        if self.build == SANITIZED:
            environment.update(SANITIZER_OPTIONS)
        if os.environ.get("EGRESS_TEST_KUBECONFIG"):
            environment["KUBECONFIG"] = os.environ["EGRESS_TEST_KUBECONFIG"]
        return environment


def skips_mesh():
    """Whether the user skips the mesh, whose programs take ten minutes to build. Has no effect in CI."""
    return os.environ.get("EGRESS_MESH") == "skip" and not os.environ.get("CI")


@functools.cache
def missing_mesh_requirement():
    """What this machine lacks for a mesh sandbox; empty if it lacks nothing."""
    completed = subprocess.run([ROOT / "tests/sandbox/mesh/requirements.sh"], capture_output=True, text=True)
    return "" if completed.returncode == 0 else completed.stdout.strip() or completed.stderr.strip()


def mesh_skip_reason():
    """The reason to skip the mesh suites; empty if they can run. In CI, suites fail if programs are missing."""
    if skips_mesh():
        return "EGRESS_MESH=skip is set"
    if reason := missing_mesh_requirement():
        return reason
    programs = ROOT / "tests/sandbox/mesh/programs.sh"
    if os.environ.get("CI") or subprocess.run([programs, "--cached"], stdout=subprocess.DEVNULL).returncode == 0:
        return ""
    return "its programs could not be built; see what tests/sandbox/mesh/programs.sh says"


def python_tests(name, file):
    return Suite(name, ("python3", "-B", "tests/runner/unittests.py", file), build="")


def style(name, *arguments, **settings):
    return Suite(f"style-{name}", (f"tests/style/{name}.sh", *arguments), **settings)


def end_to_end(name, istio, *arguments, build=RELEASE, **settings):
    # The tests only run programs, so those of the release build do for any build of the plugin.
    command = ("python3", "-B", "tests/runner/doctest.py", f"{RELEASE}/tests/e2e-tests", *arguments)
    return Suite(name, command, build=build, istio=istio, is_end_to_end=True, **settings)


def faults(sweep, **settings):
    return Suite(f"faults-{sweep.replace('_', '-')}", ("tests/faults/run.sh", sweep), istio="1.30", **settings)


def istio_crds(version):
    shared = pathlib.Path(os.environ.get("EGRESS_SHARED_DIR", ROOT.parent / "shared"))
    return str(shared / "reference" / f"istio-{version}" / "crds.yaml")


def crowded_server():
    """The flags of an API server that accepts few requests at a time."""
    return {
        "EGRESS_BENCH_CROWDED": "1",
        "EGRESS_SANDBOX_APISERVER": (ROOT / "tests/bench/crowded.flags").read_text().replace("\n", " "),
    }


SUITES = [
    python_tests("runner", "tests/runner/runner_test.py"),
    python_tests("verdict", "tests/faults/verdict_test.py"),
    # The longest first, so that the others run beside it.
    end_to_end("e2e", "1.30"),
    Suite("parity", ("tests/parity/run.sh",)),
    Suite("completion", ("tests/completion/run.sh",), istio="1.30"),
    Suite("unit", (f"{RELEASE}/tests/unit-tests",)),
    Suite("examples", ("tests/examples/run.sh",), istio="1.30"),
    Suite("readme", ("tests/examples/readme.py",), istio="1.30"),
    Suite("terminal", ("tests/terminal/run.sh",), istio="1.30"),
    Suite("growth", (f"{RELEASE}/tests/growth/growth-tests",)),
    style("floors", build=""),
    style("users", build=""),
    style("format", build=""),
    style("hosts", build=""),
    style("sources", build=""),
    style("commands", RELEASE),
    style("words", RELEASE),
    style("man", RELEASE),
    style("install", RELEASE),
    Suite("release", ("tests/release/krew.sh", RELEASE)),
    Suite("bench", ("tests/bench/run.sh",), istio="1.30", when=When.ALONE, environment={"EGRESS_BENCH_CHECK": "1"}),
    Suite("bench-crowded", ("tests/bench/run.sh",), istio="1.30", when=When.ALONE, environment=crowded_server()),
    # The slow ones. The sanitized build takes most of the time of the shares that need it.
    Suite("unit-sanitized", (f"{SANITIZED}/tests/unit-tests",), build=SANITIZED, targets=UNIT, shares=(1,)),
    Suite("parity-sanitized", ("tests/parity/run.sh",), build=SANITIZED, targets=PROGRAMS, shares=(2,)),
    end_to_end("e2e-sanitized", "1.30", build=SANITIZED, targets=PROGRAMS, shares=(2,)),
    Suite("fuzz", ("tests/fuzz/run.sh",), build=SANITIZED, targets=FUZZ, when=When.ALONE, shares=(3,)),
    faults("crash_sweep", shares=(4,)),
    faults("race", shares=(5,)),
    faults("permissions", shares=(5,)),
    faults("fault_sweep", shares=(6,), environment={"EGRESS_FAULTS_STEP": "8"}),
    faults("make_before_break", shares=(7,)),
    faults("fleet_sweep", shares=(7,)),
    faults("foreign_objects", shares=(8,)),
    end_to_end("e2e-crds-1.30.3", "1.30", SCHEMA_CASES, crds=istio_crds("1.30.3"), shares=(8,)),
    end_to_end("e2e-crds-1.7.0", "1.7", SCHEMA_CASES, crds=istio_crds("1.7.0"), shares=(8,)),
    end_to_end("e2e-istio-1.7", "1.7", shares=(3, 4, 5, 6, 7, 8)),
    # It runs what is fast in every share, and divides the rest.
    Suite("mesh-scenarios", ("tests/mesh/run.sh",), mesh=True, when=When.ALONE, shares=ALL_SHARES),
    Suite("mesh-sandbox", ("tests/mesh/teardown.sh",), mesh=True, starts_sandboxes=True, when=When.ALONE, shares=(6,)),
    Suite("tidy", ("tests/style/tidy.sh",), build="", when=When.BACKGROUND, shares=(4, 5, 7, 8)),
    Suite("source-archive", ("tests/release/dist.sh", RELEASE), when=When.BACKGROUND, shares=(3,)),
]


def find_suites(names):
    """The suites of these names, where "style" means all suites "style-…". Raises KeyError for an unknown one."""
    found = []
    for name in names:
        matches = [suite for suite in SUITES if suite.name == name]
        matches = matches or [suite for suite in SUITES if suite.name.startswith(f"{name}-")]
        if not matches:
            raise KeyError(name)
        found += [suite for suite in matches if suite not in found]
    return found
