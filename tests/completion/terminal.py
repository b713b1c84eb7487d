"""A shell on a terminal of its own, and somebody who types."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

PATIENCE = 60  # seconds, for a machine that is busy
TELL = "\x18d"  # the key by which each shell writes its command line into a file
PROMPT = "what-now> "
# What is for the terminal: titles, movements and colours, character sets, and signs that are not seen.
CONTROL = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?>=]*[ -/]*[@-~]"
                     r"|\x1b[()][A-Z0-9]|\x1b[=>78cM]|[\x00\r\x07\x08\x0f]")


class Terminal:
    """Runs a shell until the block is left. It tells its command line in the file `told`."""

    def __init__(self, words, folder, variables):
        self.told = pathlib.Path(folder) / "told"
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 160, 0, 0))
        self.terminal = ours
        self.seen = ""
        self.shell = subprocess.Popen(
            words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env={**variables, "TERM": "vt100"},
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)))
        os.close(theirs)

    def __enter__(self):
        self.wait(lambda: PROMPT in self.seen, "a prompt")
        return self

    def __exit__(self, *_):
        for number in (signal.SIGHUP, signal.SIGKILL):
            if self.shell.poll() is None:
                os.killpg(self.shell.pid, number)
                time.sleep(0.02)
        self.shell.wait()
        os.close(self.terminal)

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def line(self, keys):
        """What stands on the command line after those keys. `seen` is what the shell printed meanwhile."""
        self.told.unlink(missing_ok=True)
        self.seen = ""
        self.press(keys + TELL)
        self.wait(lambda: self.told.exists() and self.told.read_text().endswith("\n"), "the command line")
        # What the shell printed before it told is on its way.
        while self.read(0.05):
            pass
        return self.told.read_text()[:-1]

    def run(self, keys):
        """What is printed after Enter until the next prompt."""
        self.seen = ""
        self.press(keys + "\n")
        self.wait(lambda: PROMPT in self.seen, "the end of the command")
        return self.seen

    def wait(self, over, what):
        end = time.monotonic() + PATIENCE
        while not over():
            if time.monotonic() > end:
                raise TimeoutError(f"{what} did not come; there is: {self.seen!r}")
            self.read(0.01)

    def read(self, seconds):
        """False where nothing came in that time."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.terminal, 1 << 16).decode(errors="replace")
        except OSError as error:
            raise EOFError(f"the shell ended; there is: {self.seen!r}") from error
        self.seen += CONTROL.sub("", data)
        return True
