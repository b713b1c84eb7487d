"""One request under way, and all that can happen to it."""

import json
import socket
import struct

# Headers that concern one connection, or that are made anew on the other side.
OWN_HEADERS = {"host", "connection", "content-length", "transfer-encoding", "expect"}
REASONS = {
    401: "Unauthorized",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
}


def foreign(headers):
    return [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]


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
        self.reply = None
        self.body = b""
        self.open = True  # the connection takes further requests

    def forward(self):
        """Has the server answer. What it streams is left to be read."""
        watches = self.request.watches
        upstream = self.proxy.server.connect() if watches else self.proxy.server.borrow()
        upstream.putrequest(self.request.method, self.request.target, skip_accept_encoding=True)
        for name, value in foreign(self.request.headers):
            upstream.putheader(name, value)
        if self.request.body:
            upstream.putheader("Content-Length", str(len(self.request.body)))
        upstream.endheaders(self.request.body or None)
        self.reply = upstream.getresponse()
        if watches:
            self.proxy.stream(upstream.sock)
        else:
            self.body = self.reply.read()
            self.proxy.server.give_back(upstream)

    def pass_on(self):
        if self.request.watches and self.reply.status == 200:
            self.pass_on_stream()
        else:
            self.respond(self.reply.status, foreign(self.reply.getheaders()), self.body)

    def pass_on_stream(self):
        self.head(200, [*foreign(self.reply.getheaders()), ("Connection", "close")])
        while line := self.reply.readline():
            self.client.sendall(line)
        self.open = False

    def answer(self, code, headers=()):
        """The proxy's own answer, in the server's form."""
        body = json.dumps(status_object(code)).encode()
        self.respond(code, [("Content-Type", "application/json"), *headers], body)

    def truncate(self):
        """Passes half of the body on, and ends."""
        body = self.reply.readline() if self.request.watches else self.body
        headers = foreign(self.reply.getheaders())
        self.head(self.reply.status, [*headers, ("Content-Length", str(len(body)))])
        self.client.sendall(body[: len(body) // 2])
        self.client.shutdown(socket.SHUT_RDWR)
        self.open = False

    def reset(self):
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.open = False

    def stall(self):
        """Says nothing for as long as the other side waits."""
        self.client.recv(1)
        self.open = False

    def kill(self):
        self.proxy.kill()
        self.open = False

    def interrupt(self, *signals):
        self.proxy.interrupt(signals)
        self.pass_on()

    def refuse(self):
        self.proxy.refuse()
        self.reset()

    def respond(self, code, headers, body):
        self.head(code, [*headers, ("Content-Length", str(len(body)))], body)

    def head(self, code, headers, body=b""):
        lines = [f"HTTP/1.1 {code} {REASONS.get(code, 'Answer')}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
