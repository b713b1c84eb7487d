"""Whether what the tool says agrees with what exists. It says it by its exit status, its outcome (-o json) and
what `list` shows; no text for people counts. Each function returns what is wrong; empty is well.

`before` is the state that the command found, `after` the one that it makes undisturbed, `found` what exists
now and `phase` what `list` calls it.
"""

import signal

from gateway import FRONT, NAME
from outcome import BEFORE_WRITES, OTHERS, key
from snapshot import State

# For the ServiceAccount, before 1.24.
MADE_BY_KUBERNETES = {f"secrets/{NAME}-egress-token"}
AUTOSCALER = f"horizontalpodautoscalers/{NAME}-egress"
UNFINISHED = {"Incomplete", "Deleting", "Degraded", "Progressing"}


def of_phase(found, phase, whole):
    """What `list` says must be true. `whole` are the states in which nothing is amiss."""
    if phase == "Ready":
        if not any(found == one for one in whole):
            return f"list says Ready, but {found.unlike(whole[-1])}"
    elif phase == "":
        if not found.empty:
            return f"list shows nothing, but there are: {found}"
    elif phase not in UNFINISHED:
        return f"list says {phase!r}"
    elif any(found == one for one in whole):
        return f"list says {phase}, but all is as it should be"
    elif found.empty:
        return f"list says {phase}, but nothing is there"
    return ""


def of_success(ran, found, phase, after, ns):
    """The tool exited with 0."""
    if ran.printed is None:
        return "it printed no JSON document"
    objects, outcomes = ran.printed
    if after.empty:
        return of_deleted(outcomes, found)
    if outcomes:
        return "it exited with 0, but printed an outcome"
    names = {key(one, ns) for one in objects}
    own = names - after.objects.keys()
    lost = after.objects.keys() - names - MADE_BY_KUBERNETES
    # Whether the cluster measures pods was not to be seen, and an autoscaler may be there that else were not.
    if own == {AUTOSCALER}:
        unlike = found.objects.keys() ^ (after.objects.keys() | own)
        wrong = f"it said that all is done, but it is not so of {', '.join(sorted(unlike))}" if unlike else ""
    else:
        wrong = f"it printed other objects than there are to be: {', '.join(sorted(own))}" if own else ""
        wrong = wrong or (f"it said that all is done, but {found.unlike(after)}" if found != after else "")
    wrong = wrong or (f"it did not print {', '.join(sorted(lost))}" if lost else "")
    return wrong or (f"it said that all is done, but list says {phase!r}" if phase != "Ready" else "")


def of_deleted(outcomes, found):
    """A delete that exited with 0. A gateway that did not exist has no outcome."""
    wrong = next((wrong for one in outcomes if (wrong := one.malformed())), "")
    if not wrong and any(one.result != "Succeeded" or one.json["remaining"] for one in outcomes):
        wrong = "it exited with 0, but its outcome is not Succeeded"
    return wrong or (f"it said that all is done, but there are: {found}" if not found.empty else "")


def outcome_of(ran):
    """The one outcome of a command that failed, and what is wrong with it."""
    if not ran.err.strip():
        return None, "it failed without a word"
    if ran.printed is None:
        return None, "it printed no JSON document"
    objects, outcomes = ran.printed
    if len(outcomes) != 1 or objects:
        return None, f"it failed, and printed {len(outcomes)} outcomes and {len(objects)} objects"
    one = outcomes[0]
    return one, one.malformed() or one.malformed_failure()


def of_failure(outcome, found, before, after, fault):
    """The outcome of a gateway that failed: is it true?"""
    alone = fault.name != "409"  # which says that somebody else is there
    if alone and outcome.reasons & OTHERS:
        return f"it blames others ({', '.join(sorted(outcome.reasons & OTHERS))}), but nobody else was there"
    untouched = found == before and (found.empty or not before.empty)
    if outcome.result in ("Unchanged", "RolledBack"):
        return "" if untouched else f"it says {outcome.result}, but {found.unlike(before)}"
    if outcome.result == "Succeeded":
        return "" if found == after else f"it says Succeeded, but {found.unlike(after)}"
    return of_remaining(outcome, found, before, fault)


def of_remaining(outcome, found, before, fault):
    """What is left is exactly what is listed, as far as the tool could still ask."""
    named = outcome.names("remaining")
    known = set() if outcome.json["command"] == "delete" else before.objects.keys()
    unnamed = found.objects.keys() - known - named - MADE_BY_KUBERNETES
    if unnamed:
        return f"what remains leaves out {', '.join(sorted(unnamed))}"
    # What is in both lists was on its way when the tool looked.
    gone = named - found.objects.keys() - outcome.names("deleted")
    if gone and not fault.mute:
        return f"what remains lists what is gone: {', '.join(sorted(gone))}"
    return ""


def of_stage(outcome, writes):
    """Nothing is written before all is checked."""
    checking = outcome.stage in BEFORE_WRITES
    if checking and writes:
        return f"it says that it failed at {outcome.stage}, but had sent {writes[0]}"
    if checking and outcome.result != "Unchanged":
        return f"it says that it failed at {outcome.stage}, and {outcome.result}"
    return ""


def of_run(run, found, phase, before, after, fault, ns):
    """One run that met with a fault."""
    ran = run.ran
    whole = [one for one in (before, after) if not one.empty]
    if ran.status == 0:
        wrong = of_success(ran, found, phase, after, ns)
        if not wrong and after.empty and len(ran.printed[1]) != 1:
            wrong = "it printed no outcome of what it deleted"
    elif -ran.status in (signal.SIGINT, signal.SIGTERM) and fault.signals and found == before:
        wrong = ""  # who has done nothing yet may go without a word
    elif ran.status == 1:
        outcome, wrong = outcome_of(ran)
        wrong = wrong or of_failure(outcome, found, before, after, fault) or of_stage(outcome, run.writes)
        wrong = wrong or of_phase(found, phase, whole)
    else:
        wrong = "it did not exit with 0 or 1"
    return f"{wrong}\n{ran}" if wrong else ""


def of_fleet(run, states, whole, fault):
    """One run that makes several gateways; `states` are those of their namespaces now. Each has its objects or
    its outcome, and a command that fails before it comes to any of them has one outcome."""
    ran = run.ran
    if ran.printed is None:
        return "it printed no JSON document"
    if ran.status == 1 and not ran.err.strip():
        return "it failed without a word"
    objects, outcomes = ran.printed
    if ran.status == 0 and outcomes:
        return "it exited with 0, but printed an outcome"
    if not objects and [one.ns for one in outcomes] == [""]:
        wrong = outcomes[0].malformed() or outcomes[0].malformed_failure() or of_stage(outcomes[0], run.writes)
        touched = [ns for ns, found in states.items() if not found.empty]
        return wrong or (f"it says nothing of {', '.join(touched)}" if touched else "")
    failed = {one.ns: one for one in outcomes}
    if len(failed) != len(outcomes) or not failed.keys() <= states.keys():
        return "there are outcomes of other gateways than its own, or two of one"
    if ran.status == 1 and not failed:
        return "it failed, but printed no outcome"
    made = {ns: names_in(objects, ns) for ns in states}
    for ns, found in states.items():
        wrong = of_one(failed.get(ns), made[ns], found, whole, fault)
        if wrong:
            return f"{wrong} (in {ns})"
    return ""


def names_in(objects, ns):
    """Those of the printed objects that are of a namespace's gateway."""
    beside = f"{ns}-{NAME}-egress"
    metadata = [one["metadata"] for one in objects]
    return {
        key(one, ns)
        for one, of in zip(objects, metadata)
        if of["namespace"] == ns or (of["namespace"] == FRONT and of["name"] == beside)
    }


def of_one(outcome, names, found, whole, fault):
    """One of several gateways: it has its objects, and is whole, or its outcome, which is true."""
    if (outcome is None) == (not names):
        return "a gateway has neither objects nor an outcome, or both"
    if outcome is not None:
        wrong = outcome.malformed() or outcome.malformed_failure()
        return wrong or of_failure(outcome, found, State(), whole, fault)
    if found != whole:
        return f"it printed what it made, but {found.unlike(whole)}"
    lost = whole.objects.keys() - names - MADE_BY_KUBERNETES
    return f"it did not print {', '.join(sorted(lost))}" if lost else ""


def of_no_rollback(run, found):
    """What was written before the fault is there to be looked at."""
    written = [one for one in run.writes if one.number < run.met.number]
    if run.ran.status != 1 or not written:
        return ""
    outcome, _ = outcome_of(run.ran)
    if found.empty:
        return f"what it had written is gone\n{run.ran}"
    return f"it says that it undid what it had written\n{run.ran}" if outcome.result == "RolledBack" else ""


def of_finish(ran, found, phase, wanted, ns):
    """A command that was to finish what another had begun."""
    wrong = of_success(ran, found, phase, wanted, ns) if ran.status == 0 else "it failed"
    return f"{wrong}\n{ran}" if wrong else ""


def of_race(first, second, ran, found, phase):
    """Two commands on one gateway at once; each side says what it `makes`."""
    wrong = of_winners(first, second, [one.status for one in ran], found, phase)
    wrong = wrong or next((found for one in ran if (found := of_loser(one))), "")
    return "\n".join([wrong, *map(str, ran)]) if wrong else ""


def of_winners(first, second, statuses, found, phase):
    if any(status not in (0, 1) for status in statuses):
        return "one did not exit with 0 or 1"
    won = [side.makes for side, status in zip((first, second), statuses) if status == 0]
    if not won:
        return f"both failed, and there are: {found}"
    if found.empty:
        wrong = "nothing exists, and nobody deleted it" if not any(one.empty for one in won) else ""
        return wrong or of_phase(found, phase, [])
    if not any(found == one for one in won):
        # A delete that won against a create, say, must have left nothing.
        nearest = next((one for one in won if not one.empty), won[0])
        return f"half a gateway exists: {found.unlike(nearest)}"
    if phase != "Ready":
        return f"list says {phase!r} of a gateway that is whole"
    if len(won) == 2 and first.only_new and second.only_new and won[0] != won[1]:
        return "both said that they made it, each in another form"
    return ""


def of_loser(ran):
    """What the one that lost says of the other; of what exists it can only say what it saw."""
    if ran.status == 0:
        return ""
    outcome, wrong = outcome_of(ran)
    if wrong:
        return wrong
    if "NotOwned" in outcome.reasons:
        return "it says that kubectl egress did not make what the other one made"
    blamed = outcome.reasons & {*OTHERS, "NotFound"}
    return "" if blamed else f"the one that lost says {outcome.reason}, and not that another was there"
