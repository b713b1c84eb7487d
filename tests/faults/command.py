"""The commands that the sweeps disturb: how each is typed, what it finds and what it makes."""

import dataclasses
import typing

from snapshot import State
from tool import must

Words = typing.Callable[[str], list]  # what is typed, of a namespace


@dataclasses.dataclass
class Command:
    name: str
    words: Words
    before: State
    after: State
    bench: object
    finisher: str = ""  # the command that completes what was cut off
    finish: typing.Optional[Words] = None
    finished: typing.Optional[State] = None

    @property
    def whole(self):
        """The states in which a gateway is there and nothing is amiss."""
        return [one for one in (self.before, self.after) if not one.empty]

    @property
    def phase_before(self):
        return "" if self.before.empty else "Ready"

    def subject(self):
        """A namespace in which the command can be run."""
        return self.bench.namespace() if self.before.empty else self.bench.gateway()


def commands(bench):
    """A create, an apply that changes what a create made, and a delete of that."""
    made = bench.gateway()
    nothing, whole = State(), bench.look().state(made)
    bench.whole = whole
    create = Command("create", bench.create, nothing, whole, bench)
    delete = Command("delete", bench.delete, whole, nothing, bench)
    change = lambda ns: bench.apply(ns, changed=True)
    must(bench.plainly(change(made)))
    changed = bench.look().state(made)
    for one in (create, delete):
        one.finisher, one.finish, one.finished = "apply", bench.apply, whole
    return [create, Command("apply", change, whole, changed, bench, "apply", change, changed), delete]
