"""A program on a terminal of its own, and the text on its screen."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

TIMEOUT = 60  # seconds, for a machine that is busy
TOKEN = re.compile(r"\x1b\[(?:\d+;)*(\d*)([A-Za-z])|\x1b|[\r\n]|[^\x1b\r\n]+")


class UnsupportedSequence(Exception):
    """What this screen does not know, and the program shall not use."""


class Screen:
    """The lines on the screen after the text was printed: the cursor moves up and down, and nothing scrolls."""

    def __init__(self):
        self.lines = [""]
        self.row = self.column = 0

    def print(self, text):
        for token in TOKEN.finditer(text):
            if token[2]:
                self.control(token[2], int(token[1] or 1))
            elif token[0] == "\r":
                self.column = 0
            elif token[0] == "\n":
                self.row += 1
                self.lines += [""] * (self.row + 1 - len(self.lines))
            elif token[0] == "\x1b":
                raise UnsupportedSequence(repr(text))
            else:
                self.write(token[0])

    def write(self, text):
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + text + line[self.column + len(text) :]
        self.column += len(text)

    def control(self, letter, number):
        if letter == "A":
            self.row = max(self.row - number, 0)
        elif letter == "J":
            self.lines[self.row :] = [self.lines[self.row][: self.column]]
        elif letter != "m":
            raise UnsupportedSequence(letter)


class TerminalRun:
    """A program from its start to its end: all that it printed, and the lines that stood on the screen by then."""

    def __init__(self, command, columns=80, **variables):
        master, slave = pty.openpty()
        self.terminal = master
        self.resize(columns, slave)
        env = {**os.environ, "TERM": "xterm", **variables}
        self.text = ""
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env)
        os.close(slave)

    def resize(self, columns, terminal=None):
        fcntl.ioctl(terminal or self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read_until(self, condition):
        """Waits until `condition` is true for the screen, or until the end. False at the end."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if not select.select([self.terminal], [], [], 0.05)[0]:
                continue
            try:
                self.text += os.read(self.terminal, 1 << 16).decode()
            except OSError:  # the program has ended
                os.close(self.terminal)
                self.process.wait()
                return False
            if condition(self.screen()):
                return True
        self.process.kill()
        raise TimeoutError(f"there is: {self.text!r}")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def finish(self):
        self.read_until(lambda _: False)
        return self

    def screen(self):
        screen = Screen()
        # Of a code that has not come whole, nothing is known yet.
        screen.print(re.sub(r"\x1b(\[[\d;]*)?$", "", self.text))
        return "\n".join(screen.lines)
