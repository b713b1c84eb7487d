"""Compares what came of a case with both programs, and with what the table says of it."""

import re

import messages


def told(ran):
    """The end of what a program said: kubectl's discovery complains of each try before that."""
    lines = [line for line in (ran.err + ran.out).splitlines() if not re.match(r"E\d{4} |\t| >|$", line)]
    return f"exit {ran.status}: " + " / ".join(lines)[-500:]


def wanting(expected, found):
    """The first fact that is not as expected, in words; nothing where all are."""
    for name, value in expected.items():
        if found.get(name) != value:
            return f"{name} is {found.get(name)!r}, not {value!r}"
    return ""


def wrong_outcome(who, ran, fails, arrives):
    """Whether a program did as the table says; in words where not."""
    if fails:
        if not ran.failed:
            return f"{who} was to fail ({fails}), and was served with {ran.facts}"
        found = messages.class_of(ran.err + ran.out)
        if found == fails:
            return ""
        return f"{who} was to fail ({fails}), and did so otherwise ({found}), {told(ran)}"
    if ran.failed:
        return f"{who} was to be served, and was not ({messages.class_of(ran.err + ran.out)}), {told(ran)}"
    missing = wanting(arrives, ran.facts)
    return f"{who} was served otherwise: {missing}" if missing else ""


def judged(case, theirs, ours, older=False):
    """Why a case does not hold; "" where it does. An older kubectl may do otherwise than the table says: then the table
    alone is compared with."""
    wrong = wrong_outcome("kubectl", theirs, case.fails, case.arrives)
    if wrong and not older:
        return wrong
    arrived = case.arrives if wrong else theirs.facts
    if ours.secret:
        return f"kubectl-egress tells a secret ({ours.secret}), {told(ours)}"
    for who, ran in (("kubectl", theirs), ("kubectl-egress", ours)):
        if case.says not in ran.err and not (older and ran is theirs):
            return f"{who} says otherwise, {told(ran)}"
    if not case.star:
        return wrong_outcome("kubectl-egress", ours, case.fails, arrived)
    if isinstance(case.ours, str):
        return wrong_outcome("kubectl-egress", ours, case.ours, {})
    if not case.fails and not wanting(case.ours, arrived):
        return "the table names a difference, and there is none"
    # Where it means to do otherwise it may say so.
    same = {name: value for name, value in arrived.items() if name != "warnings"}
    return wrong_outcome("kubectl-egress", ours, "", {**same, **case.ours})
