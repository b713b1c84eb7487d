"""A scenario: how a gateway is created, who calls what, and what each view must show."""

import dataclasses

SHOP = "spiffe://cluster.local/ns/shop/sa/web"
PAY = "spiffe://cluster.local/ns/pay/sa/web"


@dataclasses.dataclass(frozen=True)
class Call:
    """One request of a pod, and what each view must show. "{name}" is replaced by the scenario's name."""

    # http://…, https://…, tcp://ADDRESS:PORT (sends a line and reads one) or greeting://ADDRESS:PORT (only reads one).
    url: str
    caller: str = "shop"  # the namespace of the pod
    options: tuple = ()  # of curl
    ca: str = ""  # a file with the only CA that curl trusts; default: those of the image
    # The caller's answer: a status, "blocked" if none may come from the external host, or a pattern for the line of TCP.
    answer: object = 200
    exit_code: int = 0  # of curl, if the answer alone does not tell
    # The caller's identity in the gateway's access log; "" if the line has none, None if there must be no line.
    peer: object = SHOP
    log: dict = dataclasses.field(default_factory=dict)  # other fields of that line, as regular expressions
    # Fields of the event at the external host, as regular expressions; None if nothing may arrive.
    arrives: object = dataclasses.field(default_factory=dict)
    connects: bool = False  # whether the gateway may connect to the host even if nothing may arrive
    error: str = ""  # a regular expression for a failed TLS handshake at the external host


@dataclasses.dataclass(frozen=True)
class Change:
    """A command between two calls: of the tool if its first word is "egress", one of actions.py, or else of kubectl."""

    command: tuple
    input: str = ""
    status: int = 0
    output: str = ""  # a regular expression for its output
    timeout: int = 20  # seconds within which it prints that


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    claim: str  # what it proves
    create: tuple  # the arguments of `kubectl egress create NAME`
    steps: tuple  # calls and changes, in their order
    after: tuple = ()  # changes at the end, even after a failure
    before: tuple = ()  # calls and changes before the gateway is created
    input: str = ""  # its standard input
    uninterrupted_url: str = ""  # a URL that must stay reachable from shop during create
    create_error: str = ""  # a regular expression for the output of a create that must fail
    fast: bool = False  # part of every run of the test command
    known_fault: str = ""  # why it is expected to fail today
    known_error: str = ""  # a regular expression for how it does


def host(domain):
    """A name of this scenario below an external host's domain."""
    return "{name}." + domain
