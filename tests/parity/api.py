"""What an API server with nothing on it answers. The bearer token can ask for another answer."""

import json
import re
import time
import urllib.parse

JSON = [("Content-Type", "application/json")]
# Every token is a secret, and what is behind that asks for an answer.
BEARER = "Bearer s3cr3t-"
GROUPS = ["apps", "networking.istio.io", "security.istio.io", "autoscaling", "policy", "apiextensions.k8s.io"]


def json_bytes(value):
    return json.dumps(value).encode()


def status_answer(status, reason, message, headers=()):
    body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    return status, JSON + list(headers), json_bytes({**body, "reason": reason, "code": status})


def html_answer(status):
    return status, [("Content-Type", "text/html")], b"<html><body>Please log in</body></html>"


def invalid_answer(*fields):
    causes = [{"reason": "FieldValueRequired", "field": field, "message": "Required value"} for field in fields]
    status, headers, text = status_answer(422, "Invalid", 'Gateway.networking.istio.io "x" is invalid')
    details = {"group": "networking.istio.io", "kind": "Gateway", "name": "x", "causes": causes}
    return status, headers, json_bytes({**json.loads(text), "details": details})


def late_answer(seconds):
    time.sleep(seconds)
    return status_answer(504, "Timeout", "too late")


WARNING_HEADER = ("Warning", '299 - "this is \\"deprecated\\"", 199 - "of no interest"')

WARNING_HEADERS = [("Warning", f'299 - "{text}"') for text in ("one", "two", "one")]

# By token: answers of a server, or of a proxy in front of it.
ANSWERS = {
    "warned": lambda: (200, JSON + [WARNING_HEADER], json_bytes(resource_body("/api/v1/configmaps"))),
    "warned-twice": lambda: (200, JSON + WARNING_HEADERS, json_bytes(resource_body("/api/v1/configmaps"))),
    "unauthorized": lambda: status_answer(401, "Unauthorized", "Unauthorized"),
    "forbidden": lambda: status_answer(403, "Forbidden", 'configmaps is forbidden: User "u" cannot list configmaps'),
    "unavailable": lambda: (503, [("Content-Type", "text/plain")], b"upstream is gone"),
    "gateway-timeout": lambda: (504, [("Content-Type", "text/plain")], b""),
    "login-page": lambda: html_answer(200),
    "firewall": lambda: html_answer(403),
    "echoed-s3cr3t": lambda: (
        403,
        [("Content-Type", "text/plain")],
        b"refused: GET /api/v1/configmaps\nAuthorization: Bearer echoed-s3cr3t\nCookie: session=s3cr3t\n",
    ),
    "internal-error": lambda: status_answer(500, "InternalError", "etcd has no leader"),
    "invalid": lambda: invalid_answer("spec.servers"),
    "invalid-twice": lambda: invalid_answer("spec.servers", "spec.selector", "spec.servers"),
    "denied": lambda: status_answer(
        400, "BadRequest", 'admission webhook "validation.istio.io" denied the request: no host'
    ),
    "apply-conflict": lambda: status_answer(
        409, "Conflict", 'Apply failed with 1 conflict: conflict with "helm" using apps/v1: .spec.replicas'
    ),
    "conflict": lambda: (409, [("Content-Type", "text/plain")], b"no"),
    "no-reason": lambda: status_answer(500, "", "etcd has no leader"),
    "teapot": lambda: (418, [("Content-Type", "text/plain")], b"short and stout"),
    "bad-gateway": lambda: (502, [("Content-Type", "text/plain")], b"  upstream is gone\n"),
    "late": lambda: late_answer(3),
}

# And of whom that is said the first two times only.
RETRY_AFTER = [("Retry-After", "0")]
TRANSIENT_ANSWERS = {
    "busy": lambda: status_answer(429, "TooManyRequests", "slow down", RETRY_AFTER),
    "overloaded": lambda: (503, [("Content-Type", "text/plain"), *RETRY_AFTER], b"overloaded"),
    "busy-without-time": lambda: status_answer(429, "TooManyRequests", "slow down"),
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


def resource_body(path):
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


def api_path(target):
    """The path from /api, /apis or /version on, without the query."""
    path = urllib.parse.urlsplit(target).path
    match = re.search(r"/(apis?|version)(/|$)", path)
    return path[match.start() :] if match else path


def answer(request, earlier_count):
    """Status, headers and body; `before` counts the requests for the same that came before."""
    path = api_path(request.target)
    token = request.header("authorization").removeprefix(BEARER)
    if token == ROTATED[0]:
        return status_answer(401, "Unauthorized", "Unauthorized")
    if path.endswith("/configmaps") and token in REDIRECTS and not request.target.startswith("/moved"):
        return 307, [("Location", REDIRECTS[token](request.port) + "/moved" + request.target)], b""
    # What is served, kubectl has to find out all the same.
    if path.endswith("/configmaps") and token in ANSWERS:
        return ANSWERS[token]()
    if path.endswith("/configmaps") and token in TRANSIENT_ANSWERS and earlier_count < 2:
        return TRANSIENT_ANSWERS[token]()
    body = resource_body(path)
    if body is None:
        return status_answer(404, "NotFound", "the server could not find the requested resource")
    return 200, JSON, json_bytes(body)
