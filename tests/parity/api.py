"""What an API server with nothing on it answers. The bearer token can ask for another answer."""

import json
import re
import time
import urllib.parse

JSON = [("Content-Type", "application/json")]
# Every token is a secret, and what is behind that asks for an answer.
BEARER = "Bearer s3cr3t-"
GROUPS = ["apps", "networking.istio.io", "security.istio.io", "autoscaling", "policy", "apiextensions.k8s.io"]


def text_of(value):
    return json.dumps(value).encode()


def failed(status, reason, message, headers=()):
    body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    return status, JSON + list(headers), text_of({**body, "reason": reason, "code": status})


def html(status):
    return status, [("Content-Type", "text/html")], b"<html><body>Please log in</body></html>"


def invalid(*fields):
    causes = [{"reason": "FieldValueRequired", "field": field, "message": "Required value"} for field in fields]
    status, headers, text = failed(422, "Invalid", 'Gateway.networking.istio.io "x" is invalid')
    details = {"group": "networking.istio.io", "kind": "Gateway", "name": "x", "causes": causes}
    return status, headers, text_of({**json.loads(text), "details": details})


def late(seconds):
    time.sleep(seconds)
    return failed(504, "Timeout", "too late")


WARNING = ("Warning", '299 - "this is \\"deprecated\\"", 199 - "of no interest"')

WARNINGS = [("Warning", f'299 - "{text}"') for text in ("one", "two", "one")]

# By the token: how a server, or what stands in front of it, may answer.
ANSWERS = {
    "warned": lambda: (200, JSON + [WARNING], text_of(found("/api/v1/configmaps"))),
    "warned-twice": lambda: (200, JSON + WARNINGS, text_of(found("/api/v1/configmaps"))),
    "unauthorized": lambda: failed(401, "Unauthorized", "Unauthorized"),
    "forbidden": lambda: failed(403, "Forbidden", 'configmaps is forbidden: User "u" cannot list configmaps'),
    "unavailable": lambda: (503, [("Content-Type", "text/plain")], b"upstream is gone"),
    "gateway-timeout": lambda: (504, [("Content-Type", "text/plain")], b""),
    "login-page": lambda: html(200),
    "firewall": lambda: html(403),
    "echoed-s3cr3t": lambda: (
        403,
        [("Content-Type", "text/plain")],
        b"refused: GET /api/v1/configmaps\nAuthorization: Bearer echoed-s3cr3t\nCookie: session=s3cr3t\n",
    ),
    "internal-error": lambda: failed(500, "InternalError", "etcd has no leader"),
    "invalid": lambda: invalid("spec.servers"),
    "invalid-twice": lambda: invalid("spec.servers", "spec.selector", "spec.servers"),
    "denied": lambda: failed(
        400, "BadRequest", 'admission webhook "validation.istio.io" denied the request: no host'
    ),
    "apply-conflict": lambda: failed(
        409, "Conflict", 'Apply failed with 1 conflict: conflict with "helm" using apps/v1: .spec.replicas'
    ),
    "conflict": lambda: (409, [("Content-Type", "text/plain")], b"no"),
    "no-reason": lambda: failed(500, "", "etcd has no leader"),
    "teapot": lambda: (418, [("Content-Type", "text/plain")], b"short and stout"),
    "bad-gateway": lambda: (502, [("Content-Type", "text/plain")], b"  upstream is gone\n"),
    "late": lambda: late(3),
}

# And of whom that is said the first two times only.
AGAIN = [("Retry-After", "0")]
AT_FIRST = {
    "busy": lambda: failed(429, "TooManyRequests", "slow down", AGAIN),
    "overloaded": lambda: (503, [("Content-Type", "text/plain"), *AGAIN], b"overloaded"),
    "busy-without-time": lambda: failed(429, "TooManyRequests", "slow down"),
}


# Tokens that give way to another in their file when they first arrive (recorder.py); the first is good for nothing.
ROTATED = ("good-before", "good-still")

# Where a look at the ConfigMaps is sent on to: the same server, or one of another name.
REDIRECTS = {
    "redirected": lambda port: "",
    "redirected-absolutely": lambda port: f"https://127.0.0.1:{port}",
    "redirected-away": lambda port: f"https://localhost:{port}",
}


def resource(name, kind, namespaced=True):
    verbs = ["create", "delete", "get", "list", "patch", "update", "watch"]
    return {
        "name": name,
        "singularName": kind.lower(),
        "namespaced": namespaced,
        "kind": kind,
        "verbs": verbs,
    }


CORE = [
    resource("configmaps", "ConfigMap"),
    resource("namespaces", "Namespace", False),
    resource("pods", "Pod"),
    resource("secrets", "Secret"),
    resource("services", "Service"),
]


def group(name):
    version = {"groupVersion": f"{name}/v1", "version": "v1"}
    return {"name": name, "versions": [version], "preferredVersion": version}


def found(path):
    """The body for a path below the server's prefix; nothing where there is no such thing."""
    if path == "/version":
        return {"major": "1", "minor": "36", "gitVersion": "v1.36.0"}
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group(name) for name in GROUPS]}
    if path == "/api/v1":
        return {"kind": "APIResourceList", "groupVersion": "v1", "resources": CORE}
    if re.fullmatch(r"/apis/[^/]+/v1", path):
        return {"kind": "APIResourceList", "groupVersion": path.removeprefix("/apis/"), "resources": []}
    if re.fullmatch(r"(/api/v1|/apis/[^/]+/[^/]+)(/namespaces/[^/]+)?/[a-z]+", path):
        return {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []}
    return None


def below_prefix(target):
    """The path from /api, /apis or /version on, without the query."""
    path = urllib.parse.urlsplit(target).path
    at = re.search(r"/(apis?|version)(/|$)", path)
    return path[at.start() :] if at else path


def answer(arrival, before):
    """Status, headers and body; `before` counts the requests for the same that came before."""
    path = below_prefix(arrival.target)
    token = arrival.header("authorization").removeprefix(BEARER)
    if token == ROTATED[0]:
        return failed(401, "Unauthorized", "Unauthorized")
    if path.endswith("/configmaps") and token in REDIRECTS and not arrival.target.startswith("/moved"):
        return 307, [("Location", REDIRECTS[token](arrival.port) + "/moved" + arrival.target)], b""
    # What is served, kubectl has to find out all the same.
    if path.endswith("/configmaps") and token in ANSWERS:
        return ANSWERS[token]()
    if path.endswith("/configmaps") and token in AT_FIRST and before < 2:
        return AT_FIRST[token]()
    body = found(path)
    if body is None:
        return failed(404, "NotFound", "the server could not find the requested resource")
    return 200, JSON, text_of(body)
