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

PARALLEL_SCENARIOS = 3
ROUTE_TIMEOUT = 30  # seconds until a change must have reached the callers
LOG_FLUSH_DELAY = 1.5  # seconds until proxies have written their access logs
RECORD_TIMEOUT = 8  # seconds until all records of a call must exist


class ScenarioRun:
    """One scenario, in a namespace of its own."""

    def __init__(self, scenario, sandbox, kubeconfig="", namespace=""):
        self.scenario = scenario
        self.sandbox = sandbox
        self.kubeconfig = kubeconfig  # of the tool, if it is not that of the sandbox
        self.name = scenario.name
        self.namespace = namespace or f"egress-{scenario.name}"
        self.call_count = 0

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
                call = self.substitute_call(step)
                until(ROUTE_TIMEOUT, lambda: self.call_once(call))
            else:
                until(step.timeout if step.output else 0, lambda: self.run_change(step))

    def call_once(self, call):
        """A call; one that fails with the known error is not repeated."""
        try:
            self.call(call)
        except Failure as failure:
            known = self.scenario.known_fault and re.search(self.scenario.known_error, str(failure), re.DOTALL)
            raise (Leak if known else type(failure))(str(failure)) from failure

    def substitute(self, text):
        values = {
            "name": lambda: self.name,
            "namespace": lambda: self.namespace,
            "directory": lambda: str(self.sandbox.directory),
            "pod": lambda: self.sandbox.pods(self.namespace, self.name)[0]["metadata"]["name"],
            "ingress": lambda: self.sandbox.service_address("istio-system", "istio-ingressgateway"),
        }
        return re.sub(rf"\{{({'|'.join(values)})\}}", lambda match: values[match[1]](), text)

    def substitute_call(self, call):
        """The call with the scenario's names in its URL and its patterns."""
        patterns = {
            field: {name: self.substitute(pattern) for name, pattern in (getattr(call, field) or {}).items()}
            for field in ("log", "arrives")
            if getattr(call, field) is not None
        }
        answer = self.substitute(call.answer) if isinstance(call.answer, str) else call.answer
        options = tuple(self.substitute(option) for option in call.options)
        return dataclasses.replace(
            call, url=self.substitute(call.url), ca=self.substitute(call.ca), options=options, answer=answer, **patterns
        )

    def create(self):
        arguments = [self.substitute(argument) for argument in self.scenario.create]
        caller = Caller(self.substitute(self.scenario.uninterrupted_url)) if self.scenario.uninterrupted_url else None
        time.sleep(3 if caller else 0)
        result = egress(
            "create",
            self.name,
            *arguments,
            "-n",
            self.namespace,
            text=self.substitute(self.scenario.input),
            kubeconfig=self.kubeconfig,
        )
        if caller:
            self.check_uninterrupted(caller)
        if result.status != (1 if self.scenario.create_error else 0) or not re.search(
            self.scenario.create_error, result.out + result.err
        ):
            raise Failure(f"create: {result}")

    @staticmethod
    def check_uninterrupted(caller):
        time.sleep(2)
        summary = caller.stop()
        spans = summary["spans"]
        if summary["sent"] < 80:
            raise Failure(f"during create: too few requests to tell: {summary}")
        if any(span["result"] != "200" for span in spans):
            raise Failure(f"during create: {spans}")

    def run_change(self, change):
        command = [self.substitute(word) for word in change.command]
        if command[0] in ACTIONS:
            return ACTIONS[command[0]](self, *command[1:])
        if command[0] == "egress":
            result = egress(*command[1:], "-n", self.namespace, text=self.substitute(change.input))
        else:
            result = kubectl(*command, text=self.substitute(change.input), check=False)
        if result.status != change.status or not re.search(
            self.substitute(change.output), result.out + result.err, re.DOTALL
        ):
            raise Failure(f"{' '.join(command)}: {result}")

    def call(self, call):
        """Sends one request and checks all views of it."""
        self.call_count += 1
        request_id = f"{self.name}-{self.call_count}"
        start_time = time.time()
        answer = send(call, f"{call.url}/{request_id}")
        if call.arrives is None:
            check_arrival(call, self.events(call, request_id, start_time))  # a leak counts whatever the caller got
        check_answer(call, answer)
        if call.peer is None or call.arrives is None:
            time.sleep(LOG_FLUSH_DELAY)  # a line or event that must not exist could still come
        until(RECORD_TIMEOUT, lambda: self.check_records(call, request_id, start_time))

    def check_records(self, call, request_id, start_time):
        lines = [
            line
            for line in self.sandbox.access_log(self.namespace, self.name)
            if request_start_time(line) >= start_time - 0.01
        ]
        lines = [line for line in lines if line["path"] in (f"/{request_id}", None)]  # only HTTP has paths
        check_log(call, lines)
        check_arrival(call, self.events(call, request_id, start_time))

    def events(self, call, request_id, start_time):
        """The events of a call: its own, and the connections and handshakes of the gateway's pods since it began."""
        pod_ips = [pod["status"].get("podIP") for pod in self.sandbox.pods(self.namespace, self.name)]
        events = []
        for event in self.sandbox.outside_events(start_time):
            if event["event"] == "error":
                address = re.search(r"from ([\d.]+):", event["error"])
                if address and address[1] in pod_ips:
                    events.append(event)
            elif event["event"] == "connection":
                if event["source"].rpartition(":")[0] in pod_ips:
                    events.append(event)
            elif request_id in event.get("path", "") or request_id == event.get("data"):
                events.append(event)
        return events


def request_start_time(line):
    """The start time of a request in the access log, in seconds."""
    return datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")).timestamp()


def run_entry(entry, run):
    """Runs an entry of a table, and returns the line to print."""
    start_time = time.monotonic()
    try:
        run.run()
        failure_text = ""
    except Failure as failure:
        failure_text = str(failure)
    except Exception:  # one surprise must not end the others
        failure_text = traceback.format_exc()
    duration = f"({time.monotonic() - start_time:.0f} s)"
    if entry.known_fault and not failure_text:
        return f"not ok {entry.name}: passes, but has a known fault: {entry.known_fault} {duration}"
    if entry.known_fault and re.search(entry.known_error, failure_text, re.DOTALL):
        return f"ok {entry.name}: fails as expected: {entry.known_fault} {duration}"
    if failure_text:
        return f"not ok {entry.name} ({entry.claim}): {failure_text} {duration}"
    return f"ok {entry.name}: {entry.claim} {duration}"


def check_rejections(sandbox):
    """Checks that no proxy (callers, gateways, ingress gateway) has rejected a configuration."""
    rejected = sandbox.rejected_configurations()
    if rejected:
        return f"not ok proxies have rejected configurations: {rejected}"
    return "ok no proxy has rejected a configuration"


def select_scenarios(arguments, parser):
    if arguments.names:
        found = [scenario for scenario in SCENARIOS if scenario.name in arguments.names]
        if len(found) != len(set(arguments.names)):
            parser.error(f"no such scenario: {', '.join(set(arguments.names) - {scenario.name for scenario in found})}")
        return found
    return select_piece(SCENARIOS)


def main():
    parser = argparse.ArgumentParser(description="Runs scenarios on a mesh sandbox.", allow_abbrev=False)
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--list", action="store_true", help="list the scenarios and what they prove")
    arguments = parser.parse_args()
    selected = select_scenarios(arguments, parser)
    if arguments.list:
        for scenario in selected:
            print(f"{scenario.name:24} {scenario.claim}")
        return 0
    sandbox = Sandbox()
    with concurrent.futures.ThreadPoolExecutor(PARALLEL_SCENARIOS) as pool:
        lines = []
        for future in concurrent.futures.as_completed(
            pool.submit(run_entry, scenario, ScenarioRun(scenario, sandbox)) for scenario in selected
        ):
            lines.append(future.result())
            print(lines[-1], flush=True)
    lines.append(check_rejections(sandbox))
    print(lines[-1])
    return 1 if any(line.startswith("not ok") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
