"""The fields of clusters, and the certificates in them."""

from case import Case, base64_of

CERT_KEY = {"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"}


KEY = "-----BEGIN PRIVATE KEY-----\ns3cr3ts3cr3t\n-----END PRIVATE KEY-----\n"
INLINE_VALUE = {
    "error": "file missing",
    "deviation": "data that was pasted in place of a file name is reported and not shown",
    "tool_outcome": "the thing itself",
}


def ca_data(name, data, **outcome):
    return Case(name, cluster={"certificate-authority": None, "certificate-authority-data": data}, **outcome)


def ca(name, path, **outcome):
    return Case(name, cluster={"certificate-authority": path}, **outcome)


CASES = [
    ca_data("CA data", "${ca-crt-data}"),
    Case(
        "CA data and CA file together",
        cluster={"certificate-authority-data": "${ca-crt-data}"},
        error="both specified",
    ),
    ca_data("empty CA data are none", "", error="unknown authority"),
    Case("ca-data-wrapped: over several lines", file="ca-data-wrapped.yaml"),
    Case("ca-data-crlf: over several lines that end with CR and LF", file="ca-data-crlf.yaml"),
    Case("ca-data-bad-alphabet", file="ca-data-bad-alphabet.yaml", error="base64"),
    Case("ca-data-url-safe: in the other alphabet", file="ca-data-url-safe.yaml", error="base64"),
    Case("ca-data-unpadded: without its padding", file="ca-data-unpadded.yaml", error="base64"),
    Case("ca-data-folded: with spaces", file="ca-data-folded.yaml", error="base64"),
    ca_data("CA data that are no PEM", base64_of("no certificate"), error="no certificates in CA"),
    Case("ca-not-pem", file="ca-not-pem.yaml", error="no certificates in CA"),
    ca(
        "an empty CA file trusts nobody",
        "${pki}/empty",
        error="unknown authority",
        deviation="the file is what is wrong, and named, not the server's certificate",
        tool_outcome="no certificates in CA",
    ),
    ca("a CA file that is a key", "${pki}/alice.key", error="no certificates in CA"),
    Case("ca-folder", file="ca-folder.yaml", error="is a folder"),
    Case("ca-missing", file="ca-missing.yaml", error="file missing"),
    Case("ca-bundle: with other things in it", file="ca-bundle.yaml"),
    Case(
        "insecure with a CA in the kubeconfig",
        cluster={"insecure-skip-tls-verify": True},
        error="CA and insecure",
    ),
    Case(
        "insecure in the kubeconfig",
        cluster={"insecure-skip-tls-verify": True, "certificate-authority": None, "server": "${other-name}"},
    ),
    Case(
        "disable-compression",
        cluster={"disable-compression": True},
        expected={"compression": False},
    ),
    Case("compression is asked for", expected={"compression": True}),
    Case("tls-server-name is a text", cluster={"tls-server-name": 5}, error="not a text"),
    Case(
        "insecure-skip-tls-verify is a boolean",
        cluster={"insecure-skip-tls-verify": "x"},
        error="not a boolean",
    ),
    Case(
        "client certificate and key as files",
        user=CERT_KEY,
        expected={"certificate": "alice", "authorization": ""},
    ),
    Case(
        "client certificate and key as data",
        user={"client-certificate-data": "${alice-crt-data}", "client-key-data": "${alice-key-data}"},
        expected={"certificate": "alice"},
    ),
    Case(
        "client certificate as a file, its key as data",
        user={"client-certificate": "${pki}/alice.crt", "client-key-data": "${alice-key-data}"},
        expected={"certificate": "alice"},
    ),
    Case(
        "client certificate without a key",
        user={"client-certificate": "${pki}/alice.crt"},
        error="key missing",
    ),
    Case(
        "client certificate in both forms",
        user={**CERT_KEY, "client-certificate-data": "${alice-crt-data}"},
        error="both specified",
    ),
    Case(
        "client key in both forms",
        user={**CERT_KEY, "client-key-data": "${alice-key-data}"},
        error="both specified",
    ),
    Case(
        "client key without a certificate is ignored",
        user={"client-key": "${pki}/alice.key", "token": "s3cr3t-t"},
        expected={"authorization": "Bearer s3cr3t-t", "certificate": ""},
    ),
    Case("key-mismatch: client certificate with another's key", file="key-mismatch.yaml", error="key mismatch"),
    Case(
        "certificate-not-pem: client certificate",
        file="certificate-not-pem.yaml",
        error="client certificate unreadable",
    ),
    Case("key-not-pem: client key", file="key-not-pem.yaml", error="client certificate unreadable"),
    Case(
        "client certificate data that are no base64",
        user={"client-certificate-data": "%%%", "client-key-data": "${alice-key-data}"},
        error="base64",
    ),
    Case(
        "client certificate that is missing",
        user={**CERT_KEY, "client-certificate": "${pki}/nowhere"},
        error="file missing",
    ),
    Case("client key that is a key, and no file", user={**CERT_KEY, "client-key": KEY}, **INLINE_VALUE),
    Case(
        "client key that is a key in base64, and no file",
        user={**CERT_KEY, "client-key": base64_of(KEY)},
        **INLINE_VALUE,
    ),
    Case(
        "CA file that is a certificate, and no file",
        cluster={"certificate-authority": "${ca-crt}"},
        **INLINE_VALUE,
    ),
    Case("client key that is missing", user={**CERT_KEY, "client-key": "${pki}/nowhere"}, error="file missing"),
    Case(
        "what is wrong with another cluster does not matter",
        top={
            "clusters": [
                {"name": "broken", "cluster": {"server": "nonsense", "certificate-authority": "/nowhere"}},
                {"name": "c", "cluster": {"server": "${server}", "certificate-authority": "${pki}/ca.crt"}},
            ]
        },
    ),
    Case(
        "but what cannot be decoded in another cluster does",
        top={
            "clusters": [
                {"name": "c", "cluster": {"server": "${server}", "certificate-authority": "${pki}/ca.crt"}},
                {"name": "broken", "cluster": {"certificate-authority-data": "%%%"}},
            ]
        },
        error="base64",
    ),
    Case(
        "and what is of a wrong type in another user does",
        top={"users": [{"name": "u", "user": {"token": "s3cr3t-t"}}, {"name": "v", "user": {"token": 5}}]},
        error="not a text",
    ),
]
