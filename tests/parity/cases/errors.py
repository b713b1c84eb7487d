"""What is said when the server, or what stands before it, answers badly. By its token a user gets such an answer."""

from case import Case


def answered(name, token, **outcome):
    return Case(name, user={"token": token}, **outcome)


CASES = [
    answered("401", "unauthorized", fails="unauthorized"),
    answered("403", "forbidden", fails="forbidden"),
    answered("403 of a firewall", "firewall", fails="forbidden"),
    answered("500", "internal-error", fails="internal error"),
    answered("503 in plain text", "unavailable", fails="unavailable"),
    answered("504 without a body", "gateway-timeout", fails="timed out"),
    answered("a login page", "login-page", fails="html"),
    answered("a warning of the server", "warned", arrives={"warnings": ['Warning: this is "deprecated"']}),
    answered("--warnings-as-errors", "warned", flags=("--warnings-as-errors",), fails="one warning"),
    answered(
        "--warnings-as-errors and two warnings, one of them twice",
        "warned-twice",
        flags=("--warnings-as-errors",),
        fails="warnings",
    ),
    answered("--warnings-as-errors without a warning", "tok", flags=("--warnings-as-errors",)),
    answered(
        "--warnings-as-errors and another error", "forbidden", flags=("--warnings-as-errors",), fails="forbidden"
    ),
    Case(
        "two faults of one kubeconfig are both told",
        user={"client-certificate": "/nowhere", "as-groups": ["g"]},
        fails="nobody to act as",
    ),
]
