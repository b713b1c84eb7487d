"""Whether what the tool says agrees with what stands. Each answers with what is wrong; empty is well.

`before` is the state that the command found, `after` the one that it makes undisturbed, `found` what stands
now and `phase` what `list` calls it.
"""

import itertools
import re
import signal

from gateway import NAME
from snapshot import plain_text

# Whether the cluster measures pods was not to be seen, and an autoscaler may be there that else were not.
SAYS_UNSEEN = re.compile(r"metrics\.k8s\.io, by which an autoscaler measures pods, does not answer now")
# The command that finishes the job or takes it back.
WAYS_ON = re.compile(r"kubectl egress (create|apply|delete) |[Tt]he same (command|create|apply|delete)")
SAYS_ERROR = re.compile(r"^(error|Error from server|The connection|Unable to connect)", re.MULTILINE)
SAYS_STANDING = re.compile(r"(?<!may )\bstands?\b|not gone|\b(is|are) left\b")
SAYS_UNDONE = re.compile(r"\b(was|were) (undone|restored)|again as it was|nothing was (written|changed)")
SAYS_UNDO_FAILED = re.compile(r"[Uu]ndoing it failed|could not be undone")
SAYS_LIST = "These may stand as this command wrote them:"
LISTED = re.compile(r'  (?P<kind>[a-z]+)[a-z0-9.]*/(?P<name>\S+) in namespace "(?P<ns>[^"]+)"')
# For the ServiceAccount, before 1.24.
MADE_BY_KUBERNETES = {f"secrets/{NAME}-egress-token"}
SAYS_OTHERS = re.compile(r"some(one|body)\b|did not make it")
SAYS_CONFLICT = re.compile(
    r"some(one|body)\b|already exists|[Cc]onflict|incomplete|not found|was deleted|been modified"
)
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


def of_success(found, phase, after):
    """The tool exited with 0."""
    if after.empty:
        return f"it said that all is done, but there are: {found}" if not found.empty else ""
    if found != after:
        return f"it said that all is done, but {found.unlike(after)}"
    return f"it said that all is done, but list says {phase!r}" if phase != "Ready" else ""


def of_message(err, found, before, after, alone):
    """The tool exited with 1: is its message true, and does it help?"""
    if not SAYS_ERROR.search(err):
        return "its message is no error"
    if alone and SAYS_OTHERS.search(err):
        return "it blames others, but nobody else was there"
    untouched = found == before or (found.empty and before.empty)
    if untouched:
        says_standing = before.empty and SAYS_STANDING.search(err)
        return "it says that something stands, but nothing is there" if says_standing else ""
    if SAYS_UNDONE.search(err) and not SAYS_UNDO_FAILED.search(err):
        return f"it says that nothing was done or all was undone, but there are: {found}"
    if found.empty or found == after:
        # All of it was done, and the tool could not know: it must at least not deny it.
        return ""
    if not WAYS_ON.search(err):
        return f"it does not say how to go on, but there are: {found}"
    return ""


def named_standing(err):
    """The objects that the report says may stand, as a state names them; None where it has no such list."""
    if SAYS_LIST not in err:
        return None
    lines = err.split(SAYS_LIST, 1)[1].splitlines()[1:]
    named = [LISTED.fullmatch(line) for line in itertools.takewhile(LISTED.fullmatch, lines)]
    # The record stands in the gateway's own namespace, and comes first where it stands.
    ns = named[0]["ns"] if named else ""
    return {plain_text(f"{plural(one['kind'])}/{one['name']}", ns) for one in named}


def plural(kind):
    return re.sub("(?<=[^aeiou])y$", "ie", kind) + "s"


def of_list(err, found, before, fault):
    """Where a report lists what stands, that is exactly what stands, as far as somebody could still ask."""
    named = named_standing(err)
    if named is None:
        return "" if not SAYS_UNDO_FAILED.search(err) else "it does not list what stands"
    unnamed = found.objects.keys() - before.objects.keys() - named - MADE_BY_KUBERNETES
    if unnamed:
        return f"its list leaves out {', '.join(sorted(unnamed))}"
    gone = named - found.objects.keys()
    return f"it lists what is gone: {', '.join(sorted(gone))}" if gone and not fault.mute else ""


def of_run(ran, found, phase, before, after, fault):
    """One run that met with a fault."""
    whole = [one for one in (before, after) if not one.empty]
    alone = fault.name != "409"  # which says that somebody else is there
    if ran.status == 0 and SAYS_UNSEEN.search(ran.err):
        wrong = "" if phase == "Ready" else f"it said that all is done, but list says {phase!r}"
    elif ran.status == 0:
        wrong = of_success(found, phase, after)
    elif -ran.status in (signal.SIGINT, signal.SIGTERM) and fault.signals and found == before:
        wrong = ""  # who has done nothing yet may go without a word
    elif ran.status == 1:
        wrong = of_message(ran.err, found, before, after, alone)
        wrong = wrong or of_list(ran.err, found, before, fault) or of_phase(found, phase, whole)
    else:
        wrong = "it did not exit with 0 or 1"
    return f"{wrong}\n{ran}" if wrong else ""


def of_no_rollback(run, found):
    """What was written before the fault is there to be looked at."""
    written = [one for one in run.writes if one.number < run.met.number]
    if run.ran.status == 1 and written and found.empty:
        return f"what it had written is gone\n{run.ran}"
    return ""


def of_finish(ran, found, phase, wanted):
    """A command that was to finish what another had begun."""
    wrong = of_success(found, phase, wanted) if ran.status == 0 else "it failed"
    return f"{wrong}\n{ran}" if wrong else ""


def of_race(first, second, ran, found, phase):
    """Two commands on one gateway at once; each side says what it `makes`."""
    wrong = of_outcome(first, second, [one.status for one in ran], found, phase)
    wrong = wrong or next((found for one in ran if (found := of_loser(one))), "")
    return "\n".join([wrong, *map(str, ran)]) if wrong else ""


def of_outcome(first, second, statuses, found, phase):
    if any(status not in (0, 1) for status in statuses):
        return "one did not exit with 0 or 1"
    won = [side.makes for side, status in zip((first, second), statuses) if status == 0]
    if not won:
        return f"both failed, and there are: {found}"
    if found.empty:
        wrong = "nothing stands, and nobody deleted it" if not any(one.empty for one in won) else ""
        return wrong or of_phase(found, phase, [])
    if not any(found == one for one in won):
        # A delete that won against a create, say, must have left nothing.
        nearest = next((one for one in won if not one.empty), won[0])
        return f"half a gateway stands: {found.unlike(nearest)}"
    if phase != "Ready":
        return f"list says {phase!r} of a gateway that is whole"
    if len(won) == 2 and first.only_new and second.only_new and won[0] != won[1]:
        return "both said that they made it, each in another form"
    return ""


def of_loser(ran):
    if ran.status == 0:
        return ""
    if "did not make it" in ran.err:
        return "it says that kubectl egress did not make what the other one made"
    return "" if SAYS_CONFLICT.search(ran.err) else "the one that lost does not say that another was there"
