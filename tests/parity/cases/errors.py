"""Errors when the server, or a proxy in front of it, sends a bad answer. By its token a user gets such an answer.

One text of kubectl's is in no case: "Missing or incomplete configuration info.  Please point to an existing, complete
config file". It is for a configuration that names no server at all, and kubectl's always does: where nothing else
names one, http://localhost:8080 or what KUBERNETES_MASTER says is the default (cli-runtime, config_flags.go:
ClusterDefaults). What it says then is in files.py ("without HOME there is no file") and server.py ("an empty server").
"""

from case import Case


def token_case(name, token, **outcome):
    return Case(name, user={"token": f"s3cr3t-{token}"}, **outcome)


CASES = [
    token_case("401", "unauthorized", error="unauthorized"),
    token_case("403", "forbidden", error="forbidden"),
    token_case("403 of a firewall", "firewall", error="forbidden"),
    token_case("403 of what sends back what it was sent", "echoed-s3cr3t", error="forbidden"),
    token_case("500", "internal-error", error="internal error"),
    token_case("503 in plain text", "unavailable", error="unavailable"),
    token_case("504 without a body", "gateway-timeout", error="timed out"),
    token_case("a login page", "login-page", error="html"),
    token_case(
        "422 with one cause",
        "invalid",
        raw=True,
        error="invalid",
        message='The Gateway "x" is invalid: spec.servers: Required value\n',
    ),
    token_case(
        "422 with several causes",
        "invalid-twice",
        raw=True,
        error="invalid",
        message='The Gateway "x" is invalid: \n* spec.servers: Required value\n* spec.selector: Required value\n',
    ),
    token_case(
        "400 of a webhook",
        "denied",
        raw=True,
        error="denied",
        message="Error from server (BadRequest): admission webhook"
        ' "validation.istio.io" denied the request: no host\n',
    ),
    token_case(
        "409 in plain text",
        "conflict",
        error="conflict",
        message="Error from server (Conflict): the server reported a conflict (",
    ),
    token_case(
        "a conflict of server-side apply",
        "apply-conflict",
        raw=True,
        error="conflict of fields",
        message='Apply failed with 1 conflict: conflict with "helm" using apps/v1: .spec.replicas\n',
    ),
    token_case(
        "500 without a reason",
        "no-reason",
        error="no reason",
        message="Error from server: etcd has no leader\n",
    ),
    token_case(
        "502 in plain text",
        "bad-gateway",
        error="internal error",
        message='Error from server (InternalError): an error on the server ("upstream is gone") has prevented the'
        " request from succeeding (",
    ),
    token_case(
        "418 in plain text",
        "teapot",
        error="no reason",
        message="Error from server: the server responded with the status code 418 but did not return more"
        " information (",
    ),
    Case(
        "an answer that comes too late",
        user={"token": "s3cr3t-late"},
        flags=("--request-timeout", "1s"),
        error="too late",
        # Where kubectl's two clocks end at one time, either may be told.
        message="Unable to connect to the server: ",
    ),
    token_case("a warning of the server", "warned", expected={"warnings": ['Warning: this is "deprecated"']}),
    token_case("--warnings-as-errors", "warned", flags=("--warnings-as-errors",), error="one warning"),
    token_case(
        "--warnings-as-errors and two warnings, one of them twice",
        "warned-twice",
        flags=("--warnings-as-errors",),
        error="warnings",
    ),
    token_case("--warnings-as-errors without a warning", "tok", flags=("--warnings-as-errors",)),
    token_case(
        "--warnings-as-errors and another error", "forbidden", flags=("--warnings-as-errors",), error="forbidden"
    ),
    Case(
        "two faults of one kubeconfig are both told",
        user={"client-certificate": "/nowhere", "as-groups": ["g"]},
        error="nobody to act as",
    ),
]
