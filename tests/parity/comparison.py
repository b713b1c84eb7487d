"""Compares what came of a case with both programs, and with what the table says of it."""

import re

import messages


def output_tail(result):
    """The end of what a program said: kubectl's discovery complains of each try before that."""
    lines = [line for line in (result.err + result.out).splitlines() if not re.match(r"E\d{4} |\t| >|$", line)]
    return f"exit {result.status}: " + " / ".join(lines)[-500:]


def fact_mismatch(expected, facts):
    """The first fact that is not as expected, in words; nothing where all are."""
    for name, value in expected.items():
        if facts.get(name) != value:
            return f"{name} is {facts.get(name)!r}, not {value!r}"
    return ""


def outcome_mismatch(program, result, error, expected):
    """Whether a program did as the table says; in words where not."""
    if error:
        if not result.failed:
            return f"{program} was to fail ({error}), and was served with {result.facts}"
        error_class = messages.message_class(result.err + result.out)
        if error_class == error:
            return ""
        return f"{program} was to fail ({error}), and did so otherwise ({error_class}), {output_tail(result)}"
    if result.failed:
        error_class = messages.message_class(result.err + result.out)
        return f"{program} was to be served, and was not ({error_class}), {output_tail(result)}"
    mismatch = fact_mismatch(expected, result.facts)
    return f"{program} was served otherwise: {mismatch}" if mismatch else ""


def case_mismatch(case, kubectl_result, tool_result, kubectl_is_older=False):
    """Why a case does not hold; "" where it does. An older kubectl may do otherwise than the table says: then the table
    alone is compared with."""
    kubectl_mismatch = outcome_mismatch("kubectl", kubectl_result, case.error, case.expected)
    if kubectl_mismatch and not kubectl_is_older:
        return kubectl_mismatch
    reference_facts = case.expected if kubectl_mismatch else kubectl_result.facts
    if tool_result.leaked_secret:
        return f"kubectl-egress tells a secret ({tool_result.leaked_secret}), {output_tail(tool_result)}"
    for program, result in (("kubectl", kubectl_result), ("kubectl-egress", tool_result)):
        if case.message not in result.err and not (kubectl_is_older and result is kubectl_result):
            return f"{program} says otherwise, {output_tail(result)}"
    if not case.deviation:
        return outcome_mismatch("kubectl-egress", tool_result, case.error, reference_facts)
    if isinstance(case.tool_outcome, str):
        return outcome_mismatch("kubectl-egress", tool_result, case.tool_outcome, {})
    if not case.error and not fact_mismatch(case.tool_outcome, reference_facts):
        return "the table names a difference, and there is none"
    # Where it means to do otherwise it may say so.
    common_facts = {name: value for name, value in reference_facts.items() if name != "warnings"}
    return outcome_mismatch("kubectl-egress", tool_result, "", {**common_facts, **case.tool_outcome})
