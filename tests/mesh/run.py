#!/usr/bin/env python3
"""Runs scenarios on a mesh sandbox, with the plugin that is first on PATH:

    tests/sandbox/sandbox.sh run --mesh -- tests/mesh/run.py [--list] [NAME…]

Without a NAME, runs the fast scenarios and this piece's share (EGRESS_TEST_PIECE) of the others. Prints "ok NAME" or
"not ok NAME: WHY" for each. A scenario with a known fault is ok if it fails, and not ok if it passes.
"""

import argparse
import concurrent.futures
import dataclasses
import datetime
import re
import sys
import time
import traceback

from actions import ACTIONS
from caller import Caller
from cluster import Failure, Leak, Sandbox, egress, kubectl, until
from piece import select_piece
from scenario import Call
from scenarios import SCENARIOS
from views import check_answer, check_arrival, check_log, send

SIDE_BY_SIDE = 3
ROUTES = 30  # seconds until a change must have reached the callers
FLUSH = 1.5  # seconds until proxies have written their access logs
RECORDS = 8  # seconds until all records of a call must exist


class Run:
    """One scenario, in a namespace of its own."""

    def __init__(self, scenario, sandbox, kubeconfig="", namespace=""):
        self.scenario = scenario
        self.sandbox = sandbox
        self.kubeconfig = kubeconfig  # of the tool, if it is not that of the sandbox
        self.name = scenario.name
        self.namespace = namespace or f"egress-{scenario.name}"
        self.sent = 0

    def run(self):
        kubectl("create", "namespace", self.namespace)
        try:
            self.steps()
        finally:
            self.run_steps(self.scenario.after)
            egress("delete", "--all", "-n", self.namespace, "--drain=0s", "--wait=false", "--ignore-not-found")
            kubectl("delete", "namespace", self.namespace, "--wait=false", check=False)

    def steps(self):
        self.run_steps(self.scenario.before)
        self.create()
        self.run_steps(self.scenario.steps)

    def run_steps(self, steps):
        for step in steps:
            if isinstance(step, Call):
                call = self.filled(step)
                until(ROUTES, lambda: self.call_once(call))
            else:
                until(step.within if step.output else 0, lambda: self.change(step))

    def call_once(self, call):
        """A call; one that fails with the known error is not repeated."""
        try:
            self.call(call)
        except Failure as failure:
            known = self.scenario.known_fault and re.search(self.scenario.known_error, str(failure), re.DOTALL)
            raise (Leak if known else type(failure))(str(failure)) from failure

    def fill(self, text):
        values = {
            "name": lambda: self.name,
            "namespace": lambda: self.namespace,
            "directory": lambda: str(self.sandbox.directory),
            "pod": lambda: self.sandbox.pods(self.namespace, self.name)[0]["metadata"]["name"],
            "ingress": lambda: self.sandbox.service_address("istio-system", "istio-ingressgateway"),
        }
        return re.sub(rf"\{{({'|'.join(values)})\}}", lambda found: values[found[1]](), text)

    def filled(self, call):
        """The call with the scenario's names in its URL and its patterns."""
        patterns = {
            field: {name: self.fill(one) for name, one in (getattr(call, field) or {}).items()}
            for field in ("log", "arrives")
            if getattr(call, field) is not None
        }
        answer = self.fill(call.answer) if isinstance(call.answer, str) else call.answer
        options = tuple(self.fill(one) for one in call.options)
        return dataclasses.replace(
            call, url=self.fill(call.url), ca=self.fill(call.ca), options=options, answer=answer, **patterns
        )

    def create(self):
        words = [self.fill(one) for one in self.scenario.create]
        caller = Caller(self.fill(self.scenario.uninterrupted)) if self.scenario.uninterrupted else None
        time.sleep(3 if caller else 0)
        ran = egress(
            "create",
            self.name,
            *words,
            "-n",
            self.namespace,
            text=self.fill(self.scenario.input),
            kubeconfig=self.kubeconfig,
        )
        if caller:
            self.check_uninterrupted(caller)
        if ran.status != (1 if self.scenario.create_error else 0) or not re.search(
            self.scenario.create_error, ran.out + ran.err
        ):
            raise Failure(f"create: {ran}")

    @staticmethod
    def check_uninterrupted(caller):
        time.sleep(2)
        summary = caller.stop()
        spans = summary["spans"]
        if summary["sent"] < 80:
            raise Failure(f"during create: too few requests to tell: {summary}")
        if any(one["result"] != "200" for one in spans):
            raise Failure(f"during create: {spans}")

    def change(self, change):
        words = [self.fill(one) for one in change.command]
        if words[0] in ACTIONS:
            return ACTIONS[words[0]](self, *words[1:])
        if words[0] == "egress":
            ran = egress(*words[1:], "-n", self.namespace, text=self.fill(change.input))
        else:
            ran = kubectl(*words, text=self.fill(change.input), check=False)
        if ran.status != change.status or not re.search(self.fill(change.output), ran.out + ran.err, re.DOTALL):
            raise Failure(f"{' '.join(words)}: {ran}")

    def call(self, call):
        """Sends one request and checks all views of it."""
        self.sent += 1
        mark = f"{self.name}-{self.sent}"
        begin = time.time()
        answer = send(call, f"{call.url}/{mark}")
        if call.arrives is None:
            check_arrival(call, self.events(call, mark, begin))  # a leak counts whatever the caller got
        check_answer(call, answer)
        if call.peer is None or call.arrives is None:
            time.sleep(FLUSH)  # a line or event that must not exist could still come
        until(RECORDS, lambda: self.check_records(call, mark, begin))

    def check_records(self, call, mark, begin):
        lines = [one for one in self.sandbox.access_log(self.namespace, self.name) if started(one) >= begin - 0.01]
        lines = [one for one in lines if one["path"] in (f"/{mark}", None)]  # only HTTP has paths
        check_log(call, lines)
        check_arrival(call, self.events(call, mark, begin))

    def events(self, call, mark, begin):
        """The events of a call: its own, and the connections and handshakes of the gateway's pods since it began."""
        pods = [one["status"].get("podIP") for one in self.sandbox.pods(self.namespace, self.name)]
        found = []
        for one in self.sandbox.outside(begin):
            if one["event"] == "error":
                address = re.search(r"from ([\d.]+):", one["error"])
                if address and address[1] in pods:
                    found.append(one)
            elif one["event"] == "connection":
                if one["source"].rpartition(":")[0] in pods:
                    found.append(one)
            elif mark in one.get("path", "") or mark == one.get("data"):
                found.append(one)
        return found


def started(line):
    """The start time of a request in the access log, in seconds."""
    return datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")).timestamp()


def report(entry, run):
    """Runs an entry of a table, and returns the line to print."""
    begin = time.monotonic()
    try:
        run.run()
        why = ""
    except Failure as failure:
        why = str(failure)
    except Exception:  # one surprise must not end the others
        why = traceback.format_exc()
    took = f"({time.monotonic() - begin:.0f} s)"
    if entry.known_fault and not why:
        return f"not ok {entry.name}: passes, but has a known fault: {entry.known_fault} {took}"
    if entry.known_fault and re.search(entry.known_error, why, re.DOTALL):
        return f"ok {entry.name}: fails as expected: {entry.known_fault} {took}"
    if why:
        return f"not ok {entry.name} ({entry.claim}): {why} {took}"
    return f"ok {entry.name}: {entry.claim} {took}"


def judge_rejections(sandbox):
    """Checks that no proxy (callers, gateways, ingress gateway) has rejected a configuration."""
    rejected = sandbox.rejections()
    if rejected:
        return f"not ok proxies have rejected configurations: {rejected}"
    return "ok no proxy has rejected a configuration"


def choose(arguments, parser):
    if arguments.names:
        found = [one for one in SCENARIOS if one.name in arguments.names]
        if len(found) != len(set(arguments.names)):
            parser.error(f"no such scenario: {', '.join(set(arguments.names) - {one.name for one in found})}")
        return found
    return select_piece(SCENARIOS)


def main():
    parser = argparse.ArgumentParser(description="Runs scenarios on a mesh sandbox.", allow_abbrev=False)
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--list", action="store_true", help="list the scenarios and what they prove")
    arguments = parser.parse_args()
    chosen = choose(arguments, parser)
    if arguments.list:
        for one in chosen:
            print(f"{one.name:24} {one.claim}")
        return 0
    sandbox = Sandbox()
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as beside:
        lines = []
        for done in concurrent.futures.as_completed(beside.submit(report, one, Run(one, sandbox)) for one in chosen):
            lines.append(done.result())
            print(lines[-1], flush=True)
    lines.append(judge_rejections(sandbox))
    print(lines[-1])
    return 1 if any(one.startswith("not ok") for one in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
