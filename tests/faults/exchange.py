"""One request under way, and all that can happen to it."""

import json
import socket
import struct

# Headers that concern one connection, or that are made anew on the other side.
HOP_BY_HOP_HEADERS = {"host", "connection", "content-length", "transfer-encoding", "expect"}
REASONS = {
    401: "Unauthorized",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
}


def end_to_end_headers(headers):
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP_HEADERS]


def status_object(code):
    """The answer of an API server that refuses."""
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "message": f"the fault proxy says {code}",
        "reason": REASONS[code],
        "code": code,
    }


class Exchange:
    def __init__(self, proxy, client, request):
        self.proxy = proxy
        self.client = client
        self.request = request
        self.response = None
        self.body = b""
        self.is_open = True  # the connection takes further requests

    def forward_request(self):
        """Has the server answer. What it streams is left to be read."""
        is_watch = self.request.is_watch
        upstream = self.proxy.server.connect() if is_watch else self.proxy.server.acquire()
        upstream.putrequest(self.request.method, self.request.target, skip_accept_encoding=True)
        for name, value in end_to_end_headers(self.request.headers):
            upstream.putheader(name, value)
        if self.request.body:
            upstream.putheader("Content-Length", str(len(self.request.body)))
        upstream.endheaders(self.request.body or None)
        self.response = upstream.getresponse()
        if is_watch:
            self.proxy.add_socket(upstream.sock)
        else:
            self.body = self.response.read()
            self.proxy.server.release(upstream)

    def forward_response(self):
        if self.request.is_watch and self.response.status == 200:
            self.forward_stream()
        else:
            self.send_response(self.response.status, end_to_end_headers(self.response.getheaders()), self.body)

    def forward_stream(self):
        self.send_head(200, [*end_to_end_headers(self.response.getheaders()), ("Connection", "close")])
        while line := self.response.readline():
            self.client.sendall(line)
        self.is_open = False

    def send_error(self, code, headers=()):
        """The proxy's own answer, in the server's form."""
        body = json.dumps(status_object(code)).encode()
        self.send_response(code, [("Content-Type", "application/json"), *headers], body)

    def truncate(self):
        """Passes half of the body on, and ends."""
        body = self.response.readline() if self.request.is_watch else self.body
        headers = end_to_end_headers(self.response.getheaders())
        self.send_head(self.response.status, [*headers, ("Content-Length", str(len(body)))])
        self.client.sendall(body[: len(body) // 2])
        self.client.shutdown(socket.SHUT_RDWR)
        self.is_open = False

    def reset(self):
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.is_open = False

    def stall(self):
        """Says nothing for as long as the other side waits."""
        self.client.recv(1)
        self.is_open = False

    def kill(self):
        self.proxy.kill()
        self.is_open = False

    def interrupt(self, *signals):
        self.proxy.interrupt(signals)
        self.forward_response()

    def refuse(self):
        self.proxy.refuse()
        self.reset()

    def send_response(self, code, headers, body):
        self.send_head(code, [*headers, ("Content-Length", str(len(body)))], body)

    def send_head(self, code, headers, body=b""):
        lines = [f"HTTP/1.1 {code} {REASONS.get(code, 'Answer')}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
