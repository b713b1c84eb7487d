"""Gateways by the hundred: their files, and the namespace that they are in."""

import json
import pathlib
import subprocess
import zlib

from measurement import run

HEADER = "apiVersion: kubectl-egress/v1alpha1\nkind: EgressGateway\n"
PLAIN = "{{port: {port}, hosts: [h{number}.{ns}.example.org]}}"
WILDCARD = "{{port: {port}, hosts: ['*.w{number}.{ns}.example.org'], server: w{number}.{ns}.example.org}}"
TCP = (
    "{{port: {port}, protocol: TCP, hosts: [t{number}.{ns}.example.org], "
    "addresses: ['2001:db8:{net:x}::{number:x}']}}"
)
MIXED = (PLAIN, WILDCARD, TCP)


class Fleet:
    """Gateways for as many hosts, of each of the forms in turn."""

    def __init__(self, folder, ns, size, specs=(PLAIN,)):
        self.folder = pathlib.Path(folder)
        self.ns = ns
        self.size = size
        self.specs = specs
        subprocess.run(["kubectl", "create", "namespace", ns], check=True, capture_output=True)

    def write_manifest(self, port=443):
        path = self.folder / f"{self.ns}-{port}.yaml"
        path.write_text("".join(self.document(i, port) for i in range(self.size)))
        return str(path)

    def document(self, number, port):
        template = self.specs[number % len(self.specs)]
        # No two fleets have an address in common.
        spec = template.format(number=number, ns=self.ns, port=port, net=zlib.crc32(self.ns.encode()) % 0xFFFF)
        return f"{HEADER}metadata: {{name: gw-{number:05d}, namespace: {self.ns}}}\nspec: {spec}\n---\n"

    def apply(self, *flags, port=443):
        return run(["kubectl-egress", "apply", "-f", self.write_manifest(port), "--wait=false", *flags])

    def diff(self, *flags, port=443):
        return run(["kubectl-egress", "diff", "-f", self.write_manifest(port), *flags], allowed_statuses=(0, 1))

    def check(self, *flags):
        return run(["kubectl-egress", "check", "-n", self.ns, *flags], allowed_statuses=(0, 1))

    def list(self, *flags):
        return run(["kubectl-egress", "list", "-n", self.ns, *flags])

    def delete(self, *flags):
        names = [f"gw-{i:05d}" for i in range(self.size)]
        return run(["kubectl-egress", "delete", *names, "-n", self.ns, "--drain", "0s", "--wait=false", *flags])

    def objects(self):
        """All objects of all gateways, as `kubectl apply` would take them, each with its path; records first."""
        output = run(["kubectl-egress", "apply", "-f", self.write_manifest(), "--dry-run=server", "-o", "json"]).out
        objects = [(object_path(object_), object_) for object_ in json.loads(output)["items"]]
        return sorted(objects, key=lambda pair: pair[1]["kind"] != "ConfigMap")

    def write_list(self, objects, name="objects"):
        """A file of objects."""
        path = self.folder / f"{self.ns}-{name}.json"
        items = [object_ for _, object_ in objects]
        path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
        return str(path)


def object_path(object_):
    version, kind, metadata = object_["apiVersion"], object_["kind"].lower(), object_["metadata"]
    plural = kind[:-1] + "ies" if kind.endswith(("cy", "ry")) else kind + "s"
    return f"/{'apis' if '/' in version else 'api'}/{version}/namespaces/{metadata['namespace']}/{plural}/{metadata['name']}"
