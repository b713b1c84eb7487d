"""Whom the servers have to be, and the flags that say so."""

from case import Case

INNER = {"tls-server-name": "inner.parity.test"}

CASES = [
    Case(
        "tls-server-name is asked for and verified, Host is not",
        cluster=INNER,
        expected={"sni": "inner.parity.test", "host": "127.0.0.1"},
    ),
    Case(
        "tls-server-name that the certificate has not",
        cluster={"tls-server-name": "else.parity.test"},
        error="wrong name",
    ),
    Case(
        "tls-server-name that is another's certificate's",
        cluster={"server": "${other-name}", "tls-server-name": "other.parity.test"},
        expected={"sni": "other.parity.test"},
    ),
    Case(
        "--tls-server-name",
        flags=("--tls-server-name", "inner.parity.test"),
        expected={"sni": "inner.parity.test"},
    ),
    Case(
        "--tls-server-name beats the file's",
        cluster={"tls-server-name": "else.parity.test"},
        flags=("--tls-server-name", "inner.parity.test"),
        expected={"sni": "inner.parity.test"},
    ),
    Case(
        "--server takes the file's tls-server-name away",
        cluster={"tls-server-name": "else.parity.test"},
        flags=("--server", "${server}"),
        expected={"sni": ""},
    ),
    Case(
        "--server with --tls-server-name",
        flags=("--server", "${server}", "--tls-server-name", "inner.parity.test"),
        expected={"sni": "inner.parity.test"},
    ),
    Case(
        "an unknown authority",
        cluster={"certificate-authority": "${pki}/other-ca.crt"},
        error="unknown authority",
    ),
    Case(
        "the system's authorities where none is named",
        cluster={"certificate-authority": None},
        error="unknown authority",
    ),
    Case("a certificate for another name", cluster={"server": "${other-name}"}, error="wrong name"),
    Case("a certificate with a common name alone", cluster={"server": "${common-name}"}, error="wrong name"),
    Case(
        "a certificate with names of other kinds beside its common name",
        cluster={"server": "${uri-name}"},
        error="wrong name",
    ),
    Case(
        "a certificate for a star with one label behind it",
        cluster={"server": "${wildcard}", "tls-server-name": "api.internal"},
        expected={"sni": "api.internal"},
    ),
    Case(
        "a star stands for one label",
        cluster={"server": "${wildcard}", "tls-server-name": "a.b.internal"},
        error="wrong name",
    ),
    Case(
        "tls-server-name that is no name",
        cluster={"tls-server-name": "u@127.0.0.1:2/"},
        error="wrong name",
        deviation="an invalid name is reported before a request is sent",
        tool_outcome="no server's name",
    ),
    Case(
        "a server that demands a client certificate",
        cluster={"server": "${demanding}"},
        error="client certificate demanded",
        message="Unable to connect to the server: remote error: tls: certificate required\n",
    ),
    Case(
        "a server that demands a client certificate, and is shown one",
        cluster={"server": "${demanding}"},
        user={"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"},
        expected={"certificate": "alice"},
    ),
    Case("a server of old TLS alone", cluster={"server": "${old-tls}"}, error="TLS too old"),
    Case("a certificate of the past", cluster={"server": "${expired}"}, error="expired"),
    Case(
        "the server's own certificate as the authority",
        cluster={"certificate-authority": "${pki}/server.crt"},
    ),
    Case(
        "--certificate-authority takes the file's place",
        cluster={"certificate-authority": "${pki}/other-ca.crt"},
        flags=("--certificate-authority", "${pki}/ca.crt"),
    ),
    Case(
        "--certificate-authority takes the data's place",
        cluster={"certificate-authority": None, "certificate-authority-data": "${other-ca-crt-data}"},
        flags=("--certificate-authority", "${pki}/ca.crt"),
    ),
    Case(
        "--certificate-authority takes insecure away",
        cluster={"certificate-authority": None, "insecure-skip-tls-verify": True},
        flags=("--certificate-authority", "${pki}/other-ca.crt"),
        error="unknown authority",
    ),
    Case(
        "--certificate-authority that is missing",
        flags=("--certificate-authority", "nowhere"),
        error="file missing",
    ),
    Case(
        "--insecure-skip-tls-verify takes the CA away",
        cluster={"server": "${other-name}"},
        flags=("--insecure-skip-tls-verify",),
    ),
    Case(
        "--insecure-skip-tls-verify=true",
        cluster={"server": "${other-name}"},
        flags=("--insecure-skip-tls-verify=true",),
    ),
    Case(
        "--insecure-skip-tls-verify=false",
        cluster={"server": "${other-name}"},
        flags=("--insecure-skip-tls-verify=false",),
        error="wrong name",
    ),
    Case(
        "--insecure-skip-tls-verify=false keeps the file's insecure",
        cluster={"server": "${other-name}", "certificate-authority": None, "insecure-skip-tls-verify": True},
        flags=("--insecure-skip-tls-verify=false",),
    ),
    Case(
        "--insecure-skip-tls-verify with --certificate-authority",
        flags=("--insecure-skip-tls-verify", "--certificate-authority", "${pki}/ca.crt"),
        error="CA and insecure",
    ),
    Case(
        "insecure sends the token all the same",
        cluster={"server": "${other-name}"},
        flags=("--insecure-skip-tls-verify",),
        expected={"authorization": "Bearer s3cr3t-tok"},
    ),
    Case(
        "insecure and tls-server-name",
        cluster={"server": "${other-name}", "tls-server-name": "else.parity.test"},
        flags=("--insecure-skip-tls-verify",),
        expected={"sni": "else.parity.test"},
    ),
]
