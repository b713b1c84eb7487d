"""Proxies on the loopback: whatever host they are asked for, they go to 127.0.0.1, and they remember it."""

import dataclasses
import http.client
import select
import socket
import socketserver
import threading
import time
import urllib.parse

from recorder import Handler


@dataclasses.dataclass(frozen=True)
class Tunnel:
    kind: str  # "http", "https" or "socks5"
    host: str  # as the client named it; a port would differ from run to run
    login: str  # Proxy-Authorization, or user:password
    certificate: str = ""


def relay(client, server):
    """Carries bytes both ways until either side ends."""
    ends = {client: server, server: client}
    while True:
        # What TLS has already taken off the wire, select does not see.
        pending = [end for end in ends if getattr(end, "pending", int)()]
        readable = pending or select.select(list(ends), [], [], 20)[0]
        if not readable:
            return
        for end in readable:
            data = end.recv(65536)
            if not data:
                return
            ends[end].sendall(data)


class HttpProxy(Handler):
    """CONNECT for https, and whole URLs for http. Rejects the user "nobody"."""

    def describe_tunnel(self, host):
        login = self.headers.get("Proxy-Authorization", "")
        kind = "https" if self.server.tls else "http"
        return Tunnel(kind, host, login, self.describe_request().certificate)

    def do_CONNECT(self):
        host, port = self.path.rsplit(":", 1)
        tunnel = self.describe_tunnel(host)
        if tunnel.login == "Basic bm9ib2R5OnMzY3IzdA==":
            self.send_error(407)
            return
        with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as upstream:
            self.server.log.add_tunnel(upstream.getsockname()[1], tunnel)
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay(self.connection, upstream)
        self.close_connection = True

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        upstream = http.client.HTTPConnection("127.0.0.1", url.port, timeout=10)
        upstream.connect()
        self.server.log.add_tunnel(upstream.sock.getsockname()[1], self.describe_tunnel(url.hostname))
        headers = {name: value for name, value in self.headers.items() if not name.startswith("Proxy-")}
        path = url.path + ("?" + url.query if url.query else "")
        upstream.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            upstream.putheader(name, value)
        upstream.endheaders()
        reply = upstream.getresponse()
        text = reply.read()
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name not in ("Date", "Server"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)
        upstream.close()


class SocksHandler(socketserver.BaseRequestHandler):
    """SOCKS 5 (RFC 1928): CONNECT, with or without user and password (RFC 1929)."""

    def receive(self, count):
        data = b""
        while len(data) < count:
            received = self.request.recv(count - len(data))
            if not received:
                raise OSError("the client went away")
            data += received
        return data

    def login(self):
        _, count = self.receive(2)
        if 2 not in self.receive(count):
            self.request.sendall(b"\x05\x00")
            return ""
        self.request.sendall(b"\x05\x02")
        _, length = self.receive(2)
        user = self.receive(length).decode()
        password = self.receive(self.receive(1)[0]).decode()
        self.request.sendall(b"\x01\x00")
        return f"{user}:{password}"

    def host(self):
        """As it was asked for: a name where the proxy is to look it up."""
        kind = self.receive(4)[3]
        if kind == 3:
            return self.receive(self.receive(1)[0]).decode()
        family, size = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
        return socket.inet_ntop(family, self.receive(size))

    def handle(self):
        try:
            self.request.settimeout(20)
            login = self.login()
            host = self.host()
            port = int.from_bytes(self.receive(2), "big")
            with socket.create_connection(("127.0.0.1", port), timeout=10) as upstream:
                self.server.log.add_tunnel(upstream.getsockname()[1], Tunnel("socks5", host, login))
                self.request.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
                relay(self.request, upstream)
        except OSError:
            pass


class SocksProxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, log):
        super().__init__(("127.0.0.1", 0), SocksHandler)
        self.log = log
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]


class UnresponsiveProxy(socketserver.ThreadingTCPServer):
    """Takes connections, reads what is said, and hangs up without a word, at once or after some seconds."""

    daemon_threads = True

    def __init__(self, delay=0):
        super().__init__(("127.0.0.1", 0), None)
        self.delay = delay
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def finish_request(self, request, client_address):
        request.settimeout(20)
        try:
            request.recv(65536)
            time.sleep(self.delay)
        except OSError:
            pass

    @property
    def port(self):
        return self.server_address[1]
