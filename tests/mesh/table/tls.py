"""TLS to the service: modes, names, certificates."""

from scenario import PAY, Call, Change, Scenario, host
from views import BLOCKED


def secret(name, *files):
    """Creates a Secret from files of the sandbox's directory."""
    return Change(
        ("create", "secret", "generic", name, "-n", "{namespace}", *(f"--from-file={file}" for file in files))
    )


PRIVATE_CA = secret("private-ca", "ca.crt={directory}/private-ca.crt")
CLIENT_CERTIFICATE = Change(("client-certificate", "one"))
OTHER_CLIENT_CERTIFICATE = Change(("client-certificate", "two"))

TLS = [
    Scenario(
        "simple",
        "the gateway originates TLS: SNI, Host, method and path arrive, from the gateway's pod, and its log has the caller",
        ("--host", host("good.test")),
        (
            Call(
                "http://{name}.good.test",
                log={"code": "200", "method": "GET", "authority": "{name}.good.test"},
                arrives={"sni": "{name}.good.test", "host": "{name}.good.test", "method": "GET", "port": "443"},
            ),
            Call("http://{name}.good.test", caller="pay", peer=PAY),
            Call("http://{name}.good.test", options=("-X", "PUT", "--data", "x"), arrives={"method": "PUT"}),
            Call("http://other-{name}.good.test", answer=BLOCKED, peer=None, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "none",
        "without TLS the request leaves in plain HTTP on port 80",
        ("--host", host("plain.test"), "--tls", "none"),
        (Call("http://{name}.plain.test", arrives={"port": "80", "sni": "", "host": "{name}.plain.test"}),),
    ),
    Scenario(
        "port",
        "another port of the service: callers use 80, and the gateway connects to it",
        ("--host", host("good.test"), "--port", "8443"),
        (Call("http://{name}.good.test", arrives={"port": "8443", "sni": "{name}.good.test"}),),
    ),
    Scenario(
        "passthrough",
        "callers originate TLS: the gateway routes by SNI and sees no request",
        ("--host", host("good.test"), "--tls", "passthrough"),
        (
            Call(
                "https://{name}.good.test",
                log={"sni": ".*{name}.good.test.*"},
                arrives={"sni": "{name}.good.test", "port": "443"},
            ),
            Call("https://other-{name}.good.test", answer=BLOCKED, peer=None, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "passthrough-port",
        "passthrough on another port",
        ("--host", host("good.test"), "--tls", "passthrough", "--port", "8443"),
        (Call("https://{name}.good.test:8443", arrives={"sni": "{name}.good.test", "port": "8443"}),),
    ),
    Scenario(
        "database-tls",
        "TLS on the port of a database passes through by SNI",
        ("--host", host("good.test"), "--tls", "passthrough", "--port", "3306"),
        (Call("https://{name}.good.test:3306", arrives={"sni": "{name}.good.test", "port": "3306"}),),
    ),
    Scenario(
        "sni",
        "another SNI is sent, and the certificate is verified for the name that is accepted",
        ("--host", host("good.test"), "--sni", "sni-{name}.good.test", "--upstream-san", "sni-{name}.good.test"),
        (Call("http://{name}.good.test", arrives={"sni": "sni-{name}.good.test", "host": "{name}.good.test"}),),
    ),
    Scenario(
        "expired",
        "an expired certificate is refused: the caller gets 503, and nothing but a handshake arrives",
        ("--host", host("expired.test")),
        (
            Call(
                "http://{name}.expired.test",
                answer=503,
                log={"failure": ".*(?i:certificate).*"},
                arrives=None,
                error="certificate",
            ),
        ),
        fast=True,
    ),
    Scenario(
        "other-name",
        "a certificate for another name is refused",
        ("--host", host("othername.test")),
        (
            Call(
                "http://{name}.othername.test",
                answer=503,
                log={"failure": ".*(?i:certificate).*"},
                arrives=None,
                error="certificate",
            ),
        ),
    ),
    Scenario(
        "other-name-accepted",
        "a certificate for another name is accepted if that name is given",
        ("--host", host("othername.test"), "--upstream-san", "another.test"),
        (Call("http://{name}.othername.test", arrives={"sni": "{name}.othername.test"}),),
    ),
    Scenario(
        "unknown-ca",
        "a certificate of an unknown CA is refused",
        ("--host", host("private.test")),
        (
            Call(
                "http://{name}.private.test",
                answer=503,
                log={"failure": ".*(?i:certificate).*"},
                arrives=None,
                error="unknown certificate authority",
            ),
        ),
    ),
    Scenario(
        "private-ca",
        "a private CA from a Secret is trusted",
        ("--host", host("private.test"), "--upstream-ca", "private-ca"),
        (Call("http://{name}.private.test", arrives={"sni": "{name}.private.test"}),),
        before=(PRIVATE_CA,),
        fast=True,
    ),
    Scenario(
        "no-verification",
        "without verification any certificate is accepted",
        ("--host", host("private.test"), "--insecure-skip-upstream-verify"),
        (Call("http://{name}.private.test", arrives={"sni": "{name}.private.test"}),),
    ),
    Scenario(
        "mutual",
        "mutual TLS: the client certificate of the Secret arrives, and after a change of the Secret the new one",
        ("--host", host("mutual.test"), "--tls", "mutual", "--client-credential", "client"),
        (
            Call("http://{name}.mutual.test", arrives={"clientCertificate": "CN=one", "sni": "{name}.mutual.test"}),
            OTHER_CLIENT_CERTIFICATE,
            Call("http://{name}.mutual.test", arrives={"clientCertificate": "CN=two"}),
        ),
        before=(CLIENT_CERTIFICATE,),
        fast=True,
    ),
    Scenario(
        "no-client-certificate",
        "a service that asks for a client certificate gets none without mutual TLS, and refuses",
        ("--host", host("mutual.test")),
        (Call("http://{name}.mutual.test", answer=503, arrives=None, error="certificate"),),
    ),
]
