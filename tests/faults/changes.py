"""Every change of some kinds of objects in a namespace, in the order in which the server stored them."""

import http.client
import threading
import time

QUIET = 0.5  # seconds without a change, after which no more is on its way


class Changes:
    """Watches from the start to the end of its `with`."""

    def __init__(self, server, ns, collections):
        self.standing = {}  # in the beginning, by plural and name
        self.server = server
        self.paths = {path.rsplit("/", 1)[1]: path.replace("NAMESPACE", ns) for path in collections}
        self.events = []  # (resourceVersion, plural, type, object)
        self.last = time.monotonic()
        self.streams = []

    def __enter__(self):
        for plural, path in self.paths.items():
            listed = self.server.get(path)
            for one in listed["items"]:
                self.standing[plural, one["metadata"]["name"]] = one
            stream = self.server.watch(path, listed["metadata"]["resourceVersion"])
            self.streams.append(stream)
            threading.Thread(target=self.follow, args=(plural, stream), daemon=True).start()
        return self

    def follow(self, plural, stream):
        try:
            for event in stream.events():
                self.last = time.monotonic()
                version = int(event["object"]["metadata"]["resourceVersion"])
                self.events.append((version, plural, event["type"], event["object"]))
        except (OSError, http.client.HTTPException, ValueError):
            pass  # it was closed

    def __exit__(self, *_):
        while time.monotonic() - self.last < QUIET:
            time.sleep(QUIET / 5)
        for stream in self.streams:
            stream.close()

    def moments(self):
        """After each change, in order: what changed, and all objects as they then stand, by kind and name."""
        standing = dict(self.standing)
        # A resourceVersion is etcd's revision: one count for all kinds, and one change each.
        for version, plural, kind, one in sorted(self.events, key=lambda event: event[0]):
            key = (plural, one["metadata"]["name"])
            if kind == "DELETED":
                standing.pop(key, None)
            else:
                standing[key] = one
            yield f"{kind} {plural}/{key[1]} at {version}", standing
