"""The sandbox that the benchmark runs in."""

import os
import pathlib
import re
import signal

HOME = pathlib.Path(os.environ["EGRESS_SANDBOX_DIR"])
# What reacts to objects would take its share of the machine, from whoever comes after them.
REACTING = ("kube-controller-manager", "kubelet.py")


def server():
    return re.search(r"server: (\S+)", (HOME / "kubeconfig").read_text())[1]


def calm():
    """Holds what reacts to objects: only the API server works from now on. Returns how many were held."""
    held = 0
    for folder in pathlib.Path("/proc").iterdir():
        try:
            if not folder.name.isdigit() or (folder / "cwd").resolve() != HOME.resolve():
                continue
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:  # It ended meanwhile.
            continue
        if any(word.endswith(REACTING) for word in words[:2]):
            os.kill(int(folder.name), signal.SIGSTOP)
            held += 1
    return held
