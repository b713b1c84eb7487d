#!/usr/bin/env python3
"""A port of the host's loopback interface whose connections end in another network namespace.

port.py listen FILE COMMAND…   listens on a free port, writes its number to FILE, and becomes COMMAND, which inherits the
                               socket as file descriptor 3
port.py forward HOST PORT      forwards the connections of that socket to HOST:PORT in this network namespace
"""

import os
import socket
import sys
import threading

DESCRIPTOR = 3


def listen(file, command):
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    with open(file, "w", encoding="utf-8") as port:
        print(listener.getsockname()[1], file=port)
    if listener.fileno() != DESCRIPTOR:
        os.dup2(listener.fileno(), DESCRIPTOR)
    os.set_inheritable(DESCRIPTOR, True)
    os.execvp(command[0], command)


def copy(source, sink):
    try:
        while data := source.recv(1 << 18):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for connection in (source, sink):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(client, target):
    try:
        server = socket.create_connection(target)
    except OSError:
        client.close()
        return
    with client, server:
        for connection in (client, server):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reverse_copy = threading.Thread(target=copy, args=(server, client), daemon=True)
        reverse_copy.start()
        copy(client, server)
        reverse_copy.join()


def forward(host, port):
    listener = socket.socket(fileno=DESCRIPTOR)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, (host, int(port))), daemon=True).start()


if __name__ == "__main__":
    if sys.argv[1] == "listen":
        listen(sys.argv[2], sys.argv[3:])
    else:
        forward(*sys.argv[2:])
