"""What can go wrong with one request."""

import dataclasses
import signal
import typing

from exchange import Exchange


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    is_forwarded: bool  # the server gets the request and acts on it
    action: typing.Callable[[Exchange], None]
    closes_proxy: bool = False  # nothing reaches the server after it
    is_slow: bool = False  # the tool has to run into its time-out
    sends_signal: bool = False  # the tool gets a signal
    blocks_requests: bool = False  # the tool cannot, or must not, ask the server after it
    before_forward: typing.Callable[[Exchange], None] = lambda exchange: None  # before the server gets it


def interrupt_twice(exchange):
    exchange.interrupt(signal.SIGINT, signal.SIGINT)


NO_FAULT = Fault("none", True, Exchange.forward_response)
KILL = Fault("killed", True, Exchange.kill, closes_proxy=True)

FAULTS = [
    Fault("connection refused", False, Exchange.refuse, closes_proxy=True, blocks_requests=True),
    Fault("reset before the server acted", False, Exchange.reset),
    Fault("reset after the server acted", True, Exchange.reset),
    Fault("429", False, lambda exchange: exchange.send_error(429, [("Retry-After", "1")])),
    Fault("500", False, lambda exchange: exchange.send_error(500)),
    Fault("503", False, lambda exchange: exchange.send_error(503)),
    Fault("truncated body", True, Exchange.truncate),
    Fault("stall", True, Exchange.stall, is_slow=True),
    Fault("401", False, lambda exchange: exchange.send_error(401)),
    Fault("409", False, lambda exchange: exchange.send_error(409)),
    Fault("Ctrl-C", True, lambda exchange: exchange.interrupt(signal.SIGINT), sends_signal=True),
    Fault("SIGTERM", True, lambda exchange: exchange.interrupt(signal.SIGTERM), sends_signal=True),
    Fault("Ctrl-C twice", True, interrupt_twice, sends_signal=True, blocks_requests=True),
]
