"""The ceiling: the requests that a program sent, sent again by curl, which does nothing else."""

import json
import os
import pathlib
import re

from measured import run

SENT = re.compile(r"^(GET) https://[^/]+(/\S+) 200 ", re.MULTILINE)
AT_ONE_TIME = "64"


class Bare:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        sandbox = pathlib.Path(os.environ["EGRESS_SANDBOX_DIR"])
        self.server = re.search(r"server: (\S+)", (sandbox / "kubeconfig").read_text())[1]
        self.common = [
            f'cacert = "{sandbox}/ca.crt"',
            f'cert = "{sandbox}/admin.crt"',
            f'key = "{sandbox}/admin.key"',
            'output = "/dev/null"',
            "silent",
            "http2",
            "compressed",
        ]

    def send(self, requests, parallel=AT_ONE_TIME):
        """Requests are pairs of a target and lines of curl's configuration."""
        blocks = ["\n".join([*self.common, f'url = "{self.server}{target}"', *lines]) for target, lines in requests]
        config = self.folder / "bare.curl"
        config.write_text("\nnext\n".join(blocks))
        return run(["curl", "--parallel", "--parallel-max", parallel, "--config", str(config)])

    def again(self, err):
        """What a program fetched, as its -v 6 tells."""
        return self.send([(target, []) for _, target in SENT.findall(err)], "16")

    def writes(self, objects, dry_run):
        """Server-side applies of objects, by kind and place."""
        query = "fieldManager=bare&force=true" + ("&dryRun=All" if dry_run else "")
        requests = []
        for number, one in enumerate(objects):
            body = self.folder / f"body-{number}.json"
            body.write_text(json.dumps(one["object"]))
            lines = [
                'request = "PATCH"',
                'header = "Content-Type: application/apply-patch+yaml"',
                f'data-binary = "@{body}"',
            ]
            requests.append((f"{one['path']}?{query}", lines))
        return self.send(requests)
