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

# Seconds: until most of what is asked first has been asked, and for how long it is looked at.
BEFORE, LOOKED_AT = 4, 15
TICKS = 100
SERVERS = ("kube-apiserver", "etcd")

# What a sample is counted for is the first of these that any of its frames is.
WORK = (
    ("memory: allocating and collecting it", r"runtime\.(gcBgMarkWorker|gcAssistAlloc|bgsweep|bgscavenge|mallocgc|newobject|growslice|makeslice)"),
    ("the client's certificate, anew for each request", r"x509\.\(\*Certificate\)\.Verify"),
    ("bodies read as YAML", r"sigs\.k8s\.io/yaml"),
    ("who owns which field (server-side apply)", r"fieldmanager|structured-merge-diff"),
    ("schemas of custom resources", r"apiextensions-apiserver|structuralschema|kube-openapi|go-openapi"),
    ("objects from bytes, and back", r"runtime/serializer|encoding/json|json-iterator|gogo/protobuf"),
    ("admission and validation", r"admission|validation"),
    ("etcd, and the watch cache", r"storage/etcd3|clientv3|google\.golang\.org/grpc|storage/cacher"),
    ("HTTP/2, TLS, and handlers", r"net/http|crypto/tls"),
)
OF_ALL = re.compile(r"^Showing nodes accounting for \S+, (\S+)% of", re.MULTILINE)


def seconds_of(name):
    """The processor time that processes of that name have had."""
    taken = 0
    for folder in pathlib.Path("/proc").iterdir():
        try:
            text = (folder / "stat").read_text() if folder.name.isdigit() else ""
        except OSError:  # It ended meanwhile.
            continue
        if f"({name})" in text:
            fields = text.rpartition(")")[2].split()
            taken += int(fields[11]) + int(fields[12])
    return taken / TICKS


def look(into):
    """The API server's own profile."""
    home = sandbox.HOME
    subprocess.run(["curl", "--silent", "--show-error", "--fail", "--output", into,
                    "--cacert", home / "ca.crt", "--cert", home / "admin.crt", "--key", home / "admin.key",
                    f"{sandbox.server()}/debug/pprof/profile?seconds={LOOKED_AT}"], check=True)


def share(profile, counted, left_out):
    """The per cent of the samples that have such a frame, and none of those that are left out."""
    words = ["go", "tool", "pprof", "-top", "-nodefraction=0", "-nodecount=1000000", f"-focus={counted}"]
    if left_out:
        words.append("-ignore=" + "|".join(left_out))
    said = subprocess.run([*words, profile], check=True, capture_output=True, text=True).stdout
    found = OF_ALL.search(said)
    return float(found[1]) if found else 0.0


def main(size):
    sandbox.calm()
    with tempfile.TemporaryDirectory() as folder:
        fleet, profile = Fleet(folder, "profile", size), f"{folder}/profile"
        before = {name: seconds_of(name) for name in SERVERS}
        looking = threading.Timer(BEFORE, look, [profile])
        looking.start()
        taken = fleet.apply("-v", "6")
        looking.join()
        had = {name: seconds_of(name) - before[name] for name in SERVERS} | {"kubectl-egress": taken.cpu}
        print(f"apply of {size} new gateways: {taken.seconds:.1f} s, {taken.requests} requests\n")
        for name, seconds in had.items():
            print(f"{seconds / sum(had.values()):6.0%}  {seconds / taken.seconds:.2f} processors  {name}")
        print("\nof kube-apiserver's:")
        rest = 100.0
        for number, (work, frames) in enumerate(WORK):
            part = share(profile, frames, [others for _, others in WORK[:number]])
            rest -= part
            print(f"{part:5.0f}%  {work}")
        print(f"{rest:5.0f}%  all else")


if __name__ == "__main__":
    main(int(sys.argv[1]))
