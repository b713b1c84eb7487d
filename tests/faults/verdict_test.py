"""The verdicts find what is wrong: each case is one lie of the tool, or one truth."""

import json
import unittest

import verdict
from fault import FAULTS
from outcome import object_key, plural
from race import Side
from request import Request
from state import State
from tool import CommandResult

NS = "p1"
RECORD = {"apiVersion": "v1", "kind": "ConfigMap", "namespace": NS, "name": "httpbin-egress"}
SERVICE = {"apiVersion": "v1", "kind": "Service", "namespace": NS, "name": "httpbin-egress"}
ROUTE = {
    "apiVersion": "networking.istio.io/v1",
    "kind": "VirtualService",
    "namespace": NS,
    "name": "httpbin-egress",
}
SERVER_ERROR = next(fault for fault in FAULTS if fault.name == "500")
CONFLICT = next(fault for fault in FAULTS if fault.name == "409")
BLOCKING = next(fault for fault in FAULTS if fault.blocks_requests)
INTERRUPT = next(fault for fault in FAULTS if fault.name == "Ctrl-C")


def state(*references, text="made"):
    result_state = State()
    result_state.objects = {object_key(reference, NS): {"spec": text} for reference in references}
    return result_state


EMPTY = state()
COMPLETE = state(RECORD, SERVICE, ROUTE)
PARTIAL = state(RECORD, SERVICE)


def failure(result="Unchanged", **changes):
    """An outcome as it should be."""
    outcome = {
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
    return {**outcome, **changes}


def objects(*references):
    return [
        {**reference, "metadata": {field: reference[field] for field in ("name", "namespace")}}
        for reference in references
    ]


def object_list(*items):
    return {"kind": "List", "items": list(items)}


def command_result_of(document, status=1, err="error: no"):
    return CommandResult(["create"], status, json.dumps(document) if document else "", err)


class Run:
    """What the verdicts ask of a run."""

    def __init__(self, result, writes=()):
        self.result = result
        self.writes = list(writes)
        self.faulted_request = None


def find_problem(
    document, current, phase, before=EMPTY, after=COMPLETE, fault=SERVER_ERROR, status=1, err="error: no", writes=None
):
    result = command_result_of(document, status, err)
    written = ["POST /configmaps"] if writes is None and current != before else writes or []
    return verdict.check_run(Run(result, written), current, phase, before, after, fault, NS)


class RunVerdicts(unittest.TestCase):
    def assert_no_problem(self, *args, **settings):
        self.assertEqual(find_problem(*args, **settings), "")

    def assert_problem(self, text, *args, **settings):
        self.assertIn(text, find_problem(*args, **settings))

    def test_true_outcomes_have_no_problem(self):
        self.assert_no_problem(failure(), EMPTY, "")
        self.assert_no_problem(failure("RolledBack"), EMPTY, "")
        self.assert_no_problem(failure("Incomplete"), PARTIAL, "Incomplete")
        self.assert_no_problem(failure("Unknown"), PARTIAL, "Incomplete", fault=BLOCKING)
        self.assert_no_problem(
            failure("RolledBack", command="apply"), COMPLETE, "Ready", before=COMPLETE, after=PARTIAL
        )

    def test_success_prints_the_objects(self):
        created = object_list(*objects(RECORD, SERVICE, ROUTE))
        self.assert_no_problem(created, COMPLETE, "Ready", status=0)
        self.assert_problem("did not print", object_list(*objects(RECORD, SERVICE)), COMPLETE, "Ready", status=0)
        self.assert_problem("all is done", created, PARTIAL, "Incomplete", status=0)
        self.assert_problem("all is done", created, COMPLETE, "Degraded", status=0)
        self.assert_problem(
            "printed an outcome", object_list(*objects(RECORD, SERVICE, ROUTE), failure()), COMPLETE, "Ready", status=0
        )

    def test_success_may_include_an_autoscaler(self):
        scaler = {"apiVersion": "v2", "kind": "HorizontalPodAutoscaler", "namespace": NS, "name": "httpbin-egress"}
        references = (RECORD, SERVICE, ROUTE, scaler)
        self.assert_no_problem(object_list(*objects(*references)), state(*references), "Ready", status=0)
        self.assert_problem("not so of", object_list(*objects(*references)), COMPLETE, "Ready", status=0)

    def test_a_rollback_that_leaves_objects_is_a_problem(self):
        self.assert_problem("it says RolledBack, but", failure("RolledBack"), PARTIAL, "Incomplete")

    def test_a_rollback_to_another_state_is_a_problem(self):
        other = state(RECORD, SERVICE, ROUTE, text="other")
        lie = failure("RolledBack", command="apply")
        self.assert_problem("it says RolledBack, but", lie, other, "Degraded", before=COMPLETE, after=PARTIAL)

    def test_unchanged_is_a_problem_if_objects_exist(self):
        self.assert_problem("it says Unchanged, but", failure(), PARTIAL, "Incomplete")

    def test_remaining_pods_are_a_problem(self):
        incomplete = state()
        incomplete.derived = {"pods/httpbin-egress-1": {}}
        self.assert_problem("it says RolledBack, but", failure("RolledBack"), incomplete, "")

    def test_remaining_lists_exactly_the_existing_objects(self):
        self.assert_problem("leaves out", failure("Incomplete", remaining=[RECORD]), PARTIAL, "Incomplete")
        self.assert_problem(
            "what is gone", failure("Incomplete", remaining=[RECORD, SERVICE, ROUTE]), PARTIAL, "Incomplete"
        )
        self.assert_problem("leaves out", failure("Unknown", remaining=[RECORD]), PARTIAL, "Incomplete", fault=BLOCKING)
        self.assert_no_problem(
            failure("Unknown", remaining=[RECORD, SERVICE, ROUTE]), PARTIAL, "Incomplete", fault=BLOCKING
        )

    def test_a_failed_delete_lists_all_remaining_objects(self):
        incomplete = failure("Incomplete", command="delete", stage="Delete", deleted=[ROUTE])
        self.assert_no_problem(incomplete, PARTIAL, "Incomplete", before=COMPLETE, after=EMPTY)
        less = {**incomplete, "remaining": [RECORD]}
        self.assert_problem("leaves out", less, PARTIAL, "Incomplete", before=COMPLETE, after=EMPTY)
        more = {**incomplete, "remaining": [RECORD, SERVICE, ROUTE]}
        self.assert_no_problem(more, PARTIAL, "Incomplete", before=COMPLETE, after=EMPTY)  # it was on its way
        self.assert_problem(
            "what is gone", {**more, "deleted": []}, PARTIAL, "Incomplete", before=COMPLETE, after=EMPTY
        )

    def test_a_successful_delete_has_an_outcome(self):
        done = failure("Succeeded", command="delete", deleted=[ROUTE, SERVICE, RECORD])
        self.assert_no_problem(done, EMPTY, "", before=COMPLETE, after=EMPTY, status=0)
        self.assert_problem("no outcome", object_list(), EMPTY, "", before=COMPLETE, after=EMPTY, status=0)
        self.assert_problem("all is done", done, PARTIAL, "Incomplete", before=COMPLETE, after=EMPTY, status=0)
        problem = {**done, "result": "Incomplete", "remaining": [RECORD]}
        self.assert_problem("not Succeeded", problem, EMPTY, "", before=COMPLETE, after=EMPTY, status=0)

    def test_incomplete_has_a_command_to_continue(self):
        self.assert_problem("no command to continue", failure("Incomplete", continueWith=""), PARTIAL, "Incomplete")
        self.assert_problem("lists nothing", failure("Incomplete", remaining=[]), EMPTY, "")

    def test_a_conflict_without_another_client_is_a_problem(self):
        for reason in ("LockLost", "AlreadyExists", "Conflict", "NotOwned"):
            self.assert_problem("blames others", failure(reason=reason), EMPTY, "")
            hidden = [{"reason": reason, "message": "no"}]
            self.assert_problem("blames others", failure(causes=hidden), EMPTY, "")
        self.assert_no_problem(failure(reason="Conflict"), EMPTY, "", fault=CONFLICT)

    def test_a_failure_has_a_message_and_one_outcome(self):
        self.assert_problem("without a word", failure(), EMPTY, "", err=" \n")
        self.assert_problem("printed 0 outcomes", None, EMPTY, "")
        self.assert_problem("printed 2 outcomes", object_list(failure(), failure()), EMPTY, "")
        self.assert_problem("1 objects", object_list(failure(), *objects(RECORD)), EMPTY, "")
        broken = verdict.check_run(
            Run(CommandResult(["create"], 1, "{", "error: no")), EMPTY, "", EMPTY, COMPLETE, SERVER_ERROR, NS
        )
        self.assertIn("no JSON document", broken)

    def test_unknown_values_in_an_outcome_are_a_problem(self):
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
                self.assert_problem("its outcome", {**failure(), **changes}, EMPTY, "")

    def test_a_write_before_the_preflight_ends_is_a_problem(self):
        self.assert_problem("had sent", failure(), EMPTY, "", writes=["POST /configmaps"])
        self.assert_problem(
            "failed at Preflight, and", failure("Incomplete", stage="Preflight"), PARTIAL, "Incomplete", writes=[]
        )

    def test_a_wrong_phase_in_list_is_a_problem(self):
        self.assert_problem("list shows nothing", failure("Incomplete"), PARTIAL, "")
        self.assert_problem("list says Ready", failure("Incomplete"), PARTIAL, "Ready")

    def test_an_interruption_before_any_write_needs_no_message(self):
        self.assert_no_problem(None, EMPTY, "", fault=INTERRUPT, status=-2, err="")
        self.assert_problem("did not exit with", None, PARTIAL, "Incomplete", fault=INTERRUPT, status=-2, err="")
        self.assert_problem("did not exit with", None, EMPTY, "", status=-2, err="")
        self.assert_problem("did not exit with", failure(), EMPTY, "", status=3)


class NoRollbackVerdicts(unittest.TestCase):
    def run_with(self, outcome):
        first, second = (Request("POST", path, [], b"") for path in ("/a", "/b"))
        first.number, second.number = 1, 2
        run = Run(command_result_of(outcome), [first])
        run.faulted_request = second
        return run

    def test_no_rollback_keeps_and_reports_written_objects(self):
        run = self.run_with(failure("Incomplete"))
        self.assertEqual(verdict.check_no_rollback(run, PARTIAL), "")
        self.assertIn("is gone", verdict.check_no_rollback(run, EMPTY))
        self.assertIn("undid", verdict.check_no_rollback(self.run_with(failure("RolledBack")), PARTIAL))


class RaceVerdicts(unittest.TestCase):
    CREATE = Side("create", None, COMPLETE)
    DELETE = Side("delete", None, EMPTY)

    def race(self, loser, current=COMPLETE, phase="Ready", first=CREATE, second=CREATE):
        winner = command_result_of(object_list(*objects(RECORD, SERVICE, ROUTE)), 0)
        return verdict.check_race(first, second, [winner, command_result_of(loser)], current, phase)

    def test_the_losing_command_reports_a_conflict(self):
        for reason in ("LockLost", "AlreadyExists", "Conflict", "NotFound"):
            self.assertEqual(self.race(failure(reason=reason)), "")
        self.assertIn("not that another was there", self.race(failure(reason="InternalError")))
        self.assertIn("did not make what the other", self.race(failure(reason="NotOwned")))

    def test_an_incomplete_gateway_is_a_problem(self):
        lost = failure(reason="LockLost")
        self.assertIn("half a gateway", self.race(lost, PARTIAL, "Incomplete"))
        self.assertIn("nobody deleted it", self.race(lost, EMPTY, ""))
        both = [command_result_of(lost), command_result_of(lost)]
        self.assertIn("both failed", verdict.check_race(self.CREATE, self.CREATE, both, EMPTY, ""))


class FleetVerdicts(unittest.TestCase):
    def fleet(self, document, first, second, status=1, fault=SERVER_ERROR):
        run = Run(command_result_of(document, status), ["POST /configmaps"])
        return verdict.check_fleet(run, {NS: first, "p2": second}, COMPLETE, fault)

    def other(self, outcome):
        """The same of the gateway of the other namespace."""
        text = json.dumps(outcome).replace(f'"{NS}"', '"p2"')
        return json.loads(text)

    def test_each_gateway_is_checked_against_its_own_outcome(self):
        created = objects(RECORD, SERVICE, ROUTE)
        rolled_back = self.other(failure("RolledBack"))
        self.assertEqual(self.fleet(object_list(*created, rolled_back), COMPLETE, EMPTY), "")
        self.assertIn("it says RolledBack, but", self.fleet(object_list(*created, rolled_back), COMPLETE, PARTIAL))
        self.assertIn("printed what it made, but", self.fleet(object_list(*created, rolled_back), PARTIAL, EMPTY))
        self.assertIn("neither objects nor an outcome", self.fleet(object_list(rolled_back), COMPLETE, EMPTY))
        self.assertIn("or both", self.fleet(object_list(*created, failure(), rolled_back), COMPLETE, EMPTY))
        self.assertIn("two of one", self.fleet(object_list(rolled_back, rolled_back), EMPTY, EMPTY))
        self.assertIn("exited with 0", self.fleet(object_list(*created, rolled_back), COMPLETE, EMPTY, 0))

    def test_a_command_that_fails_before_any_gateway_has_one_outcome(self):
        connect_failure = failure(metadata={}, stage="Connect", reason="Unreachable")
        run = Run(command_result_of(connect_failure))
        self.assertEqual(verdict.check_fleet(run, {NS: EMPTY, "p2": EMPTY}, COMPLETE, SERVER_ERROR), "")
        self.assertIn(
            "says nothing of p2", verdict.check_fleet(run, {NS: EMPTY, "p2": PARTIAL}, COMPLETE, SERVER_ERROR)
        )


class Plurals(unittest.TestCase):
    def test_plurals_match_the_names_of_collections(self):
        for kind, expected in {
            "NetworkPolicy": "networkpolicies",
            "Gateway": "gateways",
            "ServiceEntry": "serviceentries",
            "HorizontalPodAutoscaler": "horizontalpodautoscalers",
        }.items():
            self.assertEqual(plural(kind), expected)
