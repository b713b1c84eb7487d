"""What can go wrong with one request."""

import dataclasses
import signal
import typing

from exchange import Exchange


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    forwarded: bool  # the server gets the request and acts on it
    then: typing.Callable[[Exchange], None]
    last: bool = False  # nothing reaches the server after it
    slow: bool = False  # the tool has to run into its time-out
    signals: bool = False  # the tool is told to end
    mute: bool = False  # the tool cannot, or must not, ask the server after it
    first: typing.Callable[[Exchange], None] = lambda exchange: None  # before the server gets it


def twice_interrupted(exchange):
    exchange.interrupt(signal.SIGINT, signal.SIGINT)


NONE = Fault("none", True, Exchange.pass_on)
KILLED = Fault("killed", True, Exchange.kill, last=True)

FAULTS = [
    Fault("connection refused", False, Exchange.refuse, last=True, mute=True),
    Fault("reset before the server acted", False, Exchange.reset),
    Fault("reset after the server acted", True, Exchange.reset),
    Fault("429", False, lambda exchange: exchange.answer(429, [("Retry-After", "1")])),
    Fault("500", False, lambda exchange: exchange.answer(500)),
    Fault("503", False, lambda exchange: exchange.answer(503)),
    Fault("truncated body", True, Exchange.truncate),
    Fault("stall", True, Exchange.stall, slow=True),
    Fault("401", False, lambda exchange: exchange.answer(401)),
    Fault("409", False, lambda exchange: exchange.answer(409)),
    Fault("Ctrl-C", True, lambda exchange: exchange.interrupt(signal.SIGINT), signals=True),
    Fault("SIGTERM", True, lambda exchange: exchange.interrupt(signal.SIGTERM), signals=True),
    Fault("Ctrl-C twice", True, twice_interrupted, signals=True, mute=True),
]
