"""A server that takes little at one time: few streams on a connection, and a handful of requests, beyond which it
refuses (429). All is done all the same, and few refusals come of it, for each costs the pause that the server asks."""

import base64
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

import sandbox
from check import hold
from fleet import Fleet

SIZE = 40
# To find out what the server takes, one starts with 64 requests, and has half of it refused a few times.
MOST_REFUSED = 150
MOST_CONNECTIONS = 12
REFUSED = re.compile(r"^\w+ https://\S+ 429 ", re.MULTILINE)


def kubectl(*words):
    return subprocess.run(["kubectl", *words], check=True, capture_output=True, text=True).stdout


def token_of(account):
    """Which a controller makes, in a moment."""
    for _ in range(100):
        if secrets := json.loads(kubectl("get", "serviceaccount", account, "-o", "json")).get("secrets"):
            secret = json.loads(kubectl("get", "secret", secrets[0]["name"], "-o", "json"))
            return base64.b64decode(secret["data"]["token"]).decode()
        time.sleep(0.1)
    raise OSError(f"serviceaccount/{account} has no token")


def become_somebody(folder):
    """From here on all is done as a service account that may do everything: whoever is in system:masters is never
    refused for want of room."""
    kubectl("create", "serviceaccount", "somebody")
    kubectl("create", "clusterrolebinding", "somebody", "--clusterrole=cluster-admin",
            "--serviceaccount=default:somebody")
    cluster = {"server": sandbox.server(), "certificate-authority": str(sandbox.HOME / "ca.crt")}
    path = pathlib.Path(folder) / "kubeconfig"
    path.write_text(json.dumps({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": {"token": token_of("somebody")}}],
    }))
    os.environ["KUBECONFIG"] = str(path)


def faults(run, most):
    refused = len(REFUSED.findall(run.err))
    if not most[0] <= refused <= most[1]:
        yield f"{refused} of {run.requests} requests were refused"
    if run.connections > MOST_CONNECTIONS:
        yield f"{run.connections} connections"


def main():
    with tempfile.TemporaryDirectory() as folder:
        become_somebody(folder)
        fleet = Fleet(folder, "crowded", SIZE)
        wrong = hold("a server that takes little at one time is asked little after a few refusals",
                     ", ".join(faults(fleet.apply("-v", "6"), (1, MOST_REFUSED))))
        listed = fleet.list("-v", "6")
        missing = SIZE - len(re.findall(r"^gw-\d+ ", listed.out, re.MULTILINE))
        wrong |= hold("all is made there, and is listed",
                      ", ".join([*faults(listed, (0, MOST_REFUSED)), *([f"{missing} are missing"] if missing else [])]))
        wrong |= hold("and all is deleted", ", ".join(faults(fleet.delete("-v", "6"), (0, MOST_REFUSED))))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
