"""The verdicts find what is wrong: each case is one lie of the tool, or one truth."""

import json
import unittest

import verdict
from fault import FAULTS
from outcome import key, plural
from race import Side
from request import Request
from snapshot import State
from tool import Ran

NS = "p1"
RECORD = {"apiVersion": "v1", "kind": "ConfigMap", "namespace": NS, "name": "httpbin-egress"}
SERVICE = {"apiVersion": "v1", "kind": "Service", "namespace": NS, "name": "httpbin-egress"}
ROUTE = {
    "apiVersion": "networking.istio.io/v1",
    "kind": "VirtualService",
    "namespace": NS,
    "name": "httpbin-egress",
}
PLAIN = next(one for one in FAULTS if one.name == "500")
CONFLICT = next(one for one in FAULTS if one.name == "409")
MUTE = next(one for one in FAULTS if one.mute)
INTERRUPT = next(one for one in FAULTS if one.name == "Ctrl-C")


def state(*references, text="made"):
    made = State()
    made.objects = {key(one, NS): {"spec": text} for one in references}
    return made


NOTHING = state()
WHOLE = state(RECORD, SERVICE, ROUTE)
HALF = state(RECORD, SERVICE)


def failure(result="Unchanged", **changes):
    """An outcome as it should be."""
    one = {
        "apiVersion": "kubectl-egress/v1alpha1",
        "kind": "Outcome",
        "metadata": {"name": "httpbin", "namespace": NS},
        "command": "create",
        "result": result,
        "stage": "Preflight" if result == "Unchanged" else "Write",
        "reason": "InternalError",
        "message": "Error from server (InternalError): no",
        "causes": [],
        "written": [] if result == "Unchanged" else [RECORD, SERVICE],
        "rolledBack": [RECORD, SERVICE] if result == "RolledBack" else [],
        "deleted": [],
        "remaining": [RECORD, SERVICE] if result in ("Incomplete", "Unknown") else [],
        "continueWith": "kubectl egress create -f a" if result in ("Incomplete", "Unknown") else "",
    }
    return {**one, **changes}


def objects(*references):
    return [{**one, "metadata": {key: one[key] for key in ("name", "namespace")}} for one in references]


def listed(*items):
    return {"kind": "List", "items": list(items)}


def ran(document, status=1, err="error: no"):
    return Ran(["create"], status, json.dumps(document) if document else "", err)


class Run:
    """What the verdicts ask of a run."""

    def __init__(self, of, writes=()):
        self.ran = of
        self.writes = list(writes)
        self.met = None


def judge(document, found, phase, before=NOTHING, after=WHOLE, fault=PLAIN, status=1, err="error: no", writes=None):
    one = ran(document, status, err)
    written = ["POST /configmaps"] if writes is None and found != before else writes or []
    return verdict.of_run(Run(one, written), found, phase, before, after, fault, NS)


class OfRuns(unittest.TestCase):
    def holds(self, *args, **settings):
        self.assertEqual(judge(*args, **settings), "")

    def found(self, words, *args, **settings):
        self.assertIn(words, judge(*args, **settings))

    def test_true_outcomes_hold(self):
        self.holds(failure(), NOTHING, "")
        self.holds(failure("RolledBack"), NOTHING, "")
        self.holds(failure("Incomplete"), HALF, "Incomplete")
        self.holds(failure("Unknown"), HALF, "Incomplete", fault=MUTE)
        self.holds(failure("RolledBack", command="apply"), WHOLE, "Ready", before=WHOLE, after=HALF)

    def test_success_prints_the_objects(self):
        made = listed(*objects(RECORD, SERVICE, ROUTE))
        self.holds(made, WHOLE, "Ready", status=0)
        self.found("did not print", listed(*objects(RECORD, SERVICE)), WHOLE, "Ready", status=0)
        self.found("all is done", made, HALF, "Incomplete", status=0)
        self.found("all is done", made, WHOLE, "Degraded", status=0)
        self.found("printed an outcome", listed(*objects(RECORD, SERVICE, ROUTE), failure()), WHOLE, "Ready", status=0)

    def test_an_autoscaler_may_be_there_that_could_not_be_ruled_out(self):
        scaler = {"apiVersion": "v2", "kind": "HorizontalPodAutoscaler", "namespace": NS, "name": "httpbin-egress"}
        all_of_it = (RECORD, SERVICE, ROUTE, scaler)
        self.holds(listed(*objects(*all_of_it)), state(*all_of_it), "Ready", status=0)
        self.found("not so of", listed(*objects(*all_of_it)), WHOLE, "Ready", status=0)

    def test_a_rollback_that_left_something_is_found(self):
        self.found("it says RolledBack, but", failure("RolledBack"), HALF, "Incomplete")

    def test_a_rollback_to_another_state_is_found(self):
        other = state(RECORD, SERVICE, ROUTE, text="other")
        lie = failure("RolledBack", command="apply")
        self.found("it says RolledBack, but", lie, other, "Degraded", before=WHOLE, after=HALF)

    def test_unchanged_is_a_lie_where_something_exists(self):
        self.found("it says Unchanged, but", failure(), HALF, "Incomplete")

    def test_pods_that_stay_behind_are_found(self):
        left = state()
        left.derived = {"pods/httpbin-egress-1": {}}
        self.found("it says RolledBack, but", failure("RolledBack"), left, "")

    def test_what_remains_is_listed_exactly(self):
        self.found("leaves out", failure("Incomplete", remaining=[RECORD]), HALF, "Incomplete")
        self.found("what is gone", failure("Incomplete", remaining=[RECORD, SERVICE, ROUTE]), HALF, "Incomplete")
        self.found("leaves out", failure("Unknown", remaining=[RECORD]), HALF, "Incomplete", fault=MUTE)
        self.holds(failure("Unknown", remaining=[RECORD, SERVICE, ROUTE]), HALF, "Incomplete", fault=MUTE)

    def test_a_delete_lists_all_that_is_left(self):
        left = failure("Incomplete", command="delete", stage="Delete", deleted=[ROUTE])
        self.holds(left, HALF, "Incomplete", before=WHOLE, after=NOTHING)
        less = {**left, "remaining": [RECORD]}
        self.found("leaves out", less, HALF, "Incomplete", before=WHOLE, after=NOTHING)
        more = {**left, "remaining": [RECORD, SERVICE, ROUTE]}
        self.holds(more, HALF, "Incomplete", before=WHOLE, after=NOTHING)  # it was on its way
        self.found("what is gone", {**more, "deleted": []}, HALF, "Incomplete", before=WHOLE, after=NOTHING)

    def test_a_delete_that_succeeds_has_an_outcome(self):
        done = failure("Succeeded", command="delete", deleted=[ROUTE, SERVICE, RECORD])
        self.holds(done, NOTHING, "", before=WHOLE, after=NOTHING, status=0)
        self.found("no outcome", listed(), NOTHING, "", before=WHOLE, after=NOTHING, status=0)
        self.found("all is done", done, HALF, "Incomplete", before=WHOLE, after=NOTHING, status=0)
        wrong = {**done, "result": "Incomplete", "remaining": [RECORD]}
        self.found("not Succeeded", wrong, NOTHING, "", before=WHOLE, after=NOTHING, status=0)

    def test_incomplete_says_how_to_go_on(self):
        self.found("no command to continue", failure("Incomplete", continueWith=""), HALF, "Incomplete")
        self.found("lists nothing", failure("Incomplete", remaining=[]), NOTHING, "")

    def test_nobody_is_blamed_where_nobody_was(self):
        for reason in ("LockLost", "AlreadyExists", "Conflict", "NotOwned"):
            self.found("blames others", failure(reason=reason), NOTHING, "")
            hidden = [{"reason": reason, "message": "no"}]
            self.found("blames others", failure(causes=hidden), NOTHING, "")
        self.holds(failure(reason="Conflict"), NOTHING, "", fault=CONFLICT)

    def test_a_failure_has_a_message_and_one_outcome(self):
        self.found("without a word", failure(), NOTHING, "", err=" \n")
        self.found("printed 0 outcomes", None, NOTHING, "")
        self.found("printed 2 outcomes", listed(failure(), failure()), NOTHING, "")
        self.found("1 objects", listed(failure(), *objects(RECORD)), NOTHING, "")
        broken = verdict.of_run(Run(Ran(["create"], 1, "{", "error: no")), NOTHING, "", NOTHING, WHOLE, PLAIN, NS)
        self.assertIn("no JSON document", broken)

    def test_words_that_are_not_in_the_contract_are_found(self):
        for changes in (
            {"result": "Fine"},
            {"stage": "Later"},
            {"stage": "Drain"},
            {"reason": "Because"},
            {"message": ""},
            {"command": "list"},
            {"apiVersion": "v1"},
            {"metadata": {"name": "another"}},
            {"remaining": None},
            {"remaining": [RECORD]},
            {"written": [RECORD]},
        ):
            with self.subTest(changes):
                self.found("its outcome", {**failure(), **changes}, NOTHING, "")

    def test_nothing_is_written_before_all_is_checked(self):
        self.found("had sent", failure(), NOTHING, "", writes=["POST /configmaps"])
        self.found("failed at Preflight, and", failure("Incomplete", stage="Preflight"), HALF, "Incomplete", writes=[])

    def test_list_tells_the_truth(self):
        self.found("list shows nothing", failure("Incomplete"), HALF, "")
        self.found("list says Ready", failure("Incomplete"), HALF, "Ready")

    def test_an_interruption_before_anything_was_done_needs_no_word(self):
        self.holds(None, NOTHING, "", fault=INTERRUPT, status=-2, err="")
        self.found("did not exit with", None, HALF, "Incomplete", fault=INTERRUPT, status=-2, err="")
        self.found("did not exit with", None, NOTHING, "", status=-2, err="")
        self.found("did not exit with", failure(), NOTHING, "", status=3)


class OfNoRollback(unittest.TestCase):
    def run_with(self, outcome):
        first, second = (Request("POST", path, [], b"") for path in ("/a", "/b"))
        first.number, second.number = 1, 2
        run = Run(ran(outcome), [first])
        run.met = second
        return run

    def test_what_was_written_is_kept_and_said(self):
        kept = self.run_with(failure("Incomplete"))
        self.assertEqual(verdict.of_no_rollback(kept, HALF), "")
        self.assertIn("is gone", verdict.of_no_rollback(kept, NOTHING))
        self.assertIn("undid", verdict.of_no_rollback(self.run_with(failure("RolledBack")), HALF))


class OfRaces(unittest.TestCase):
    CREATE = Side("create", None, WHOLE)
    DELETE = Side("delete", None, NOTHING)

    def race(self, loser, found=WHOLE, phase="Ready", first=CREATE, second=CREATE):
        winner = ran(listed(*objects(RECORD, SERVICE, ROUTE)), 0)
        return verdict.of_race(first, second, [winner, ran(loser)], found, phase)

    def test_the_one_that_lost_says_why(self):
        for reason in ("LockLost", "AlreadyExists", "Conflict", "NotFound"):
            self.assertEqual(self.race(failure(reason=reason)), "")
        self.assertIn("not that another was there", self.race(failure(reason="InternalError")))
        self.assertIn("did not make what the other", self.race(failure(reason="NotOwned")))

    def test_half_a_gateway_is_found(self):
        lost = failure(reason="LockLost")
        self.assertIn("half a gateway", self.race(lost, HALF, "Incomplete"))
        self.assertIn("nobody deleted it", self.race(lost, NOTHING, ""))
        both = [ran(lost), ran(lost)]
        self.assertIn("both failed", verdict.of_race(self.CREATE, self.CREATE, both, NOTHING, ""))


class OfFleets(unittest.TestCase):
    def fleet(self, document, first, second, status=1, fault=PLAIN):
        run = Run(ran(document, status), ["POST /configmaps"])
        return verdict.of_fleet(run, {NS: first, "p2": second}, WHOLE, fault)

    def other(self, outcome):
        """The same of the gateway of the other namespace."""
        text = json.dumps(outcome).replace(f'"{NS}"', '"p2"')
        return json.loads(text)

    def test_each_gateway_is_judged_by_its_own_outcome(self):
        made = objects(RECORD, SERVICE, ROUTE)
        undone = self.other(failure("RolledBack"))
        self.assertEqual(self.fleet(listed(*made, undone), WHOLE, NOTHING), "")
        self.assertIn("it says RolledBack, but", self.fleet(listed(*made, undone), WHOLE, HALF))
        self.assertIn("printed what it made, but", self.fleet(listed(*made, undone), HALF, NOTHING))
        self.assertIn("neither objects nor an outcome", self.fleet(listed(undone), WHOLE, NOTHING))
        self.assertIn("or both", self.fleet(listed(*made, failure(), undone), WHOLE, NOTHING))
        self.assertIn("two of one", self.fleet(listed(undone, undone), NOTHING, NOTHING))
        self.assertIn("exited with 0", self.fleet(listed(*made, undone), WHOLE, NOTHING, 0))

    def test_a_command_that_fails_as_a_whole_has_one_outcome_and_did_nothing(self):
        whole = failure(metadata={}, stage="Connect", reason="Unreachable")
        run = Run(ran(whole))
        self.assertEqual(verdict.of_fleet(run, {NS: NOTHING, "p2": NOTHING}, WHOLE, PLAIN), "")
        self.assertIn("says nothing of p2", verdict.of_fleet(run, {NS: NOTHING, "p2": HALF}, WHOLE, PLAIN))


class OfNames(unittest.TestCase):
    def test_kinds_have_plurals_as_collections_have(self):
        for kind, wanted in {
            "NetworkPolicy": "networkpolicies",
            "Gateway": "gateways",
            "ServiceEntry": "serviceentries",
            "HorizontalPodAutoscaler": "horizontalpodautoscalers",
        }.items():
            self.assertEqual(plural(kind), wanted)
