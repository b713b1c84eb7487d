"""What is measured: each case runs every program once a round, one after the other."""

import copy

from helm import KUBECTL, HelmInstall
from measurement import run
from replay import Replay
from table import TOOL

from fleet import Fleet

# As many lists are under way at one time.
PARALLEL_LISTS = 16


class Rounds:
    """The runs of a case, by program."""

    def __init__(self, count):
        self.count = count
        self.runs = {}

    def __iter__(self):
        for round_number in range(self.count):
            # To tell of requests takes time, too: once is enough.
            yield round_number, ["-v", "6"] if round_number + 1 == self.count else []

    def add(self, name, measurement):
        self.runs.setdefault(name, []).append(measurement)
        return measurement

    def add_row(self, table, case, name, program, base=None):
        return table.add(case, program, self.runs[name], base)


def measure_start_up(table, count):
    """So short that a single run would tell more of how programs are started than of this one."""
    rounds = Rounds(count)
    for _ in rounds:
        rounds.add("kubectl", run_repeatedly([KUBECTL, "version", "--client"]))
        rounds.add("ours", run_repeatedly(["kubectl-egress", "version", "--client"]))
    ours = rounds.add_row(table, "start-up", "ours", TOOL)
    rounds.add_row(table, "start-up", "kubectl", "kubectl", ours)


def run_repeatedly(command, times=20):
    measurement = run(["sh", "-c", f'for i in $(seq {times}); do "$@"; done', "sh", *command])
    measurement.seconds, measurement.cpu = measurement.seconds / times, measurement.cpu / times
    return measurement


def measure_create(table, folder, count):
    rounds = Rounds(count)
    for round_number, verbose in rounds:
        helm = HelmInstall(folder, f"helm-{round_number}")
        rounds.add("helm", helm.run())
        Replay(folder).delete_objects(helm.objects)
        ours = Fleet(folder, f"one-{round_number}", 1)
        arguments = ["create", "gw", "--host", f"gw.{ours.ns}.example.org", "-n", ours.ns, "--wait=false"]
        rounds.add("ours", run(["kubectl-egress", *arguments, *verbose]))
        run(["kubectl-egress", "delete", "gw", "-n", ours.ns, "--drain", "0s", "--wait=false"])
    ours = rounds.add_row(table, "create of 1", "ours", TOOL)
    rounds.add_row(table, "create of 1", "helm", "helm install, kubectl apply", ours)


def measure_kubectl(rounds, fleet, replay, verbose):
    """kubectl's checked apply, and its plain one."""
    objects = fleet.objects()
    members = objects[fleet.size :]
    apply = [KUBECTL, "apply", "-f", fleet.write_list(members), *verbose]
    measurement = run([*apply, "--server-side", "--dry-run=server"])
    rounds.add("kubectl checked", measurement.add(run([*apply, "--server-side"])))
    replay.delete_objects(members)
    rounds.add("kubectl plain", run(apply))
    replay.delete_objects(members)


def replay_writes(rounds, fleet, replay):
    """The requests of our own apply: all by dry run, then the records before the members, and after them once more
    when they have been looked at."""
    objects = fleet.objects()
    records, members = objects[: fleet.size], objects[fleet.size :]
    updated_records = copy.deepcopy(records)
    for _, record in updated_records:
        record["metadata"]["annotations"]["bench"] = "once more"
    measurement = replay.apply_objects(objects, True)
    measurement = measurement.add(replay.apply_objects(objects, False))
    measurement = measurement.add(replay.send([(path, []) for path, _ in records]))
    rounds.add("replay", measurement.add(replay.apply_objects(updated_records, False)))
    replay.delete_objects(objects)


def measure_life_cycle(table, folder, count, size):
    """The life of many gateways."""
    rounds, replay = Rounds(count), Replay(folder)
    for round_number, verbose in rounds:
        fleet, kubectl_fleet, replay_fleet = [
            Fleet(folder, f"{program}-{size}-{round_number}", size) for program in ("ours", "kubectl", "replay")
        ]
        measure_kubectl(rounds, kubectl_fleet, replay, verbose)
        replay_writes(rounds, replay_fleet, replay)
        rounds.add("new", fleet.apply(*verbose))
        rounds.add("unchanged", fleet.apply(*verbose))
        rounds.add("compared", fleet.diff(*verbose))
        rounds.add("differ", fleet.diff(*verbose, port=8443))
        rounds.add("check", fleet.check(*verbose))
        run_list(rounds, fleet, replay, verbose)
        rounds.add("changed", fleet.apply(*verbose, port=8443))
        rounds.add("delete", fleet.delete(*verbose))
    new = rounds.add_row(table, f"apply of {size} new", "new", TOOL)
    rounds.add_row(table, f"apply of {size} new", "replay", "bare: the same requests", new)
    rounds.add_row(table, f"apply of {size} new", "kubectl checked", "kubectl, server-side, dry run first", new)
    rounds.add_row(table, f"apply of {size} new", "kubectl plain", "kubectl, without a check", new)
    for case in ("unchanged", "changed"):
        rounds.add_row(table, f"apply of {size} {case}", case, TOOL, new)
    rounds.add_row(table, f"diff of {size} unchanged", "compared", TOOL, new)
    rounds.add_row(table, f"diff of {size} changed", "differ", TOOL, new)
    rounds.add_row(table, f"check of {size}", "check", TOOL, new)
    rounds.add_row(table, f"delete of {size}", "delete", TOOL, new)
    add_list_rows(rounds, table, size)


def run_list(rounds, fleet, replay, verbose):
    fetched = fleet.list("-v", "6")
    rounds.add("list", fleet.list(*verbose))
    rounds.add("list, replay", replay.replay_gets(fetched.err, PARALLEL_LISTS))


def add_list_rows(rounds, table, size):
    ours = rounds.add_row(table, f"list of {size}", "list", TOOL)
    rounds.add_row(table, f"list of {size}", "list, replay", "bare: the same pages, by the faster one", ours)


def measure_list(table, folder, count, size):
    """Only the list, of more gateways than one would like to make several times."""
    fleet, replay, rounds = Fleet(folder, f"list-{size}", size), Replay(folder), Rounds(count)
    if size:
        apply_rounds = Rounds(1)
        apply_rounds.add("new", fleet.apply("-v", "6"))
        apply_rounds.add_row(table, f"apply of {size} new", "new", TOOL)
    for _, verbose in rounds:
        run_list(rounds, fleet, replay, verbose)
    add_list_rows(rounds, table, size)
