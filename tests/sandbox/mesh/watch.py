"""The objects of one kind, kept up to date by a watch."""

import http.client
import json
import ssl
import sys
import threading
import time


class Watch(threading.Thread):
    """Lists and watches what a path of the API server at SERVER (host:port) has. `objects` maps (namespace, name) to an
    object; `on_change` is called after each change."""

    def __init__(self, directory, server, path, on_change):
        super().__init__(daemon=True)
        self.server = server
        self.path = path
        self.on_change = on_change
        self.objects = {}
        self.tls = ssl.create_default_context(cafile=f"{directory}/ca.crt")
        self.tls.load_cert_chain(f"{directory}/admin.crt", f"{directory}/admin.key")
        self.start()

    def run(self):
        while True:
            try:
                self.list_and_watch()
            except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
                print(f"{self.path}: {error}; listing again", file=sys.stderr, flush=True)
            time.sleep(0.2)

    def list_and_watch(self):
        """Lists, and then watches until the server ends the stream."""
        listing = json.loads(self.get("").read())
        self.objects = {object_key(object_): object_ for object_ in listing["items"]}
        self.on_change()
        stream = self.get(f"?watch=true&resourceVersion={listing['metadata']['resourceVersion']}")
        while line := stream.readline():
            event = json.loads(line)
            if event["type"] == "ERROR":
                return
            if event["type"] == "DELETED":
                self.objects.pop(object_key(event["object"]), None)
            else:
                self.objects[object_key(event["object"])] = event["object"]
            self.on_change()

    def get(self, query):
        connection = http.client.HTTPSConnection(self.server, context=self.tls)
        connection.request("GET", self.path + query)
        return connection.getresponse()


def object_key(object_):
    return object_["metadata"].get("namespace"), object_["metadata"]["name"]
