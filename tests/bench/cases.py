"""What is measured: each case runs every program once a round, one after the other."""

import copy

from article import KUBECTL, Article
from bare import Bare
from fleet import Fleet
from measured import run
from table import OURS

# As many lists are under way at one time.
LISTS = 16


class Rounds:
    """The runs of a case, by program."""

    def __init__(self, count):
        self.count = count
        self.runs = {}

    def __iter__(self):
        for turn in range(self.count):
            # To tell of requests takes time, too: once is enough.
            yield turn, ["-v", "6"] if turn + 1 == self.count else []

    def add(self, name, taken):
        self.runs.setdefault(name, []).append(taken)
        return taken

    def tell(self, table, case, name, who, base=None):
        return table.add(case, who, self.runs[name], base)


def start_up(table, count):
    """So short that a single run would tell more of how programs are started than of this one."""
    rounds = Rounds(count)
    for _ in rounds:
        rounds.add("kubectl", several([KUBECTL, "version", "--client"]))
        rounds.add("ours", several(["kubectl-egress", "version", "--client"]))
    ours = rounds.tell(table, "start-up", "ours", OURS)
    rounds.tell(table, "start-up", "kubectl", "kubectl", ours)


def several(words, times=20):
    taken = run(["sh", "-c", f'for i in $(seq {times}); do "$@"; done', "sh", *words])
    taken.seconds, taken.cpu = taken.seconds / times, taken.cpu / times
    return taken


def create_of_one(table, folder, count):
    rounds = Rounds(count)
    for turn, told in rounds:
        article = Article(folder, f"article-{turn}")
        rounds.add("article", article.run())
        Bare(folder).erase(article.objects)
        ours = Fleet(folder, f"one-{turn}", 1)
        words = ["create", "gw", "--host", f"gw.{ours.ns}.example.org", "-n", ours.ns, "--wait=false"]
        rounds.add("ours", run(["kubectl-egress", *words, *told]))
        run(["kubectl-egress", "delete", "gw", "-n", ours.ns, "--drain", "0s", "--wait=false"])
    ours = rounds.tell(table, "create of 1", "ours", OURS)
    rounds.tell(table, "create of 1", "article", "helm install, kubectl apply", ours)


def ways_of_kubectl(rounds, fleet, bare, told):
    """kubectl's checked apply, and its plain one."""
    objects = fleet.objects()
    members = objects[fleet.size :]
    apply = [KUBECTL, "apply", "-f", fleet.keep(members), *told]
    dry = run([*apply, "--server-side", "--dry-run=server"])
    rounds.add("kubectl checked", dry.and_then(run([*apply, "--server-side"])))
    bare.erase(members)
    rounds.add("kubectl plain", run(apply))
    bare.erase(members)


def bare_writes(rounds, fleet, bare):
    """The requests of our own apply: all by dry run, then the records before the members, and after them once more
    when they have been looked at."""
    objects = fleet.objects()
    records, members = objects[: fleet.size], objects[fleet.size :]
    later = copy.deepcopy(records)
    for _, record in later:
        record["metadata"]["annotations"]["bench"] = "once more"
    taken = bare.writes(objects, True)
    taken = taken.and_then(bare.writes(objects, False))
    taken = taken.and_then(bare.send([(path, []) for path, _ in records]))
    rounds.add("bare", taken.and_then(bare.writes(later, False)))
    bare.erase(objects)


def many(table, folder, count, size):
    """The life of many gateways."""
    rounds, bare = Rounds(count), Bare(folder)
    for turn, told in rounds:
        ours, kubectls, bares = [Fleet(folder, f"{who}-{size}-{turn}", size) for who in ("ours", "kubectl", "bare")]
        ways_of_kubectl(rounds, kubectls, bare, told)
        bare_writes(rounds, bares, bare)
        rounds.add("new", ours.apply(*told))
        rounds.add("unchanged", ours.apply(*told))
        rounds.add("compared", ours.diff(*told))
        rounds.add("differ", ours.diff(*told, port=8443))
        rounds.add("check", ours.check(*told))
        listing(rounds, ours, bare, told)
        rounds.add("changed", ours.apply(*told, port=8443))
        rounds.add("delete", ours.delete(*told))
    new = rounds.tell(table, f"apply of {size} new", "new", OURS)
    rounds.tell(table, f"apply of {size} new", "bare", "bare: the same requests", new)
    rounds.tell(table, f"apply of {size} new", "kubectl checked", "kubectl, server-side, dry run first", new)
    rounds.tell(table, f"apply of {size} new", "kubectl plain", "kubectl, without a check", new)
    for case in ("unchanged", "changed"):
        rounds.tell(table, f"apply of {size} {case}", case, OURS, new)
    rounds.tell(table, f"diff of {size} unchanged", "compared", OURS, new)
    rounds.tell(table, f"diff of {size} changed", "differ", OURS, new)
    rounds.tell(table, f"check of {size}", "check", OURS, new)
    rounds.tell(table, f"delete of {size}", "delete", OURS, new)
    tell_listing(rounds, table, size)


def listing(rounds, fleet, bare, told):
    fetched = fleet.list("-v", "6")
    rounds.add("list", fleet.list(*told))
    rounds.add("list, bare", bare.again(fetched.err, LISTS))


def tell_listing(rounds, table, size):
    ours = rounds.tell(table, f"list of {size}", "list", OURS)
    rounds.tell(table, f"list of {size}", "list, bare", "bare: the same pages, by the faster one", ours)


def list_of(table, folder, count, size):
    """Only the list, of more gateways than one would like to make several times."""
    fleet, bare, rounds = Fleet(folder, f"list-{size}", size), Bare(folder), Rounds(count)
    if size:
        made = Rounds(1)
        made.add("new", fleet.apply("-v", "6"))
        made.tell(table, f"apply of {size} new", "new", OURS)
    for _, told in rounds:
        listing(rounds, fleet, bare, told)
    tell_listing(rounds, table, size)
