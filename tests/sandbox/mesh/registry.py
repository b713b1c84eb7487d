#!/usr/bin/env python3
"""registry.py LAYOUT PORT: a read-only image registry on the loopback interface, which serves an OCI image layout."""

import http.server
import json
import os
import pathlib
import shutil
import sys
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    layout = pathlib.Path()
    manifests = {}  # digests, by the full names of images

    def digest(self):
        """What /v2/NAME/manifests/TAG?ns=REGISTRY or /v2/NAME/{manifests,blobs}/DIGEST asks for. Raises KeyError."""
        url = urllib.parse.urlsplit(self.path)
        name, kind, reference = url.path.removeprefix("/v2/").rsplit("/", 2)
        if kind == "manifests" and ":" not in reference:
            registry = urllib.parse.parse_qs(url.query).get("ns", ["localhost"])[0]
            return self.manifests[f"{registry}/{name}:{reference}"]
        return reference

    def do_GET(self):
        try:
            digest = self.digest()
            with open(self.layout / "blobs" / digest.replace(":", "/"), "rb") as blob:
                self.send_headers(digest, os.fstat(blob.fileno()).st_size)
                if self.command == "GET":
                    shutil.copyfileobj(blob, self.wfile, 1 << 20)
        except (KeyError, ValueError, FileNotFoundError):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

    do_HEAD = do_GET

    def send_headers(self, digest, size):
        is_manifest = "/manifests/" in self.path
        self.send_response(200)
        self.send_header(
            "Content-Type", f"application/{'vnd.oci.image.manifest.v1+json' if is_manifest else 'octet-stream'}"
        )
        self.send_header("Content-Length", str(size))
        self.send_header("Docker-Content-Digest", digest)
        self.end_headers()


def main():
    Handler.layout = pathlib.Path(sys.argv[1])
    index = json.loads((Handler.layout / "index.json").read_text())
    Handler.manifests = {
        manifest["annotations"]["io.containerd.image.name"]: manifest["digest"] for manifest in index["manifests"]
    }
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()


if __name__ == "__main__":
    main()
