"""What a scenario is: how a gateway is created, who calls what, and what must be seen."""

import dataclasses

SHOP = "spiffe://cluster.local/ns/shop/sa/web"
PAY = "spiffe://cluster.local/ns/pay/sa/web"


@dataclasses.dataclass(frozen=True)
class Call:
    """One request of a pod, and what each view must show of it. "{name}" stands for the scenario's name."""

    url: str  # http://…, https://…, tcp://ADDRESS:PORT, which sends a line and reads one, or greeting://…, which only reads
    caller: str = "shop"  # the namespace of the pod
    options: tuple = ()  # of curl
    ca: str = ""  # a file with the CA that curl trusts instead of those of the image
    # The caller's answer: a status; "blocked", where no answer comes from outside; for TCP the line that it gets.
    answer: object = 200
    exit_code: int = 0  # of curl, if the answer alone does not tell
    # The gateway's access log: the identity of the caller, "" where it logs the call without one, None where it must not
    # log it at all.
    peer: object = SHOP
    log: dict = dataclasses.field(default_factory=dict)  # other fields of that line, as regular expressions
    # What arrives outside: fields of the event, as regular expressions; None where nothing may arrive.
    arrives: object = dataclasses.field(default_factory=dict)
    connects: bool = False  # whether the gateway may connect to the host although nothing arrives
    error: str = ""  # a regular expression for the failed TLS handshake that the host outside sees


@dataclasses.dataclass(frozen=True)
class Change:
    """A command between two calls: of the tool if its first word is "egress", one of actions.py, or else of kubectl."""

    command: tuple
    input: str = ""
    status: int = 0
    output: str = ""  # a regular expression for its output
    within: int = 20  # seconds within which it prints that


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    claim: str  # what it proves
    create: tuple  # the arguments of `kubectl egress create NAME`
    steps: tuple  # calls and changes, in their order
    after: tuple = ()  # changes when all is over, whatever came of it
    before: tuple = ()  # calls and changes before the gateway is created
    input: str = ""  # its standard input
    uninterrupted: str = ""  # a URL that a caller in shop reaches all the time while the gateway is created
    create_error: str = ""  # a regular expression for the output of a create that must fail
    fast: bool = False  # part of every run of the test command
    known_fault: str = ""  # why it is expected to fail today
    known_error: str = ""  # a regular expression for how it does


def host(domain):
    """A name of the scenario's own at a host outside."""
    return "{name}." + domain
