"""The sandbox's API server, spoken to as its admin."""

import collections
import http.client
import json
import pathlib
import re
import socket
import ssl
import time

# The server itself lets go of connections that are idle for longer than 90 seconds.
MAX_IDLE_SECONDS = 45


class Server:
    def __init__(self, directory):
        directory = pathlib.Path(directory)
        self.tls = ssl.create_default_context(cafile=str(directory / "ca.crt"))
        self.tls.load_cert_chain(str(directory / "admin.crt"), str(directory / "admin.key"))
        self.kubeconfig = str(directory / "kubeconfig")
        text = (directory / "kubeconfig").read_text()
        self.port = int(re.search(r"server: https://127\.0\.0\.1:(\d+)", text)[1])
        self.idle = collections.deque()

    def connect(self, timeout=60):
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=timeout)

    def acquire(self):
        """A connection that nobody uses: a kept-alive one, or a new one."""
        while self.idle:
            released_at, connection = self.idle.pop()
            if time.monotonic() - released_at < MAX_IDLE_SECONDS:
                return connection
            connection.close()
        return self.connect()

    def release(self, connection):
        self.idle.append((time.monotonic(), connection))

    def send(self, method, path, body=None, content_type="json"):
        """The status of the answer, and its body."""
        headers = {"Content-Type": f"application/{content_type}"} if body is not None else {}
        connection = self.acquire()
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        text = response.read()
        self.release(connection)
        return response.status, json.loads(text)

    def get(self, path):
        status, body = self.send("GET", path)
        if status != 200:
            raise OSError(f"GET {path}: {status} {body.get('message')}")
        return body

    def create(self, path, body):
        """Makes an object; one that is there already may stay."""
        status, answer = self.send("POST", path, body)
        if status not in (201, 409):
            raise OSError(f"POST {path}: {status} {answer.get('message')}")

    def merge_patch(self, path, body):
        status, answer = self.send("PATCH", path, body, "merge-patch+json")
        if status != 200:
            raise OSError(f"PATCH {path}: {status} {answer.get('message')}")
        return answer

    def watch(self, path, version):
        """What happens in a collection after that version."""
        connection = self.connect(timeout=None)
        connection.request("GET", f"{path}?watch=true&resourceVersion={version}")
        return Stream(connection, connection.getresponse())


class Stream:
    """The events of a watch, until either side ends it."""

    def __init__(self, connection, response):
        self.socket = connection.sock
        self.response = response

    def events(self):
        while line := self.response.readline():
            yield json.loads(line)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
