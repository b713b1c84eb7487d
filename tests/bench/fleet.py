"""Gateways by the hundred: their files, and the namespace that they are in."""

import pathlib
import subprocess

from measured import run

FORM = """\
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata: {{name: gw-{number:05d}, namespace: {ns}}}
spec: {{port: {port}, hosts: [h{number}.{ns}.example.org]}}
---
"""


class Fleet:
    def __init__(self, folder, ns, size):
        self.folder = pathlib.Path(folder)
        self.ns = ns
        self.size = size
        subprocess.run(["kubectl", "create", "namespace", ns], check=True, capture_output=True)

    def file(self, port=443):
        path = self.folder / f"{self.ns}-{port}.yaml"
        path.write_text("".join(FORM.format(number=i, ns=self.ns, port=port) for i in range(self.size)))
        return str(path)

    def apply(self, *flags, port=443):
        return run(["kubectl-egress", "apply", "-f", self.file(port), "--wait=false", *flags])

    def list(self, *flags):
        return run(["kubectl-egress", "list", "-n", self.ns, *flags])

    def delete(self, *flags):
        names = [f"gw-{i:05d}" for i in range(self.size)]
        return run(["kubectl-egress", "delete", *names, "-n", self.ns, "--drain", "0s", "--wait=false", *flags])

    def objects(self):
        """All objects of all gateways, in a file that kubectl takes."""
        path = self.folder / f"{self.ns}-objects.yaml"
        text = run(["kubectl-egress", "apply", "-f", self.file(), "--dry-run=server", "-o", "yaml"]).out
        path.write_text(text)
        return str(path)

    def gone(self):
        """Asks for the namespace to go, and does not wait."""
        subprocess.run(["kubectl", "delete", "namespace", self.ns, "--wait=false"], capture_output=True)
