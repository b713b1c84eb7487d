#!/usr/bin/env python3
"""network_policy.py DIR SERVER: enforces NetworkPolicies (networking.k8s.io/v1) in this network namespace with nftables.

Traffic between pods passes the forward hook, and traffic from pods to the node the input hook, both after kube-proxy has
replaced a Service's address. Traffic from the node to its pods (probes) passes neither, and is allowed, as Kubernetes
requires. Debian has no CNI plugin that enforces them.
"""

import subprocess
import sys
import threading
import time

from watch import Watch

KINDS = ("/api/v1/pods", "/api/v1/namespaces", "/apis/networking.k8s.io/v1/networkpolicies")
TABLE = "network_policies"
# For each direction: the address of the peer, and the field that lists peers.
DIRECTIONS = {"Ingress": ("saddr", "from"), "Egress": ("daddr", "to")}


def selects(selector, labels):
    """Whether a label selector matches labels. A missing selector matches nothing, an empty one everything."""
    if selector is None:
        return False
    if any(labels.get(name) != value for name, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(matches(expression, labels) for expression in selector.get("matchExpressions") or [])


def matches(expression, labels):
    name, values = expression["key"], expression.get("values") or []
    return {
        "In": labels.get(name) in values,
        "NotIn": labels.get(name) not in values,
        "Exists": name in labels,
        "DoesNotExist": name not in labels,
    }[expression["operator"]]


def labels_of(object_):
    return object_["metadata"].get("labels") or {}


class Ruleset:
    """The nftables rules for the pods, namespaces and policies of one moment."""

    def __init__(self, pods, namespaces, policies):
        self.namespaces = namespaces
        self.policies = policies.values()
        self.pods = [pod for pod in pods.values() if is_running(pod)]

    def text(self):
        chains = []
        jumps = {direction: [] for direction in DIRECTIONS}
        for number, pod in enumerate(self.pods):
            for direction in DIRECTIONS:
                policies = [policy for policy in self.policies if applies(policy, pod, direction)]
                if policies:
                    name = f"{direction.lower()}_{number}"
                    chains += [f"chain {name} {{", *self.rules(policies, direction, pod), "counter drop", "}"]
                    jumps[direction].append(f"{pod['status']['podIP']} : jump {name}")
        return "\n".join(
            [f"table ip {TABLE}", f"delete table ip {TABLE}", f"table ip {TABLE} {{", *chains, *hooks(jumps), "}", ""]
        )

    def rules(self, policies, direction, pod):
        """One rule for each peer and port that a policy allows."""
        address, field = DIRECTIONS[direction]
        receivers = [pod] if direction == "Ingress" else self.pods
        for policy in policies:
            for rule in policy["spec"].get(direction.lower()) or []:
                peers = [self.peer(peer, policy, address) for peer in rule.get(field) or []]
                for peer in peers if rule.get(field) else [""]:
                    for port in ports(rule, receivers):
                        if peer is not None:
                            yield f"{peer} {port} return"

    def peer(self, peer, policy, address):
        """The match for a peer; None if it selects no pod."""
        if "ipBlock" in peer:
            excluded = peer["ipBlock"].get("except") or []
            without = f" ip {address} != {{ {', '.join(excluded)} }}" if excluded else ""
            return f"ip {address} {peer['ipBlock']['cidr']}{without}"
        pod_ips = [pod["status"]["podIP"] for pod in self.pods if self.is_peer(pod, peer, policy)]
        return f"ip {address} {{ {', '.join(pod_ips)} }}" if pod_ips else None

    def is_peer(self, pod, peer, policy):
        namespace = pod["metadata"]["namespace"]
        if "namespaceSelector" not in peer:
            in_namespace = namespace == policy["metadata"]["namespace"]
        else:
            in_namespace = selects(peer["namespaceSelector"], labels_of(self.namespaces[None, namespace]))
        return in_namespace and selects(peer.get("podSelector", {}), labels_of(pod))


def is_running(pod):
    return (
        pod["status"].get("podIP")
        and not pod["spec"].get("hostNetwork")
        and pod["status"]["phase"] not in ("Succeeded", "Failed")
    )


def applies(policy, pod, direction):
    return (
        policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
        and direction in policy["spec"]["policyTypes"]
        and selects(policy["spec"].get("podSelector") or {}, labels_of(pod))
    )


def ports(rule, receivers):
    """The nftables matches for the ports of a rule; an empty match if the rule names no port."""
    if not rule.get("ports"):
        return [""]
    port_matches = []
    for port in rule["ports"]:
        protocol = port.get("protocol", "TCP").lower()
        if "port" not in port:
            port_matches.append(f"meta l4proto {protocol}")
        elif "endPort" in port:
            port_matches.append(f"{protocol} dport {port['port']}-{port['endPort']}")
        else:
            port_matches += [f"{protocol} dport {number}" for number in port_numbers(port["port"], receivers)]
    return port_matches


def port_numbers(port, receivers):
    """The port number, or the numbers of all container ports with that name."""
    if isinstance(port, int):
        return {port}
    containers = [container for pod in receivers for container in pod["spec"]["containers"]]
    container_ports = [port_ for container in containers for port_ in container.get("ports") or []]
    return {port_["containerPort"] for port_ in container_ports if port_.get("name") == port}


def hooks(jumps):
    maps = {
        direction: f"ip {'daddr' if direction == 'Ingress' else 'saddr'} vmap {{ {', '.join(rules)} }}" if rules else ""
        for direction, rules in jumps.items()
    }
    accept_replies = "ct state established,related accept"
    yield from ("chain forward {", "type filter hook forward priority 10; policy accept;", accept_replies)
    yield from (maps["Egress"], maps["Ingress"], "}")
    yield from (
        "chain input {",
        "type filter hook input priority 10; policy accept;",
        accept_replies,
        maps["Egress"],
        "}",
    )


def main():
    directory, server = sys.argv[1:]
    changed = threading.Event()
    watches = [Watch(directory, server, path, changed.set) for path in KINDS]
    applied = None
    while True:
        changed.wait()
        changed.clear()
        try:
            rules = Ruleset(*(dict(watch.objects) for watch in watches)).text()
        except KeyError:  # a pod of a namespace that the other watch has not shown yet
            continue
        if rules != applied:
            completed = subprocess.run(["nft", "-f", "-"], input=rules, text=True, capture_output=True, check=False)
            if completed.returncode != 0:
                sys.exit(f"nft failed: {completed.stderr}{rules}")
            applied = rules
        time.sleep(0.02)


if __name__ == "__main__":
    main()
