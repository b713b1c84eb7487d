"""A program on a terminal of its own, and what stands on its screen."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

PATIENCE = 60  # seconds, for a machine that is busy
STEP = re.compile(r"\x1b\[(?:\d+;)*(\d*)([A-Za-z])|\x1b|[\r\n]|[^\x1b\r\n]+")


class Unreadable(Exception):
    """What this screen does not know, and the program shall not use."""


class Screen:
    """The lines that stand there when the text was printed: the cursor moves up and down, and nothing scrolls."""

    def __init__(self):
        self.lines = [""]
        self.row = self.column = 0

    def print(self, text):
        for step in STEP.finditer(text):
            if step[2]:
                self.control(step[2], int(step[1] or 1))
            elif step[0] == "\r":
                self.column = 0
            elif step[0] == "\n":
                self.row += 1
                self.lines += [""] * (self.row + 1 - len(self.lines))
            elif step[0] == "\x1b":
                raise Unreadable(repr(text))
            else:
                self.put(step[0])

    def put(self, text):
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + text + line[self.column + len(text):]
        self.column += len(text)

    def control(self, letter, number):
        if letter == "A":
            self.row = max(self.row - number, 0)
        elif letter == "J":
            self.lines[self.row:] = [self.lines[self.row][: self.column]]
        elif letter != "m":
            raise Unreadable(letter)


class Run:
    """A program from its start to its end: all that it printed, and the lines that stood on the screen by then."""

    def __init__(self, words, columns=80, **variables):
        ours, theirs = pty.openpty()
        self.terminal = ours
        self.resize(columns, theirs)
        env = {**os.environ, "TERM": "xterm", **variables}
        self.text = ""
        self.process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
        os.close(theirs)

    def resize(self, columns, terminal=None):
        fcntl.ioctl(terminal or self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read_until(self, found):
        """Until `found` holds of what stands on the screen, or the end. False at the end."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not select.select([self.terminal], [], [], 0.05)[0]:
                continue
            try:
                self.text += os.read(self.terminal, 1 << 16).decode()
            except OSError:  # the program has ended
                os.close(self.terminal)
                self.process.wait()
                return False
            if found(self.screen()):
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
