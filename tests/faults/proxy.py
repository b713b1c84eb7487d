"""Stands between the tool and the API server, and does one thing to one request.

It numbers the requests in the order in which it forwards them, one at a time, so that "the k-th" means
something. Watches are numbered like the others, but stream beside them.
"""

import http.client
import signal
import socket
import threading
import time

from exchange import Exchange
from fault import NO_FAULT
from request import RequestReader

LOOPBACK = "127.0.0.1"
SIGNAL_INTERVAL = 0.05  # seconds


class Proxy:
    def __init__(self, server, fault=NO_FAULT, request_number=0):
        self.server = server
        self.fault = fault
        self.request_number = request_number
        self.requests = []  # all that came, in their order
        self.faulted_request = None  # the one that met the fault
        self.lock = threading.Lock()
        self.is_closed = False  # nothing is forwarded any more
        self.sockets = set()
        self.process = None
        self.has_process = threading.Event()
        self.listener = socket.create_server((LOOPBACK, 0), backlog=32)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"http://{LOOPBACK}:{self.port}"

    def attach(self, process):
        """The one that is interrupted or killed, should it come to that."""
        self.process = process
        self.has_process.set()

    def kill(self):
        self.has_process.wait()
        self.process.kill()

    def interrupt(self, signals):
        """One signal that comes while another of its kind is yet to be noticed is lost."""
        self.has_process.wait()
        for number in signals:
            self.process.send_signal(number)
            time.sleep(SIGNAL_INTERVAL)

    def refuse(self):
        """Nobody listens at this port from now on: it stays taken, lest another proxy be found there."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        placeholder = socket.socket()
        placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        placeholder.bind((LOOPBACK, self.port))
        self.sockets.add(placeholder)

    def add_socket(self, upstream):
        self.sockets.add(upstream)

    def close(self):
        self.is_closed = True
        for socket_ in [self.listener, *self.sockets]:
            try:
                socket_.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed, or was never connected
                pass
            socket_.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets.add(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        reader = RequestReader(client)
        try:
            while (request := reader.read_request()) and self.handle(client, request):
                pass
        except (OSError, http.client.HTTPException):
            pass  # one of the two sides is gone
        client.close()

    def handle(self, client, request):
        """False where the connection ends with it."""
        exchange = Exchange(self, client, request)
        with self.lock:
            if self.is_closed:
                exchange.reset()
                return False
            fault = self.record_request(request)
            self.is_closed = fault.closes_proxy
            fault.before_forward(exchange)
            if fault.is_forwarded:
                exchange.forward_request()
        fault.action(exchange)
        return exchange.is_open

    def record_request(self, request):
        """What is to happen to it."""
        self.requests.append(request)
        request.number = len(self.requests)
        if request.number != self.request_number:
            return NO_FAULT
        self.faulted_request = request
        return self.fault
