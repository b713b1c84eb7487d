"""Every change of some kinds of objects in a namespace, in the order in which the server stored them."""

import http.client
import threading
import time

QUIET_PERIOD = 0.5  # seconds without a change, after which no more is on its way


class History:
    """Watches from the start to the end of its `with`."""

    def __init__(self, server, ns, collections):
        self.initial_objects = {}  # in the beginning, by plural and name
        self.server = server
        self.paths = {path.rsplit("/", 1)[1]: path.replace("NAMESPACE", ns) for path in collections}
        self.events = []  # (resourceVersion, plural, type, object)
        self.last_event_time = time.monotonic()
        self.streams = []

    def __enter__(self):
        for plural, path in self.paths.items():
            listing = self.server.get(path)
            for object_ in listing["items"]:
                self.initial_objects[plural, object_["metadata"]["name"]] = object_
            stream = self.server.watch(path, listing["metadata"]["resourceVersion"])
            self.streams.append(stream)
            threading.Thread(target=self.follow, args=(plural, stream), daemon=True).start()
        return self

    def follow(self, plural, stream):
        try:
            for event in stream.events():
                self.last_event_time = time.monotonic()
                version = int(event["object"]["metadata"]["resourceVersion"])
                self.events.append((version, plural, event["type"], event["object"]))
        except (OSError, http.client.HTTPException, ValueError):
            pass  # it was closed

    def __exit__(self, *_):
        while time.monotonic() - self.last_event_time < QUIET_PERIOD:
            time.sleep(QUIET_PERIOD / 5)
        for stream in self.streams:
            stream.close()

    def replay(self):
        """After each change, in order: what changed, and all objects as they then stand, by kind and name."""
        objects = dict(self.initial_objects)
        # A resourceVersion is etcd's revision: one count for all kinds, and one change each.
        for version, plural, event_type, object_ in sorted(self.events, key=lambda event: event[0]):
            key = (plural, object_["metadata"]["name"])
            if event_type == "DELETED":
                objects.pop(key, None)
            else:
                objects[key] = object_
            yield f"{event_type} {plural}/{key[1]} at {version}", objects
