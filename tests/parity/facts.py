"""What of the requests is compared: as whom, to where, by which way. Not how many there were, nor for what."""

import collections
import re
import urllib.parse

LIST = re.compile(r"^(?P<prefix>.*)/api/v1(/namespaces/(?P<namespace>[^/]+))?/configmaps$")


def host_of(request):
    return re.sub(r":\d+$", "", request.header("host"))


def impersonation(request):
    headers = [(name.lower(), value) for name, value in request.headers if name.lower().startswith("impersonate-")]
    return [f"{name.removeprefix('impersonate-')}: {value}" for name, value in sorted(headers)]


def proxy(request):
    if request.proxy is None:
        return ""
    tunnel = request.proxy
    return " ".join(part for part in (tunnel.kind, tunnel.host, tunnel.login, tunnel.certificate) if part)


def agent(request):
    """The form of the User-Agent: program, version and commit are each program's own."""
    pattern = r"\S+/v\d+\.\d+\.\d+ \((\w+/\w+)\) kubernetes/([0-9a-f]{7}|unknown)"
    match = re.fullmatch(pattern, request.header("user-agent"))
    return f"PROGRAM/VERSION ({match[1]}) kubernetes/COMMIT" if match else request.header("user-agent")


def command(request):
    """Whose command it is, and whether it is named; "" where nothing is said."""
    return re.sub(r"^kubectl( [a-z]+)+$", "kubectl COMMAND", request.header("kubectl-command"))


def session(request):
    """The form of the session's name."""
    version_4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    return re.sub(f"^{version_4}$", "UUID", request.header("kubectl-session"))


def seconds(duration):
    """A Go duration in whole seconds: 1m30s and 90s mean the same. 0 is none."""
    parts = re.findall(r"(\d+)([hms])", duration)
    return sum(int(count) * {"h": 3600, "m": 60, "s": 1}[unit] for count, unit in parts)


def warnings(stderr):
    """What the user is warned of: by the server, and of a kubeconfig that does not need it nobody."""
    return [line for line in stderr.splitlines() if re.match(r"warning\b", line, re.IGNORECASE)]


def request_facts(request):
    """The facts of one request; nothing where it is not for a list of ConfigMaps, which both programs ask for.
    "" is none: of the namespace, all of them."""
    url = urllib.parse.urlsplit(request.target)
    path = LIST.match(url.path)
    if not path:
        return None
    return {
        "scheme": request.scheme,
        "prefix": path["prefix"],
        "namespace": path["namespace"] or "",
        "method": request.method,
        "host": host_of(request),  # without the port, which differs from run to run
        "sni": request.sni,
        "certificate": request.certificate,
        "authorization": request.header("authorization"),
        "impersonate": impersonation(request),
        "agent": agent(request),
        "command": command(request),
        "session": session(request),
        "compression": "gzip" in request.header("accept-encoding"),
        "timeout": seconds("".join(urllib.parse.parse_qs(url.query).get("timeout", []))),
        "proxy": proxy(request),
    }


def facts(requests, plugin_runs, stderr):
    """The facts of a whole run; where its requests differ among each other, all that they say."""
    values_by_fact = collections.defaultdict(list)
    for request in requests:
        for name, value in (request_facts(request) or {}).items():
            if value not in values_by_fact[name]:
                values_by_fact[name].append(value)
    if not values_by_fact:
        return {}
    merged = {name: values[0] if len(values) == 1 else values for name, values in values_by_fact.items()}
    # Also over requests for something else.
    sessions = {request.header("kubectl-session") for request in requests}
    distinct_runs = [run for index, run in enumerate(plugin_runs) if run not in plugin_runs[:index]]
    plugin_ran_again = len(plugin_runs) > 1
    return {
        **merged,
        "sessions": len(sessions - {""}),
        "plugin": distinct_runs,
        "plugin asked again": plugin_ran_again,
        "warnings": warnings(stderr),
    }
