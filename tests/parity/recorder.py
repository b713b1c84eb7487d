"""Servers on the loopback that answer as an API server does, and remember what arrived."""

import dataclasses
import http.server
import socket
import ssl
import threading

import api


@dataclasses.dataclass
class ReceivedRequest:
    """One request, as the server saw it."""

    scheme: str
    sni: str  # "" where none was sent
    certificate: str  # the common name of the client's certificate; "" where none was shown
    method: str
    target: str
    headers: list
    proxy: object = None  # what the proxy in between saw, where there was one

    @property
    def port(self):
        return self.header("host").rsplit(":", 1)[1]

    def header(self, name):
        values = [value for key, value in self.headers if key.lower() == name]
        return values[0].strip() if values else ""


class RequestLog:
    """What arrived since it was last emptied."""

    def __init__(self):
        self.lock = threading.Lock()
        self.folder = None  # that the program runs in
        self.clear()

    def clear(self):
        with self.lock:
            self.requests = []
            self.tunnels = {}  # what a proxy saw, by the port that it then came from

    def add(self, request):
        """How many came for the same before."""
        with self.lock:
            self.requests.append(request)
            return sum(earlier.target == request.target for earlier in self.requests) - 1

    def rotate(self, request):
        """From the first request with such a token on, its file has a new one."""
        if request.header("authorization").removeprefix(api.BEARER) in api.ROTATED:
            (self.folder / "token").write_text("s3cr3t-good-now")

    def add_tunnel(self, port, tunnel):
        with self.lock:
            self.tunnels[port] = tunnel

    def tunnel_by_port(self, port):
        with self.lock:
            return self.tunnels.get(port)

    def all_requests(self):
        with self.lock:
            return list(self.requests)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True

    def describe_request(self):
        tls = isinstance(self.connection, ssl.SSLSocket)
        subject = (self.connection.getpeercert() or {}).get("subject", ()) if tls else ()
        return ReceivedRequest(
            scheme="https" if tls else "http",
            sni=getattr(self.connection, "sni", None) or "",
            certificate=dict(pair for name in subject for pair in name).get("commonName", ""),
            method=self.command,
            target=self.path,
            headers=list(self.headers.items()),
            proxy=self.server.log.tunnel_by_port(self.client_address[1]),
        )

    def answer(self):
        request = self.describe_request()
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.log.rotate(request)
        status, headers, text = api.answer(request, self.server.log.add(request))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


class Listener(http.server.ThreadingHTTPServer):
    """One port. With a certificate it speaks TLS, and asks for the client's."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        log,
        certificate="",
        authority="",
        handler=Handler,
        old_tls=False,
        require_client_certificate=False,
    ):
        super().__init__(("127.0.0.1", 0), handler)
        self.log = log
        self.tls = tls_context(certificate, authority, old_tls) if certificate else None
        if require_client_certificate:
            self.tls.verify_mode = ssl.CERT_REQUIRED
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def finish_request(self, request, client_address):
        # In the thread of the connection: a client that never speaks holds up nobody else.
        if self.tls:
            request.settimeout(20)
            request = self.tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
            try:
                request.do_handshake()
            except (OSError, ssl.SSLError):
                drain(request)
                return
        try:
            super().finish_request(request, client_address)
        except (OSError, ssl.SSLError):
            pass
        finally:
            request.close()


def drain(connection):
    """Closes it without taking away what it has said: what is closed with something unread does that."""
    raw = socket.socket(fileno=connection.detach())
    with raw:
        try:
            raw.settimeout(1)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(4096):
                pass
        except OSError:
            pass


def tls_context(certificate, authority, old_tls):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if old_tls:
        # Such a version OpenSSL still speaks where nothing asks for security.
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(f"{certificate}.crt", f"{certificate}.key")
    context.load_verify_locations(f"{authority}.crt")
    context.verify_mode = ssl.CERT_OPTIONAL
    context.set_alpn_protocols(["http/1.1"])

    def record_sni(connection, name, _):
        connection.sni = name

    context.sni_callback = record_sni
    return context
