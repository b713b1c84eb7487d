"""Two commands on one gateway at once: one wins, the other reports a conflict, and nothing is left over.

Each pair meets in two ways. Held: the first is stopped after one of its requests, a later one each time,
until the second has ended, so that they meet wherever they can. Free: both run at once, the second a little
later.
"""

import dataclasses
import random
import threading
import typing

import verdict
from bench import Bench
from fault import Fault
from report import prove
from sampling import SAMPLING, first_write
from snapshot import State
from tool import must

ROUNDS = 50
FEWER_ROUNDS = 12  # for meetings that are much like others
SHARE_HELD = 0.6
TIMES = ["--timeout", "6s"]
LONGEST_DELAY = 0.3  # seconds: about what a command takes
PAIRS_AT_ONCE = 2
NOTHING = State()


class Gate:
    """Stops a run of the tool at one request, until it is opened."""

    def __init__(self):
        self.reached = threading.Event()
        self.opened = threading.Event()

    def hold(self, exchange):
        self.reached.set()
        self.opened.wait()
        exchange.pass_on()

    @property
    def fault(self):
        return Fault("held", True, self.hold)


@dataclasses.dataclass
class Side:
    """One of the two: what it types, and what stands when it has won."""

    name: str
    words: typing.Callable[[str], list]  # of the namespace
    makes: State

    @property
    def only_new(self):
        """It leaves alone what somebody else has made."""
        return self.name.startswith("create")


@dataclasses.dataclass
class Pair:
    first: Side
    second: Side
    on_gateway: bool  # there is one before the two come
    rounds: int = ROUNDS

    @property
    def name(self):
        return f"{self.first.name} against {self.second.name}" + (" of a gateway" if self.on_gateway else "")


@dataclasses.dataclass
class Round:
    ns: str
    where: str
    ran: list  # the first one's and the second one's


def spread(places, most):
    """At most so many of the places, evenly."""
    step = max(len(places) / most, 1)
    return [places[int(at * step)] for at in range(min(most, len(places)))]


class Race:
    def __init__(self, bench, report):
        self.bench = bench
        self.report = report
        self.random = random.Random(4)

    def pairs(self):
        bench = self.bench
        made, other = bench.gateway(), bench.namespace()
        must(bench.plainly(bench.create(other, changed=True)))
        view = bench.look()
        whole, changed = view.state(made), view.state(other)
        bench.whole = whole
        create = Side("create", lambda ns: bench.create(ns, *TIMES), whole)
        another = Side("create of another form", lambda ns: bench.create(ns, *TIMES, changed=True), changed)
        delete = Side("delete", lambda ns: bench.delete(ns, *TIMES, "--ignore-not-found"), NOTHING)
        pairs = [
            Pair(create, create, False),
            Pair(create, another, False, FEWER_ROUNDS),
            Pair(create, delete, False),
            Pair(delete, create, True, FEWER_ROUNDS),
            Pair(delete, delete, True, FEWER_ROUNDS),
        ]
        apply = Side("apply", lambda ns: bench.apply(ns, *TIMES), whole)
        change = Side("apply of a change", lambda ns: bench.apply(ns, *TIMES, changed=True), changed)
        return [
            *pairs,
            Pair(apply, apply, False, FEWER_ROUNDS),
            Pair(change, apply, True),
            Pair(change, change, True, FEWER_ROUNDS),
            Pair(change, delete, True, FEWER_ROUNDS),
            Pair(delete, apply, True, FEWER_ROUNDS),
        ]

    def subject(self, pair):
        return self.bench.gateway() if pair.on_gateway else self.bench.namespace()

    def run(self, pair):
        """All rounds of a pair, and then what they left."""
        requests = self.bench.run(pair.first.words(self.subject(pair))).requests
        first = first_write(requests)
        rounds = SAMPLING.share(pair.rounds)
        held = spread(range(first - 1, len(requests) + 1), round(rounds * SHARE_HELD))
        delays = [self.random.uniform(0, LONGEST_DELAY) for _ in range(rounds - len(held))]
        ran = [one for one in self.bench.each(lambda at: self.held(pair, at), held, PAIRS_AT_ONCE) if one]
        ran += self.bench.each(lambda delay: self.free(pair, delay), delays, PAIRS_AT_ONCE)
        view = self.bench.look()
        for one in ran:
            wrong = verdict.of_race(pair.first, pair.second, one.ran, view.state(one.ns), view.phase(one.ns))
            self.report.point(f"race, {pair.name}", one.where, wrong)
        self.clean_up(pair, ran)

    def held(self, pair, at):
        """None where the first one ended before it came so far."""
        bench, ns, gate = self.bench, self.subject(pair), Gate()
        with bench.start(pair.first.words(ns), gate.fault, at) as first:
            while not gate.reached.wait(0.01) and first.process.poll() is None:
                pass
            second = bench.plainly(pair.second.words(ns))
            gate.opened.set()
        if not first.met:
            return None
        return Round(ns, f"{pair.first.name} held after {first.met} in {ns}", [first.ran, second])

    def free(self, pair, delay):
        bench, ns = self.bench, self.subject(pair)
        first, second = pair.first.words(ns), pair.second.words(ns)
        ran = bench.tool.both(first, second, delay, bench.server.kubeconfig)
        return Round(ns, f"{pair.second.name} {1000 * delay:.0f} ms later in {ns}", ran)

    def clean_up(self, pair, rounds):
        """Whatever came of it, delete leaves nothing."""
        bench = self.bench
        runs = bench.each(lambda one: bench.plainly(bench.delete(one.ns, "--ignore-not-found")), rounds)
        view = bench.look()
        for one, ran in zip(rounds, runs):
            found = view.state(one.ns)
            wrong = verdict.of_finish(ran, found, view.phase(one.ns), NOTHING, one.ns)
            self.report.point(f"race, {pair.name}: delete after it leaves nothing", one.where, wrong)
            bench.give_back(one.ns, found)


def main(report):
    race = Race(Bench(), report)
    for pair in race.pairs():
        race.run(pair)


if __name__ == "__main__":
    prove("race", main)
