"""A server that has nothing but ConfigMaps: of each list of objects those of a namespace."""

import http.server
import json
import threading

RESOURCES = {
    "kind": "APIResourceList",
    "groupVersion": "v1",
    "resources": [
        {
            "name": "configmaps",
            "singularName": "configmap",
            "namespaced": True,
            "kind": "ConfigMap",
            "verbs": ["get", "list"],
        }
    ],
}
DISCOVERY_ANSWERS = {
    "/api": {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": RESOURCES,
}


def table_of(rows, objects):
    """The rows as the server's own table; the first has the names of the columns."""
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "columnDefinitions": [{"name": name, "type": "string"} for name in rows[0]],
        "rows": [{"cells": row, "object": item} for row, item in zip(rows[1:], objects)],
    }


def in_namespace(item, namespace):
    """The object in the namespace that stands for its list."""
    return {**item, "metadata": {**item["metadata"], "namespace": namespace}}


class Server:
    def __init__(self, lists, tables):
        server = self
        self.lists, self.tables = lists, tables

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = json.dumps(server.answer(self.path.split("?")[0], self.headers["Accept"])).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def answer(self, path, accept):
        if path in DISCOVERY_ANSWERS:
            return DISCOVERY_ANSWERS[path]
        # /api/v1/namespaces/NAMESPACE/configmaps[/NAME]
        parts = path.split("/")
        namespace = parts[4]
        if namespace in self.tables and "as=Table" in accept:
            return table_of(self.tables[namespace], self.lists["plain"])
        matches = [in_namespace(item, namespace) for item in self.lists[namespace]]
        if len(parts) > 6:
            return next(item for item in matches if item["metadata"]["name"] == parts[6])
        metadata = {"resourceVersion": "1"}
        return {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": metadata, "items": matches}
