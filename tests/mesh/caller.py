"""A steady stream of requests from a pod."""

import json
import subprocess


class Caller:
    """Requests from shop/web, 20 a second, with the arguments of the program `caller`, until `stop`."""

    def __init__(self, *arguments):
        command = ["kubectl", "exec", "-i", "-n", "shop", "web", "-c", "app", "--", "caller", *arguments]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def stop(self):
        """Ends the caller, and returns its summary (tests/sandbox/mesh/world/caller/load.go)."""
        out, _ = self.process.communicate()
        return json.loads(out)
