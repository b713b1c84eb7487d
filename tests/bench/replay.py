"""The ceiling: the requests that a program sent, sent again by curl or by h2load, which do nothing else.

Pages are fetched by both, and the faster one counts. Writes are curl's: h2load sends one body (-d) with all requests
of a run, and the API server makes no object whose name is not in its own body ("name must be provided"), so that
h2load could not make two. Where one body is enough, 600 dry runs of a service account, it took 0.33 to 0.78 s and
curl 0.54 to 1.02 s: so much is the ceiling of small writes above what curl shows of it."""

import json
import pathlib
import re

import sandbox
from measurement import run

SUCCESS_COUNT = re.compile(r"^status codes: (\d+) 2xx", re.MULTILINE)
GET_REQUEST = re.compile(r"^GET https://[^/]+(/\S+) 200 ", re.MULTILINE)
PARALLEL_REQUESTS = 64
# curl makes ready all requests of a run before it sends the first one.
BATCH_SIZE = 5000


class Replay:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.common = [
            f'cacert = "{sandbox.DIRECTORY}/ca.crt"',
            f'cert = "{sandbox.DIRECTORY}/admin.crt"',
            f'key = "{sandbox.DIRECTORY}/admin.key"',
            'output = "/dev/null"',
            r'write-out = "%{http_code} %{num_connects}\n"',
            "silent",
            "http2",
            "compressed",
        ]

    def send(self, requests, parallel=PARALLEL_REQUESTS):
        """Requests are pairs of a target and lines of curl's configuration."""
        measurement = None
        for begin in range(0, len(requests), BATCH_SIZE):
            batch = self.send_batch(requests[begin : begin + BATCH_SIZE], parallel)
            measurement = measurement.add(batch) if measurement else batch
        return measurement

    def send_batch(self, requests, parallel):
        server = sandbox.server()
        config = self.folder / "replay.curl"
        config.write_text(
            "\nnext\n".join(
                "\n".join([*self.common, f'url = "{server}{target}"', *lines]) for target, lines in requests
            )
        )
        measurement = run(["curl", "--parallel", "--parallel-max", str(parallel), "--config", str(config)])
        responses = [line.split() for line in measurement.out.splitlines()]
        failed = [status for status, _ in responses if not status.startswith("2")]
        if failed or len(responses) != len(requests):
            raise OSError(f"{len(responses)} answers to {len(requests)} requests, {len(failed)} of them {set(failed)}")
        measurement.requests, measurement.connections = len(responses), sum(int(connects) for _, connects in responses)
        return measurement

    def replay_gets(self, err, parallel):
        """What a program fetched, as its -v 6 tells."""
        targets = GET_REQUEST.findall(err)
        measurements = self.send([(target, []) for target in targets], parallel), self.send_by_h2load(targets, parallel)
        return min(measurements, key=lambda measurement: measurement.seconds)

    def send_by_h2load(self, targets, parallel):
        """By h2load, on one connection."""
        uris = self.folder / "replay.uris"
        uris.write_text("".join(f"{sandbox.server()}{target}\n" for target in targets))
        # It has no certificates of its own to show.
        token = (sandbox.DIRECTORY / "token").read_text().strip()
        measurement = run(
            [
                "h2load",
                "-n",
                str(len(targets)),
                "-c",
                "1",
                "-m",
                str(parallel),
                "-i",
                str(uris),
                "-H",
                f"authorization: Bearer {token}",
                "-H",
                "accept-encoding: gzip",
            ]
        )
        success_count = SUCCESS_COUNT.search(measurement.out)
        if not success_count or int(success_count[1]) != len(targets):
            raise OSError(f"{len(targets)} requests of h2load were not all answered:\n{measurement.out[-500:]}")
        measurement.requests, measurement.connections, measurement.first_byte = len(targets), 1, None
        return measurement

    def apply_objects(self, objects, dry_run):
        """Server-side applies of objects, each a pair of its path and what it is."""
        query = "fieldManager=replay&force=true" + ("&dryRun=All" if dry_run else "")
        return self.send(
            [(f"{path}?{query}", self.write_body(i, object_)) for i, (path, object_) in enumerate(objects)]
        )

    def write_body(self, number, object_):
        path = self.folder / f"body-{number}.json"
        path.write_text(json.dumps(object_, separators=(",", ":")))
        return [
            'request = "PATCH"',
            'header = "Content-Type: application/apply-patch+yaml"',
            f'data-binary = "@{path}"',
        ]

    def delete_objects(self, objects):
        self.send([(path, ['request = "DELETE"']) for path, _ in objects])
