"""The ceiling: the requests that a program sent, sent again by curl or by h2load, which do nothing else.

Pages are fetched by both, and the faster one counts. Writes are curl's: h2load sends one body (-d) with all requests
of a run, and the API server makes no object whose name is not in its own body ("name must be provided"), so that
h2load could not make two. Where one body is enough, 600 dry runs of a service account, it took 0.33 to 0.78 s and
curl 0.54 to 1.02 s: so much is the ceiling of small writes above what curl shows of it."""

import json
import pathlib
import re

import sandbox
from measured import run

ANSWERED = re.compile(r"^status codes: (\d+) 2xx", re.MULTILINE)
FETCHED = re.compile(r"^GET https://[^/]+(/\S+) 200 ", re.MULTILINE)
AT_ONE_TIME = 64
# curl makes ready all requests of a run before it sends the first one.
OF_A_RUN = 5000


class Bare:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.common = [
            f'cacert = "{sandbox.HOME}/ca.crt"',
            f'cert = "{sandbox.HOME}/admin.crt"',
            f'key = "{sandbox.HOME}/admin.key"',
            'output = "/dev/null"',
            r'write-out = "%{http_code} %{num_connects}\n"',
            "silent",
            "http2",
            "compressed",
        ]

    def send(self, requests, parallel=AT_ONE_TIME):
        """Requests are pairs of a target and lines of curl's configuration."""
        taken = None
        for begin in range(0, len(requests), OF_A_RUN):
            one = self.send_some(requests[begin : begin + OF_A_RUN], parallel)
            taken = taken.and_then(one) if taken else one
        return taken

    def send_some(self, requests, parallel):
        at = sandbox.server()
        config = self.folder / "bare.curl"
        config.write_text("\nnext\n".join(
            "\n".join([*self.common, f'url = "{at}{target}"', *lines]) for target, lines in requests))
        taken = run(["curl", "--parallel", "--parallel-max", str(parallel), "--config", str(config)])
        answers = [line.split() for line in taken.out.splitlines()]
        refused = [status for status, _ in answers if not status.startswith("2")]
        if refused or len(answers) != len(requests):
            raise OSError(f"{len(answers)} answers to {len(requests)} requests, {len(refused)} of them {set(refused)}")
        taken.requests, taken.connections = len(answers), sum(int(connects) for _, connects in answers)
        return taken

    def again(self, err, parallel):
        """What a program fetched, as its -v 6 tells."""
        targets = FETCHED.findall(err)
        ways = self.send([(target, []) for target in targets], parallel), self.load(targets, parallel)
        return min(ways, key=lambda taken: taken.seconds)

    def load(self, targets, parallel):
        """By h2load, on one connection."""
        uris = self.folder / "bare.uris"
        uris.write_text("".join(f"{sandbox.server()}{target}\n" for target in targets))
        # It has no certificates of its own to show.
        token = (sandbox.HOME / "token").read_text().strip()
        taken = run(["h2load", "-n", str(len(targets)), "-c", "1", "-m", str(parallel), "-i", str(uris),
                     "-H", f"authorization: Bearer {token}", "-H", "accept-encoding: gzip"])
        well = ANSWERED.search(taken.out)
        if not well or int(well[1]) != len(targets):
            raise OSError(f"{len(targets)} requests of h2load were not all answered:\n{taken.out[-500:]}")
        taken.requests, taken.connections, taken.first = len(targets), 1, None
        return taken

    def writes(self, objects, dry_run):
        """Server-side applies of objects, each a pair of its path and what it is."""
        query = "fieldManager=bare&force=true" + ("&dryRun=All" if dry_run else "")
        return self.send([(f"{path}?{query}", self.body(i, one)) for i, (path, one) in enumerate(objects)])

    def body(self, number, one):
        path = self.folder / f"body-{number}.json"
        path.write_text(json.dumps(one, separators=(",", ":")))
        return ['request = "PATCH"', 'header = "Content-Type: application/apply-patch+yaml"', f'data-binary = "@{path}"']

    def erase(self, objects):
        self.send([(path, ['request = "DELETE"']) for path, _ in objects])
