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
from fault import NONE
from request import Incoming

LOOPBACK = "127.0.0.1"
BETWEEN_SIGNALS = 0.05  # seconds


class Proxy:
    def __init__(self, server, fault=NONE, at=0):
        self.server = server
        self.fault = fault
        self.at = at
        self.requests = []  # all that came, in their order
        self.met = None  # the one that met the fault
        self.turn = threading.Lock()
        self.over = False  # nothing is forwarded any more
        self.sockets = set()
        self.victim = None
        self.has_victim = threading.Event()
        self.listener = socket.create_server((LOOPBACK, 0), backlog=32)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"http://{LOOPBACK}:{self.port}"

    def watch_over(self, process):
        """The one that is interrupted or killed, should it come to that."""
        self.victim = process
        self.has_victim.set()

    def kill(self):
        self.has_victim.wait()
        self.victim.kill()

    def interrupt(self, signals):
        """One signal that comes while another of its kind is yet to be noticed is lost."""
        self.has_victim.wait()
        for one in signals:
            self.victim.send_signal(one)
            time.sleep(BETWEEN_SIGNALS)

    def refuse(self):
        """Nobody listens at this port from now on: it stays taken, lest another proxy be found there."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        taken = socket.socket()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((LOOPBACK, self.port))
        self.sockets.add(taken)

    def stream(self, upstream):
        self.sockets.add(upstream)

    def close(self):
        self.over = True
        for one in [self.listener, *self.sockets]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed, or was never connected
                pass
            one.close()

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
        incoming = Incoming(client)
        try:
            while (request := incoming.next()) and self.exchange(client, request):
                pass
        except (OSError, http.client.HTTPException):
            pass  # one of the two sides is gone
        client.close()

    def exchange(self, client, request):
        """False where the connection ends with it."""
        exchange = Exchange(self, client, request)
        with self.turn:
            if self.over:
                exchange.reset()
                return False
            fault = self.number(request)
            self.over = fault.last
            fault.first(exchange)
            if fault.forwarded:
                exchange.forward()
        fault.then(exchange)
        return exchange.open

    def number(self, request):
        """What is to happen to it."""
        self.requests.append(request)
        request.number = len(self.requests)
        if request.number != self.at:
            return NONE
        self.met = request
        return self.fault
