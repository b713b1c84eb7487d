#!/usr/bin/env python3
"""image.py LAYOUT: writes the images described on standard input as an OCI image layout, the directory LAYOUT.

The input is a JSON list of {"name": full image name, "layers": [directory or tar file, …], "config": OCI image config}.
"""

import functools
import hashlib
import io
import json
import pathlib
import platform
import sys
import tarfile

MEDIA_TYPE = "application/vnd.oci.image"
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class Layout:
    """An OCI image layout (image-spec v1.0, image-layout.md)."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.blobs = self.folder / "blobs" / "sha256"
        self.blobs.mkdir(parents=True)
        self.manifests = []

    def add_blob(self, data, kind):
        digest = hashlib.sha256(data).hexdigest()
        (self.blobs / digest).write_bytes(data)
        return {"mediaType": f"{MEDIA_TYPE}.{kind}", "digest": f"sha256:{digest}", "size": len(data)}

    @functools.cache
    def add_layer(self, root):
        return self.add_blob(read_layer(root), "layer.v1.tar")

    def add_image(self, name, layers, config):
        added = [self.add_layer(root) for root in layers]
        image = {
            "architecture": ARCHITECTURES[platform.machine()],
            "os": "linux",
            "config": {"Env": [PATH], "WorkingDir": "/", **config},
            "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in added]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": f"{MEDIA_TYPE}.manifest.v1+json",
            "config": self.add_blob(json.dumps(image).encode(), "config.v1+json"),
            "layers": added,
        }
        entry = self.add_blob(json.dumps(manifest).encode(), "manifest.v1+json")
        self.manifests.append({**entry, "annotations": {"io.containerd.image.name": name}})

    def finish(self):
        index = {"schemaVersion": 2, "manifests": self.manifests}
        (self.folder / "index.json").write_text(json.dumps(index))
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')


def owned_by_root(member):
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def read_layer(root):
    """The uncompressed tar of a directory, or a tar file as it is."""
    path = pathlib.Path(root)
    if path.is_file():
        return path.read_bytes()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for one in sorted(path.iterdir()):
            tar.add(one, arcname=one.name, filter=owned_by_root)
    return packed.getvalue()


def main():
    layout = Layout(sys.argv[1])
    for image in json.load(sys.stdin):
        layout.add_image(image["name"], image["layers"], image["config"])
    layout.finish()


if __name__ == "__main__":
    main()
