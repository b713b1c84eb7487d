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

TIMEOUT = 60  # seconds, for a machine that is busy
PRINT_LINE_KEY = "\x18d"  # the key by which each shell writes its command line into a file
PROMPT = "what-now> "
# What is for the terminal: titles, movements and colours, character sets, and signs that are not seen.
CONTROL = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?>=]*[ -/]*[@-~]"
    r"|\x1b[()][A-Z0-9]|\x1b[=>78cM]|[\x00\r\x07\x08\x0f]"
)


class Terminal:
    """Runs a shell until the block is left. It tells its command line in the file `line`."""

    def __init__(self, command, folder, environment):
        self.line_file = pathlib.Path(folder) / "line"
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 160, 0, 0))
        self.terminal = master
        self.output = ""
        self.shell = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env={**environment, "TERM": "vt100"},
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)),
        )
        os.close(slave)

    def __enter__(self):
        self.wait(lambda: PROMPT in self.output, "a prompt")
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

    def type_line(self, keys):
        """The command line after those keys. `output` is what the shell printed meanwhile."""
        self.line_file.unlink(missing_ok=True)
        self.output = ""
        self.press(keys + PRINT_LINE_KEY)
        self.wait(lambda: self.line_file.exists() and self.line_file.read_text().endswith("\n"), "the command line")
        # What the shell printed before it told is on its way.
        while self.read(0.05):
            pass
        return self.line_file.read_text()[:-1]

    def run(self, keys):
        """What is printed after Enter until the next prompt."""
        self.output = ""
        self.press(keys + "\n")
        self.wait(lambda: PROMPT in self.output, "the end of the command")
        return self.output

    def wait(self, condition, description):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{description} did not come; there is: {self.output!r}")
            self.read(0.01)

    def read(self, seconds):
        """False where nothing came in that time."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.terminal, 1 << 16).decode(errors="replace")
        except OSError as error:
            raise EOFError(f"the shell ended; there is: {self.output!r}") from error
        self.output += CONTROL.sub("", data)
        return True
