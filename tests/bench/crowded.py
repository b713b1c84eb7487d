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
from check import report

from fleet import Fleet

SIZE = 40
# To find out what the server takes, one starts with 64 requests, and has half of it refused a few times.
MAX_REFUSED = 150
MAX_CONNECTIONS = 12
REFUSED = re.compile(r"^\w+ https://\S+ 429 ", re.MULTILINE)


def kubectl(*arguments):
    return subprocess.run(["kubectl", *arguments], check=True, capture_output=True, text=True).stdout


def service_account_token(account):
    """Which a controller makes, in a moment."""
    for _ in range(100):
        if secrets := json.loads(kubectl("get", "serviceaccount", account, "-o", "json")).get("secrets"):
            secret = json.loads(kubectl("get", "secret", secrets[0]["name"], "-o", "json"))
            return base64.b64decode(secret["data"]["token"]).decode()
        time.sleep(0.1)
    raise OSError(f"serviceaccount/{account} has no token")


def use_service_account(folder):
    """From here on a service account with all permissions is used: members of system:masters are never
    refused for want of room."""
    kubectl("create", "serviceaccount", "somebody")
    kubectl(
        "create", "clusterrolebinding", "somebody", "--clusterrole=cluster-admin", "--serviceaccount=default:somebody"
    )
    cluster = {"server": sandbox.server(), "certificate-authority": str(sandbox.DIRECTORY / "ca.crt")}
    path = pathlib.Path(folder) / "kubeconfig"
    path.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "c",
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                "clusters": [{"name": "c", "cluster": cluster}],
                "users": [{"name": "u", "user": {"token": service_account_token("somebody")}}],
            }
        )
    )
    os.environ["KUBECONFIG"] = str(path)


def find_problems(run, refused_range):
    refused = len(REFUSED.findall(run.err))
    if not refused_range[0] <= refused <= refused_range[1]:
        yield f"{refused} of {run.requests} requests were refused"
    if run.connections > MAX_CONNECTIONS:
        yield f"{run.connections} connections"


def main():
    with tempfile.TemporaryDirectory() as folder:
        use_service_account(folder)
        fleet = Fleet(folder, "crowded", SIZE)
        failed = report(
            "a server that takes little at one time is asked little after a few refusals",
            ", ".join(find_problems(fleet.apply("-v", "6"), (1, MAX_REFUSED))),
        )
        list_run = fleet.list("-v", "6")
        missing = SIZE - len(re.findall(r"^gw-\d+ ", list_run.out, re.MULTILINE))
        failed |= report(
            "all is made there, and is listed",
            ", ".join([*find_problems(list_run, (0, MAX_REFUSED)), *([f"{missing} are missing"] if missing else [])]),
        )
        failed |= report("and all is deleted", ", ".join(find_problems(fleet.delete("-v", "6"), (0, MAX_REFUSED))))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
