"""What may be held against a number that no noise moves: requests, connections, and memory."""

import re
import tempfile

from fleet import Fleet

SIZES = (4, 16)
MOST_REQUESTS = 33  # of each new gateway: a dry run and a write of 15 objects, its record thrice
MOST_DELETES = 45  # of each gateway that goes: a look at 14 objects before and after the delete of each, its record
MOST_MEMORY = 64  # MiB
LIST = re.compile(r"^GET \S+[?&]limit=", re.MULTILINE)


def hold(name, wrong):
    print(f"not ok {name}: {wrong}" if wrong else f"ok {name}", flush=True)
    return bool(wrong)


def unlike(found, wanted):
    return "" if found == wanted else f"{found} instead of {wanted}"


def beyond(found, most):
    return f"{found} of each, and {most} are enough" if found > most else ""


def main():
    with tempfile.TemporaryDirectory() as folder:
        fleets = [Fleet(folder, f"bench-check-{size}", size) for size in SIZES]
        made = [fleet.apply("-v", "6") for fleet in fleets]
        same = [fleet.apply("-v", "6") for fleet in fleets]
        compared = [fleet.diff("-v", "6") for fleet in fleets]
        differ = [fleet.diff("-v", "6", port=8443) for fleet in fleets]
        listed = [fleet.list("-v", "6") for fleet in fleets]
        deleted = [fleet.delete("-v", "6") for fleet in fleets]
        few, more = SIZES
        each = lambda runs: (runs[1].requests - runs[0].requests) / (more - few)
        lists = lambda taken: len(LIST.findall(taken.err))
        runs = [*made, *same, *compared, *differ, *listed, *deleted]
        wrong = [
            hold("a new gateway costs no more requests than it has to", beyond(each(made), MOST_REQUESTS)),
            hold("unchanged gateways cost no requests of their own", unlike(same[1].requests, same[0].requests)),
            hold("unchanged gateways are compared without requests of their own",
                 unlike(compared[1].requests, compared[0].requests)),
            hold("changed gateways are compared with as many lists", unlike(lists(differ[1]), lists(differ[0]))),
            hold("a list costs as many requests for more gateways", unlike(listed[1].requests, listed[0].requests)),
            hold("a delete costs no more requests than it has to", beyond(each(deleted), MOST_DELETES)),
            hold("one connection is enough", unlike({one.connections for one in runs}, {1})),
            hold("memory is bounded", next((f"{r.memory} MiB" for r in runs if r.memory > MOST_MEMORY), "")),
        ]
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    raise SystemExit(main())
