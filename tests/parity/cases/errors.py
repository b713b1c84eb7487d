"""What is said when the server, or what stands before it, answers badly. By its token a user gets such an answer.

One text of kubectl's is in no case: "Missing or incomplete configuration info.  Please point to an existing, complete
config file". It is for a configuration that names no server at all, and kubectl's always does: where nothing else
names one, http://localhost:8080 or what KUBERNETES_MASTER says is the default (cli-runtime, config_flags.go:
ClusterDefaults). What it says then is in files.py ("without HOME there is no file") and server.py ("an empty server").
"""

from case import Case


def answered(name, token, **outcome):
    return Case(name, user={"token": f"s3cr3t-{token}"}, **outcome)


CASES = [
    answered("401", "unauthorized", fails="unauthorized"),
    answered("403", "forbidden", fails="forbidden"),
    answered("403 of a firewall", "firewall", fails="forbidden"),
    answered("403 of what sends back what it was sent", "echoed-s3cr3t", fails="forbidden"),
    answered("500", "internal-error", fails="internal error"),
    answered("503 in plain text", "unavailable", fails="unavailable"),
    answered("504 without a body", "gateway-timeout", fails="timed out"),
    answered("a login page", "login-page", fails="html"),
    answered(
        "422 with one cause",
        "invalid",
        raw=True,
        fails="invalid",
        says='The Gateway "x" is invalid: spec.servers: Required value\n',
    ),
    answered(
        "422 with several causes",
        "invalid-twice",
        raw=True,
        fails="invalid",
        says='The Gateway "x" is invalid: \n* spec.servers: Required value\n* spec.selector: Required value\n',
    ),
    answered(
        "400 of a webhook",
        "denied",
        raw=True,
        fails="denied",
        says="Error from server (BadRequest): admission webhook"
        ' "validation.istio.io" denied the request: no host\n',
    ),
    answered(
        "409 in plain text",
        "conflict",
        fails="conflict",
        says="Error from server (Conflict): the server reported a conflict (",
    ),
    answered(
        "a conflict of server-side apply",
        "apply-conflict",
        raw=True,
        fails="conflict of fields",
        says='Apply failed with 1 conflict: conflict with "helm" using apps/v1: .spec.replicas\n',
    ),
    answered(
        "500 without a reason",
        "no-reason",
        fails="no reason",
        says="Error from server: etcd has no leader\n",
    ),
    answered(
        "502 in plain text",
        "bad-gateway",
        fails="internal error",
        says='Error from server (InternalError): an error on the server ("upstream is gone") has prevented the'
        " request from succeeding (",
    ),
    answered(
        "418 in plain text",
        "teapot",
        fails="no reason",
        says="Error from server: the server responded with the status code 418 but did not return more"
        " information (",
    ),
    Case(
        "an answer that comes too late",
        user={"token": "s3cr3t-late"},
        flags=("--request-timeout", "1s"),
        fails="too late",
        # Where kubectl's two clocks end at one time, either may be told.
        says="Unable to connect to the server: ",
    ),
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
