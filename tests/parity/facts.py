"""What of the requests is compared: as whom, to where, by which way. Not how many there were, nor for what."""

import collections
import re
import urllib.parse

LIST = re.compile(r"^(?P<prefix>.*)/api/v1(/namespaces/(?P<namespace>[^/]+))?/configmaps$")


def host_of(arrival):
    return re.sub(r":\d+$", "", arrival.header("host"))


def impersonation(arrival):
    headers = [
        (name.lower(), value) for name, value in arrival.headers if name.lower().startswith("impersonate-")
    ]
    return [f"{name.removeprefix('impersonate-')}: {value}" for name, value in sorted(headers)]


def proxy(arrival):
    if arrival.proxy is None:
        return ""
    seen = arrival.proxy
    return " ".join(part for part in (seen.kind, seen.host, seen.login, seen.certificate) if part)


def agent(arrival):
    """The form of the User-Agent: program, version and commit are each program's own."""
    form = r"\S+/v\d+\.\d+\.\d+ \((\w+/\w+)\) kubernetes/([0-9a-f]{7}|unknown)"
    found = re.fullmatch(form, arrival.header("user-agent"))
    return f"PROGRAM/VERSION ({found[1]}) kubernetes/COMMIT" if found else arrival.header("user-agent")


def command(arrival):
    """Whose command it is, and whether it is named; "" where nothing is said."""
    return re.sub(r"^kubectl( [a-z]+)+$", "kubectl COMMAND", arrival.header("kubectl-command"))


def session(arrival):
    """The form of the session's name."""
    version_4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    return re.sub(f"^{version_4}$", "UUID", arrival.header("kubectl-session"))


def seconds(duration):
    """A Go duration in whole seconds: 1m30s and 90s mean the same. 0 is none."""
    parts = re.findall(r"(\d+)([hms])", duration)
    return sum(int(count) * {"h": 3600, "m": 60, "s": 1}[unit] for count, unit in parts)


def warnings(stderr):
    """What the user is warned of: by the server, and of a kubeconfig that does not need it nobody."""
    return [line for line in stderr.splitlines() if re.match(r"warning\b", line, re.IGNORECASE)]


def facts_of(arrival):
    """The facts of one request; nothing where it is not for a list of ConfigMaps, which both programs ask for.
    "" is none: of the namespace, all of them."""
    url = urllib.parse.urlsplit(arrival.target)
    path = LIST.match(url.path)
    if not path:
        return None
    return {
        "scheme": arrival.scheme,
        "prefix": path["prefix"],
        "namespace": path["namespace"] or "",
        "method": arrival.method,
        "host": host_of(arrival),  # without the port, which differs from run to run
        "sni": arrival.sni,
        "certificate": arrival.certificate,
        "authorization": arrival.header("authorization"),
        "impersonate": impersonation(arrival),
        "agent": agent(arrival),
        "command": command(arrival),
        "session": session(arrival),
        "compression": "gzip" in arrival.header("accept-encoding"),
        "timeout": seconds("".join(urllib.parse.parse_qs(url.query).get("timeout", []))),
        "proxy": proxy(arrival),
    }


def facts(arrivals, plugin_runs, stderr):
    """The facts of a whole run; where its requests differ among each other, all that they say."""
    found = collections.defaultdict(list)
    for arrival in arrivals:
        for name, value in (facts_of(arrival) or {}).items():
            if value not in found[name]:
                found[name].append(value)
    if not found:
        return {}
    merged = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    # Also over requests for something else.
    sessions = {arrival.header("kubectl-session") for arrival in arrivals}
    distinct = [run for at, run in enumerate(plugin_runs) if run not in plugin_runs[:at]]
    again = len(plugin_runs) > 1
    return {
        **merged,
        "sessions": len(sessions - {""}),
        "plugin": distinct,
        "plugin asked again": again,
        "warnings": warnings(stderr),
    }
