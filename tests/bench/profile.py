"""What bounds an apply of many gateways: who has the processors meanwhile, and what the API server does with its
share of them, as its own profiler tells. `go tool pprof` reads that."""

import pathlib
import re
import subprocess
import sys
import tempfile
import threading

import sandbox

from fleet import Fleet

# Seconds until the first requests have been sent, and seconds of the profile.
DELAY_SECONDS, PROFILE_SECONDS = 4, 15
TICKS_PER_SECOND = 100
SERVERS = ("kube-apiserver", "etcd")

# What a sample is counted for is the first of these that any of its frames is.
CATEGORIES = (
    (
        "memory: allocating and collecting it",
        r"runtime\.(gcBgMarkWorker|gcAssistAlloc|bgsweep|bgscavenge|mallocgc|newobject|growslice|makeslice)",
    ),
    ("the client's certificate, anew for each request", r"x509\.\(\*Certificate\)\.Verify"),
    ("bodies read as YAML", r"sigs\.k8s\.io/yaml"),
    ("who owns which field (server-side apply)", r"fieldmanager|structured-merge-diff"),
    ("schemas of custom resources", r"apiextensions-apiserver|structuralschema|kube-openapi|go-openapi"),
    ("objects from bytes, and back", r"runtime/serializer|encoding/json|json-iterator|gogo/protobuf"),
    ("admission and validation", r"admission|validation"),
    ("etcd, and the watch cache", r"storage/etcd3|clientv3|google\.golang\.org/grpc|storage/cacher"),
    ("HTTP/2, TLS, and handlers", r"net/http|crypto/tls"),
)
TOP_SHARE = re.compile(r"^Showing nodes accounting for \S+, (\S+)% of", re.MULTILINE)


def cpu_seconds(name):
    """The processor time that processes of that name have had."""
    ticks = 0
    for folder in pathlib.Path("/proc").iterdir():
        try:
            text = (folder / "stat").read_text() if folder.name.isdigit() else ""
        except OSError:  # It ended meanwhile.
            continue
        if f"({name})" in text:
            fields = text.rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND


def fetch_profile(file):
    """The API server's own profile."""
    directory = sandbox.DIRECTORY
    subprocess.run(
        [
            "curl",
            "--silent",
            "--show-error",
            "--fail",
            "--output",
            file,
            "--cacert",
            directory / "ca.crt",
            "--cert",
            directory / "admin.crt",
            "--key",
            directory / "admin.key",
            f"{sandbox.server()}/debug/pprof/profile?seconds={PROFILE_SECONDS}",
        ],
        check=True,
    )


def sample_share(profile, frames, excluded):
    """The per cent of the samples that have such a frame, and none of those that are left out."""
    command = ["go", "tool", "pprof", "-top", "-nodefraction=0", "-nodecount=1000000", f"-focus={frames}"]
    if excluded:
        command.append("-ignore=" + "|".join(excluded))
    output = subprocess.run([*command, profile], check=True, capture_output=True, text=True).stdout
    match = TOP_SHARE.search(output)
    return float(match[1]) if match else 0.0


def main(size):
    sandbox.pause_controllers()
    with tempfile.TemporaryDirectory() as folder:
        fleet, profile = Fleet(folder, "profile", size), f"{folder}/profile"
        before = {name: cpu_seconds(name) for name in SERVERS}
        profiler = threading.Timer(DELAY_SECONDS, fetch_profile, [profile])
        profiler.start()
        measurement = fleet.apply("-v", "6")
        profiler.join()
        cpu_by_program = {name: cpu_seconds(name) - before[name] for name in SERVERS} | {
            "kubectl-egress": measurement.cpu
        }
        print(f"apply of {size} new gateways: {measurement.seconds:.1f} s, {measurement.requests} requests\n")
        for name, seconds in cpu_by_program.items():
            print(
                f"{seconds / sum(cpu_by_program.values()):6.0%}  {seconds / measurement.seconds:.2f} processors  {name}"
            )
        print("\nof kube-apiserver's:")
        rest = 100.0
        for number, (category, frames) in enumerate(CATEGORIES):
            percent = sample_share(profile, frames, [others for _, others in CATEGORIES[:number]])
            rest -= percent
            print(f"{percent:5.0f}%  {category}")
        print(f"{rest:5.0f}%  all else")


if __name__ == "__main__":
    main(int(sys.argv[1]))
