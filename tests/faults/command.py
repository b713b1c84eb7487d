"""The commands that the sweeps disturb: how each is typed, what it finds and what it makes."""

import dataclasses
import typing

from state import State
from tool import check_success

Arguments = typing.Callable[[str], list]  # what is typed, of a namespace


@dataclasses.dataclass
class Command:
    name: str
    arguments: Arguments
    before: State
    after: State
    testbed: object
    recovery_command: str = ""  # the command that completes what was cut off
    recovery_arguments: typing.Optional[Arguments] = None
    recovered_state: typing.Optional[State] = None

    @property
    def complete_states(self):
        """The states in which a gateway is there and nothing is amiss."""
        return [state for state in (self.before, self.after) if not state.is_empty]

    @property
    def phase_before(self):
        return "" if self.before.is_empty else "Ready"

    def acquire_namespace(self):
        """A namespace in which the command can be run."""
        return self.testbed.acquire_namespace() if self.before.is_empty else self.testbed.acquire_gateway()


def commands(testbed):
    """A create, an apply that changes what a create made, and a delete of that."""
    ns = testbed.acquire_gateway()
    empty, complete_state = State(), testbed.take_snapshot().state(ns)
    testbed.complete_state = complete_state
    create = Command("create", testbed.create_arguments, empty, complete_state, testbed)
    delete = Command("delete", testbed.delete_arguments, complete_state, empty, testbed)
    change_arguments = lambda ns: testbed.apply_arguments(ns, changed=True)
    check_success(testbed.run_directly(change_arguments(ns)))
    changed = testbed.take_snapshot().state(ns)
    for command in (create, delete):
        command.recovery_command, command.recovery_arguments, command.recovered_state = (
            "apply",
            testbed.apply_arguments,
            complete_state,
        )
    return [
        create,
        Command("apply", change_arguments, complete_state, changed, testbed, "apply", change_arguments, changed),
        delete,
    ]
