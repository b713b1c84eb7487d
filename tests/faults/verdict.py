"""Whether what the tool says agrees with what exists. It says it by its exit status, its outcome (-o json) and
what `list` shows; no text for people counts. Each function returns what is wrong; empty is well.

`before` is the state that the command found, `after` the one that it makes undisturbed, `current` what exists
now and `phase` what `list` calls it.
"""

import signal

from gateway import INGRESS_NAMESPACE, NAME
from outcome import CONFLICT_REASONS, PREFLIGHT_STAGES, object_key
from state import State

# For the ServiceAccount, before 1.24.
CREATED_BY_KUBERNETES = {f"secrets/{NAME}-egress-token"}
AUTOSCALER = f"horizontalpodautoscalers/{NAME}-egress"
NOT_READY_PHASES = {"Incomplete", "Deleting", "Degraded", "Progressing"}


def check_phase(current, phase, complete_states):
    """What `list` says must be true. `complete_states` are the states in which nothing is amiss."""
    if phase == "Ready":
        if not any(current == state for state in complete_states):
            return f"list says Ready, but {current.difference_from(complete_states[-1])}"
    elif phase == "":
        if not current.is_empty:
            return f"list shows nothing, but there are: {current}"
    elif phase not in NOT_READY_PHASES:
        return f"list says {phase!r}"
    elif any(current == state for state in complete_states):
        return f"list says {phase}, but all is as it should be"
    elif current.is_empty:
        return f"list says {phase}, but nothing is there"
    return ""


def check_success_output(result, current, phase, after, ns):
    """The tool exited with 0."""
    if result.parsed_output is None:
        return "it printed no JSON document"
    objects, outcomes = result.parsed_output
    if after.is_empty:
        return check_delete_output(outcomes, current)
    if outcomes:
        return "it exited with 0, but printed an outcome"
    keys = {object_key(object_, ns) for object_ in objects}
    unexpected = keys - after.objects.keys()
    missing = after.objects.keys() - keys - CREATED_BY_KUBERNETES
    # Whether the cluster measures pods was not to be seen, and an autoscaler may be there that else were not.
    if unexpected == {AUTOSCALER}:
        differing = current.objects.keys() ^ (after.objects.keys() | unexpected)
        problem = f"it said that all is done, but it is not so of {', '.join(sorted(differing))}" if differing else ""
    else:
        problem = (
            f"it printed other objects than there are to be: {', '.join(sorted(unexpected))}" if unexpected else ""
        )
        problem = problem or (
            f"it said that all is done, but {current.difference_from(after)}" if current != after else ""
        )
    problem = problem or (f"it did not print {', '.join(sorted(missing))}" if missing else "")
    return problem or (f"it said that all is done, but list says {phase!r}" if phase != "Ready" else "")


def check_delete_output(outcomes, current):
    """A delete that exited with 0. A gateway that did not exist has no outcome."""
    problem = next((problem for outcome in outcomes if (problem := outcome.check_format())), "")
    if not problem and any(outcome.result != "Succeeded" or outcome.json["remaining"] for outcome in outcomes):
        problem = "it exited with 0, but its outcome is not Succeeded"
    return problem or (f"it said that all is done, but there are: {current}" if not current.is_empty else "")


def find_outcome(result):
    """The one outcome of a command that failed, and what is wrong with it."""
    if not result.err.strip():
        return None, "it failed without a word"
    if result.parsed_output is None:
        return None, "it printed no JSON document"
    objects, outcomes = result.parsed_output
    if len(outcomes) != 1 or objects:
        return None, f"it failed, and printed {len(outcomes)} outcomes and {len(objects)} objects"
    outcome = outcomes[0]
    return outcome, outcome.check_format() or outcome.check_failure_format()


def check_failure(outcome, current, before, after, fault):
    """The outcome of a gateway that failed: is it true?"""
    is_alone = fault.name != "409"  # which means that another command has the gateway
    if is_alone and outcome.reasons & CONFLICT_REASONS:
        return f"it blames others ({', '.join(sorted(outcome.reasons & CONFLICT_REASONS))}), but nobody else was there"
    is_unchanged = current == before and (current.is_empty or not before.is_empty)
    if outcome.result in ("Unchanged", "RolledBack"):
        return "" if is_unchanged else f"it says {outcome.result}, but {current.difference_from(before)}"
    if outcome.result == "Succeeded":
        return "" if current == after else f"it says Succeeded, but {current.difference_from(after)}"
    return check_remaining(outcome, current, before, fault)


def check_remaining(outcome, current, before, fault):
    """What is left is exactly what is listed, as far as the tool could still ask."""
    listed = outcome.object_keys("remaining")
    previous = set() if outcome.json["command"] == "delete" else before.objects.keys()
    unlisted = current.objects.keys() - previous - listed - CREATED_BY_KUBERNETES
    if unlisted:
        return f"what remains leaves out {', '.join(sorted(unlisted))}"
    # What is in both lists was on its way when the tool looked.
    gone = listed - current.objects.keys() - outcome.object_keys("deleted")
    if gone and not fault.blocks_requests:
        return f"what remains lists what is gone: {', '.join(sorted(gone))}"
    return ""


def check_stage(outcome, writes):
    """Nothing is written before all is checked."""
    is_preflight = outcome.stage in PREFLIGHT_STAGES
    if is_preflight and writes:
        return f"it says that it failed at {outcome.stage}, but had sent {writes[0]}"
    if is_preflight and outcome.result != "Unchanged":
        return f"it says that it failed at {outcome.stage}, and {outcome.result}"
    return ""


def check_run(run, current, phase, before, after, fault, ns):
    """One run that met with a fault."""
    result = run.result
    complete_states = [state for state in (before, after) if not state.is_empty]
    if result.status == 0:
        problem = check_success_output(result, current, phase, after, ns)
        if not problem and after.is_empty and len(result.parsed_output[1]) != 1:
            problem = "it printed no outcome for the gateway that it deleted"
    elif -result.status in (signal.SIGINT, signal.SIGTERM) and fault.sends_signal and current == before:
        problem = ""  # who has done nothing yet may go without a word
    elif result.status == 1:
        outcome, problem = find_outcome(result)
        problem = problem or check_failure(outcome, current, before, after, fault) or check_stage(outcome, run.writes)
        problem = problem or check_phase(current, phase, complete_states)
    else:
        problem = "it did not exit with 0 or 1"
    return f"{problem}\n{result}" if problem else ""


def check_fleet(run, states, complete_state, fault):
    """One run that makes several gateways; `states` are those of their namespaces now. Each has its objects or
    its outcome, and a command that fails before it comes to any of them has one outcome."""
    result = run.result
    if result.parsed_output is None:
        return "it printed no JSON document"
    if result.status == 1 and not result.err.strip():
        return "it failed without a word"
    objects, outcomes = result.parsed_output
    if result.status == 0 and outcomes:
        return "it exited with 0, but printed an outcome"
    if not objects and [each.ns for each in outcomes] == [""]:
        problem = (
            outcomes[0].check_format() or outcomes[0].check_failure_format() or check_stage(outcomes[0], run.writes)
        )
        touched = [ns for ns, current in states.items() if not current.is_empty]
        return problem or (f"it says nothing of {', '.join(touched)}" if touched else "")
    outcome_by_ns = {each.ns: each for each in outcomes}
    if len(outcome_by_ns) != len(outcomes) or not outcome_by_ns.keys() <= states.keys():
        return "there are outcomes of other gateways than its own, or two of one"
    if result.status == 1 and not outcome_by_ns:
        return "it failed, but printed no outcome"
    keys_by_ns = {ns: gateway_object_keys(objects, ns) for ns in states}
    for ns, current in states.items():
        problem = check_gateway(outcome_by_ns.get(ns), keys_by_ns[ns], current, complete_state, fault)
        if problem:
            return f"{problem} (in {ns})"
    return ""


def gateway_object_keys(objects, ns):
    """Those of the printed objects that are of a namespace's gateway."""
    ingress_object_name = f"{ns}-{NAME}-egress"
    all_metadata = [object_["metadata"] for object_ in objects]
    return {
        object_key(object_, ns)
        for object_, metadata in zip(objects, all_metadata)
        if metadata["namespace"] == ns
        or (metadata["namespace"] == INGRESS_NAMESPACE and metadata["name"] == ingress_object_name)
    }


def check_gateway(outcome, keys, current, complete_state, fault):
    """One of several gateways: it has its objects, and is whole, or its outcome, which is true."""
    if (outcome is None) == (not keys):
        return "a gateway has neither objects nor an outcome, or both"
    if outcome is not None:
        problem = outcome.check_format() or outcome.check_failure_format()
        return problem or check_failure(outcome, current, State(), complete_state, fault)
    if current != complete_state:
        return f"it printed what it made, but {current.difference_from(complete_state)}"
    missing = complete_state.objects.keys() - keys - CREATED_BY_KUBERNETES
    return f"it did not print {', '.join(sorted(missing))}" if missing else ""


def check_no_rollback(run, current):
    """What was written before the fault is there to be looked at."""
    written = [request for request in run.writes if request.number < run.faulted_request.number]
    if run.result.status != 1 or not written:
        return ""
    outcome, _ = find_outcome(run.result)
    if current.is_empty:
        return f"what it had written is gone\n{run.result}"
    return f"it says that it undid what it had written\n{run.result}" if outcome.result == "RolledBack" else ""


def check_recovery(result, current, phase, expected, ns):
    """A command that was to finish what another had begun."""
    problem = check_success_output(result, current, phase, expected, ns) if result.status == 0 else "it failed"
    return f"{problem}\n{result}" if problem else ""


def check_race(first, second, results, current, phase):
    """Two commands on one gateway at once; each side says what it `final_state`."""
    problem = check_winners(first, second, [result.status for result in results], current, phase)
    problem = problem or next((loser_problem for result in results if (loser_problem := check_loser(result))), "")
    return "\n".join([problem, *map(str, results)]) if problem else ""


def check_winners(first, second, statuses, current, phase):
    if any(status not in (0, 1) for status in statuses):
        return "one did not exit with 0 or 1"
    winning_states = [side.final_state for side, status in zip((first, second), statuses) if status == 0]
    if not winning_states:
        return f"both failed, and there are: {current}"
    if current.is_empty:
        problem = "nothing exists, and nobody deleted it" if not any(state.is_empty for state in winning_states) else ""
        return problem or check_phase(current, phase, [])
    if not any(current == state for state in winning_states):
        # A delete that won against a create, say, must have left nothing.
        nearest = next((state for state in winning_states if not state.is_empty), winning_states[0])
        return f"half a gateway exists: {current.difference_from(nearest)}"
    if phase != "Ready":
        return f"list says {phase!r} of a gateway that is whole"
    if (
        len(winning_states) == 2
        and first.creates_only
        and second.creates_only
        and winning_states[0] != winning_states[1]
    ):
        return "both said that they made it, each in another form"
    return ""


def check_loser(result):
    """What the one that lost says of the other; of what exists it can only say what it saw."""
    if result.status == 0:
        return ""
    outcome, problem = find_outcome(result)
    if problem:
        return problem
    if "NotOwned" in outcome.reasons:
        return "it says that kubectl egress did not make what the other one made"
    blamed = outcome.reasons & {*CONFLICT_REASONS, "NotFound"}
    return "" if blamed else f"the one that lost says {outcome.reason}, and not that another was there"
