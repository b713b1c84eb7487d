"""A request of the tool, as it comes in over a connection of HTTP/1.1."""

MAX_HEAD_BYTES = 1 << 16


class Request:
    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.number = 0

    def __str__(self):
        return f"request {self.number} ({self.method} {self.target})"

    @property
    def path(self):
        return self.target.split("?")[0]

    @property
    def is_watch(self):
        return "watch=true" in self.target

    @property
    def is_apply(self):
        return any(name.lower() == "content-type" and "apply-patch" in value for name, value in self.headers)

    @property
    def is_write(self):
        """Whether the server would store something: neither dry runs nor questions about permissions do."""
        is_read_only = "dryRun=All" in self.target or self.path.endswith("reviews")
        return self.method != "GET" and not is_read_only


class RequestReader:
    """The requests of one connection."""

    def __init__(self, client):
        self.client = client
        self.buffer = b""

    def read_request(self):
        """The next request; none where the connection ends."""
        while b"\r\n\r\n" not in self.buffer:
            if len(self.buffer) > MAX_HEAD_BYTES or not self.fill_buffer():
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        request_line, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = request_line.split(" ")
        headers = [tuple(line.split(": ", 1)) for line in lines if ": " in line]
        lengths = [int(value) for name, value in headers if name.lower() == "content-length"]
        length = lengths[0] if lengths else 0
        while len(self.buffer) < length:
            if not self.fill_buffer():
                return None
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Request(method, target, headers, body)

    def fill_buffer(self):
        data = self.client.recv(1 << 16)
        self.buffer += data
        return bool(data)
