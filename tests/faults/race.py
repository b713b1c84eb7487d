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
from fault import Fault
from report import run_test
from sampling import SAMPLING, first_write
from state import State
from testbed import Testbed
from tool import check_success

ROUNDS = 50
FEWER_ROUNDS = 12  # for meetings that are much like others
HELD_SHARE = 0.6
TIMEOUTS = ["--timeout", "6s"]
MAX_DELAY = 0.3  # seconds: about what a command takes
PARALLEL_PAIRS = 2
EMPTY = State()


class Gate:
    """Stops a run of the tool at one request, until it is opened."""

    def __init__(self):
        self.reached = threading.Event()
        self.opened = threading.Event()

    def wait_until_opened(self, exchange):
        self.reached.set()
        self.opened.wait()
        exchange.forward_response()

    @property
    def fault(self):
        return Fault("held", True, self.wait_until_opened)


@dataclasses.dataclass
class Side:
    """One of the two commands, and the objects on the server if it wins."""

    name: str
    arguments: typing.Callable[[str], list]  # of the namespace
    final_state: State

    @property
    def creates_only(self):
        """It does not change objects of others."""
        return self.name.startswith("create")


@dataclasses.dataclass
class Pair:
    first: Side
    second: Side
    has_gateway: bool  # there is one before the two come
    rounds: int = ROUNDS

    @property
    def name(self):
        return f"{self.first.name} against {self.second.name}" + (" of a gateway" if self.has_gateway else "")


@dataclasses.dataclass
class Round:
    ns: str
    location: str
    results: list  # the first one's and the second one's


def sample_evenly(numbers, count):
    """At most that many of the places, evenly spread."""
    step = max(len(numbers) / count, 1)
    return [numbers[int(index * step)] for index in range(min(count, len(numbers)))]


class Race:
    def __init__(self, testbed, report):
        self.testbed = testbed
        self.report = report
        self.random = random.Random(4)

    def pairs(self):
        testbed = self.testbed
        gateway_ns, changed_ns = testbed.acquire_gateway(), testbed.acquire_namespace()
        check_success(testbed.run_directly(testbed.create_arguments(changed_ns, changed=True)))
        snapshot = testbed.take_snapshot()
        complete_state, changed = snapshot.state(gateway_ns), snapshot.state(changed_ns)
        testbed.complete_state = complete_state
        create = Side("create", lambda ns: testbed.create_arguments(ns, *TIMEOUTS), complete_state)
        create_changed = Side(
            "create of another form", lambda ns: testbed.create_arguments(ns, *TIMEOUTS, changed=True), changed
        )
        delete = Side("delete", lambda ns: testbed.delete_arguments(ns, *TIMEOUTS, "--ignore-not-found"), EMPTY)
        pairs = [
            Pair(create, create, False),
            Pair(create, create_changed, False, FEWER_ROUNDS),
            Pair(create, delete, False),
            Pair(delete, create, True, FEWER_ROUNDS),
            Pair(delete, delete, True, FEWER_ROUNDS),
        ]
        apply = Side("apply", lambda ns: testbed.apply_arguments(ns, *TIMEOUTS), complete_state)
        apply_change = Side(
            "apply of a change", lambda ns: testbed.apply_arguments(ns, *TIMEOUTS, changed=True), changed
        )
        return [
            *pairs,
            Pair(apply, apply, False, FEWER_ROUNDS),
            Pair(apply_change, apply, True),
            Pair(apply_change, apply_change, True, FEWER_ROUNDS),
            Pair(apply_change, delete, True, FEWER_ROUNDS),
            Pair(delete, apply, True, FEWER_ROUNDS),
        ]

    def acquire_namespace(self, pair):
        return self.testbed.acquire_gateway() if pair.has_gateway else self.testbed.acquire_namespace()

    def run(self, pair):
        """All rounds of a pair, and then what they left."""
        requests = self.testbed.run(pair.first.arguments(self.acquire_namespace(pair))).requests
        first = first_write(requests)
        round_count = SAMPLING.sample_size(pair.rounds)
        held_numbers = sample_evenly(range(first - 1, len(requests) + 1), round(round_count * HELD_SHARE))
        delays = [self.random.uniform(0, MAX_DELAY) for _ in range(round_count - len(held_numbers))]
        rounds = [
            round_
            for round_ in self.testbed.run_parallel(
                lambda request_number: self.run_held(pair, request_number), held_numbers, PARALLEL_PAIRS
            )
            if round_
        ]
        rounds += self.testbed.run_parallel(lambda delay: self.run_free(pair, delay), delays, PARALLEL_PAIRS)
        snapshot = self.testbed.take_snapshot()
        for round_ in rounds:
            problem = verdict.check_race(
                pair.first, pair.second, round_.results, snapshot.state(round_.ns), snapshot.phase(round_.ns)
            )
            self.report.add_point(f"race, {pair.name}", round_.location, problem)
        self.clean_up(pair, rounds)

    def run_held(self, pair, request_number):
        """None where the first one ended before it came so far."""
        testbed, ns, gate = self.testbed, self.acquire_namespace(pair), Gate()
        with testbed.start(pair.first.arguments(ns), gate.fault, request_number) as first:
            while not gate.reached.wait(0.01) and first.process.poll() is None:
                pass
            second = testbed.run_directly(pair.second.arguments(ns))
            gate.opened.set()
        if not first.faulted_request:
            return None
        return Round(ns, f"{pair.first.name} held after {first.faulted_request} in {ns}", [first.result, second])

    def run_free(self, pair, delay):
        testbed, ns = self.testbed, self.acquire_namespace(pair)
        first, second = pair.first.arguments(ns), pair.second.arguments(ns)
        results = testbed.tool.run_both(first, second, delay, testbed.server.kubeconfig)
        return Round(ns, f"{pair.second.name} {1000 * delay:.0f} ms later in {ns}", results)

    def clean_up(self, pair, rounds):
        """Whatever came of it, delete leaves nothing."""
        testbed = self.testbed
        results = testbed.run_parallel(
            lambda round_: testbed.run_directly(testbed.delete_arguments(round_.ns, "--ignore-not-found")), rounds
        )
        snapshot = testbed.take_snapshot()
        for round_, result in zip(rounds, results):
            current = snapshot.state(round_.ns)
            problem = verdict.check_recovery(result, current, snapshot.phase(round_.ns), EMPTY, round_.ns)
            self.report.add_point(f"race, {pair.name}: delete after it leaves nothing", round_.location, problem)
            testbed.release_namespace(round_.ns, current)


def main(report):
    race = Race(Testbed(), report)
    for pair in race.pairs():
        race.run(pair)


if __name__ == "__main__":
    run_test("race", main)
