"""What callers speak, and by which names and addresses they reach the gateway."""

from scenario import Call, Scenario, host

GRPC = (
    "--http2-prior-knowledge",
    "-H",
    "content-type: application/grpc",
    "-H",
    "te: trailers",
    "--data-binary",
    "@/etc/hostname",
)

PROTOCOLS = [
    Scenario(
        "grpc",
        "gRPC arrives as HTTP/2",
        ("--host", host("good.test"), "--protocol", "grpc"),
        (
            Call(
                "http://{name}.good.test",
                options=GRPC,
                arrives={"protocol": "HTTP/2.0", "alpn": "h2", "method": "POST", "headers": ".*application/grpc.*"},
            ),
        ),
    ),
    Scenario(
        "https",
        "callers that speak HTTPS pass through",
        ("--host", host("good.test"), "--protocol", "https"),
        (Call("https://{name}.good.test", arrives={"sni": "{name}.good.test"}),),
    ),
    Scenario(
        "tcp",
        "TCP whose client speaks first, by an address that callers dial",
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
            "198.51.100.1",
        ),
        (Call("tcp://198.51.100.1:9000", answer="{name}-\\d+", arrives={"port": "9000"}),),
        fast=True,
    ),
    Scenario(
        "tcp-server-first",
        "TCP whose server speaks first",
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
            "198.51.100.2",
        ),
        (Call("greeting://198.51.100.2:9001", answer="220 ready", arrives={"port": "9001"}),),
    ),
    Scenario(
        "alias",
        "an additional name reaches the same host",
        ("--host", host("good.test"), "--alias", "alias-{name}.good.test"),
        (
            Call("http://{name}.good.test", arrives={"sni": "{name}.good.test"}),
            Call("http://alias-{name}.good.test", arrives={"sni": "{name}.good.test"}),
        ),
    ),
    Scenario(
        "wildcard",
        "all names of a wildcard reach the host that serves it",
        ("--host", "*.{name}.good.test", "--upstream-server", "server.{name}.good.test"),
        (
            Call("http://one.{name}.good.test", arrives={"host": "one.{name}.good.test"}),
            Call("http://two.{name}.good.test", arrives={"host": "two.{name}.good.test"}),
        ),
        fast=True,
    ),
    Scenario(
        "wildcard-passthrough",
        "a wildcard passes through by SNI",
        ("--host", "*.{name}.good.test", "--tls", "passthrough", "--upstream-server", "server.{name}.good.test"),
        (Call("https://one.{name}.good.test", arrives={"sni": "one.{name}.good.test"}),),
    ),
    Scenario(
        "two-hosts",
        "two hosts of one gateway, each with its own SNI",
        ("--host", host("good.test"), "--host", "second-{name}.good.test"),
        (
            Call("http://{name}.good.test", arrives={"sni": "{name}.good.test"}),
            Call("http://second-{name}.good.test", arrives={"sni": "second-{name}.good.test"}),
        ),
    ),
]
