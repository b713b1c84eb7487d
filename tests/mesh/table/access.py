"""Who may use a gateway."""

from scenario import PAY, Call, Scenario, host
from views import BLOCKED

IN_CLUSTER = "http://{name}-egress.{namespace}.svc.cluster.local"

ACCESS = [
    Scenario(
        "allow",
        "only the allowed namespace may use the gateway; others get 403, and nothing arrives outside",
        ("--host", host("good.test"), "--allow", "shop"),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", caller="pay", answer=403, peer=PAY, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "allow-account",
        "only the allowed service account may use the gateway",
        ("--host", host("good.test"), "--allow", "pay/web", "--allow", "shop/another"),
        (
            Call("http://{name}.good.test", caller="pay", peer=PAY),
            Call("http://{name}.good.test", answer=403, arrives=None),
        ),
    ),
    Scenario(
        "allow-passthrough",
        "the allow-list holds for passthrough: no byte of a caller that is not allowed arrives outside",
        ("--host", host("good.test"), "--tls", "passthrough", "--allow", "shop"),
        (
            Call("https://{name}.good.test"),
            Call("https://{name}.good.test", caller="pay", answer=BLOCKED, peer=PAY, arrives=None, connects=True),
        ),
    ),
    Scenario(
        "allow-passthrough-early",
        "for a passthrough caller that is not allowed the gateway does not even connect",
        ("--host", host("good.test"), "--tls", "passthrough", "--allow", "shop"),
        (
            Call("https://{name}.good.test"),
            Call("https://{name}.good.test", caller="pay", answer=BLOCKED, peer=PAY, arrives=None),
        ),
        known_fault="the gateway connects before it decides",
        known_error="outside: expected nothing, got .*'(connection|error)'",
    ),
    Scenario(
        "allow-tcp",
        "the allow-list holds for TCP whose client speaks first: no byte of a caller that is not allowed arrives outside",
        (
            "--host",
            host("good.test"),
            "--protocol",
            "tcp",
            "--tls",
            "none",
            "--port",
            "9000",
            "--address",
            "198.51.100.4",
            "--allow",
            "shop",
        ),
        (
            Call("tcp://198.51.100.4:9000", answer="{name}-\\d+"),
            Call("tcp://198.51.100.4:9000", caller="pay", answer="", peer=PAY, arrives=None, connects=True),
        ),
    ),
    Scenario(
        "allow-tcp-server-first",
        "the allow-list holds for TCP whose server speaks first: a caller that is not allowed gets no byte of it",
        (
            "--host",
            host("good.test"),
            "--protocol",
            "tcp",
            "--tls",
            "none",
            "--port",
            "9001",
            "--address",
            "198.51.100.3",
            "--allow",
            "shop",
        ),
        (
            Call("greeting://198.51.100.3:9001", answer="220 ready"),
            Call("greeting://198.51.100.3:9001", caller="pay", answer="", peer=PAY, arrives=None),
        ),
        known_fault="the gateway connects and passes the server's greeting on before it decides",
        known_error="outside: expected nothing, got .*'connection'|the caller's answer: expected , got 0 +220 ready",
    ),
    Scenario(
        "export-to",
        "only the namespaces that the routes are exported to reach the gateway",
        ("--host", host("good.test"), "--export-to", "shop"),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", caller="pay", answer=BLOCKED, peer=None, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "plaintext",
        "plaintext between callers and the gateway: the request passes, without an identity",
        ("--host", host("good.test"), "--mesh-tls", "plaintext"),
        (Call("http://{name}.good.test", peer=""),),
    ),
    Scenario(
        "network-policy",
        "with a NetworkPolicy other callers cannot even connect: pods without a sidecar, and those of other namespaces",
        ("--host", host("good.test"), "--allow", "shop", "--network-policy"),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", caller="pay", answer=BLOCKED, peer=None, arrives=None),
            Call(IN_CLUSTER, caller="plain", answer=BLOCKED, exit_code=28, peer=None, arrives=None),
        ),
    ),
    Scenario(
        "no-sidecar",
        "a pod without a sidecar is refused by the mesh's TLS",
        ("--host", host("good.test")),
        (
            Call("http://{name}.good.test"),
            Call(
                IN_CLUSTER,
                caller="plain",
                answer=BLOCKED,
                exit_code=56,
                peer="",
                log={"details": "filter_chain_not_found"},
                arrives=None,
            ),
        ),
    ),
]
