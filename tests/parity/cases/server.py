"""The server's URL."""

from case import Case, basic

NO_SCHEME = "a server without a scheme is refused, with the one that was meant, and not taken for http"


def server(name, url, **outcome):
    return Case(name, cluster={"server": url}, **outcome)


CASES = [
    server(
        "https and a port",
        "${server}",
        expected={"scheme": "https", "host": "127.0.0.1", "sni": "", "prefix": ""},
    ),
    server("a name", "https://localhost:${port}", expected={"host": "localhost", "sni": "localhost"}),
    server("IPv6 in brackets", "https://[::1]:${refused-port}", error="refused"),
    server("a scheme in capitals", "HTTPS://127.0.0.1:${port}", expected={"scheme": "https"}),
    server("a path is a prefix", "${server}/k8s/clusters/c-1", expected={"prefix": "/k8s/clusters/c-1"}),
    server("a path with a slash behind it", "${server}/k8s/", expected={"prefix": "/k8s"}),
    server("a slash alone is no prefix", "${server}/", expected={"prefix": ""}),
    server("a path with a query", "${server}/k8s?x=y#z", expected={"prefix": "/k8s"}),
    server("a path with two slashes", "${server}//k8s"),
    server("a path with escapes", "${server}/a%20b"),
    server(
        "a user in the URL beats the token",
        "https://me:s3cr3t@127.0.0.1:${port}",
        expected={"authorization": basic("me", "s3cr3t")},
    ),
    Case(
        "a user in the URL, and a client certificate",
        cluster={"server": "https://me:s3cr3t@127.0.0.1:${port}"},
        user={"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"},
        expected={"authorization": basic("me", "s3cr3t"), "certificate": "alice"},
    ),
    server("http sends no token", "${plain}", expected={"scheme": "http", "authorization": ""}),
    Case(
        "http sends no password",
        cluster={"server": "${plain}"},
        user={"username": "me", "password": "s3cr3t"},
        expected={"authorization": ""},
    ),
    Case(
        "http does not look at the certificates",
        cluster={"server": "${plain}", "certificate-authority": None, "certificate-authority-data": "QUJD"},
        user={"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"},
        expected={"certificate": ""},
    ),
    Case(
        "http sends whom to act as",
        cluster={"server": "${plain}"},
        user={"token": "s3cr3t-t", "as": "jane", "as-groups": ["g"]},
        expected={"impersonate": ["group: g", "user: jane"], "authorization": ""},
    ),
    Case(
        "http sends no --token",
        cluster={"server": "${plain}"},
        flags=("--token", "s3cr3t-t"),
        expected={"authorization": ""},
    ),
    server("http with a path", "${plain}/deep", expected={"prefix": "/deep"}),
    server(
        "no scheme",
        "127.0.0.1:${plain-port}",
        expected={"scheme": "http"},
        deviation=NO_SCHEME,
        tool_outcome="no scheme",
    ),
    server(
        "no scheme, but a password",
        "me:s3cr3t@127.0.0.1:${plain-port}",
        expected={"scheme": "http"},
        deviation=NO_SCHEME,
        tool_outcome="no scheme",
    ),
    server(
        "no scheme, and the server speaks TLS",
        "127.0.0.1:${port}",
        error="http to https",
        deviation=NO_SCHEME,
        tool_outcome="no scheme",
    ),
    server("another scheme", "ftp://127.0.0.1:${port}", error="no URL"),
    server("no host", "https://", error="no URL"),
    server("nobody listens", "${refused}", error="refused"),
    server("a name that nobody has", "https://nowhere.invalid:1", error="no such host"),
    Case(
        "a redirect to another path",
        user={"token": "s3cr3t-redirected"},
        expected={"prefix": ["", "/moved"], "authorization": "Bearer s3cr3t-redirected"},
    ),
    Case(
        "a redirect to another path, as a URL",
        user={"token": "s3cr3t-redirected-absolutely"},
        expected={"prefix": ["", "/moved"]},
    ),
    Case(
        "a redirect to another host",
        user={"token": "s3cr3t-redirected-away"},
        expected={"host": ["127.0.0.1", "localhost"], "authorization": "Bearer s3cr3t-redirected-away"},
        deviation="credentials are not sent to another server, and the redirect is an error",
        tool_outcome="redirects",
    ),
    server("https to a server that speaks http", "https://127.0.0.1:${plain-port}", error="https to http"),
    Case(
        "an empty server",
        cluster={"server": ""},
        error="refused",
        deviation="a cluster without a server is an error of its own, and not localhost:8080",
        tool_outcome="cluster missing",
    ),
    Case(
        "--server",
        cluster={"server": "${refused}"},
        flags=("--server", "${server}"),
        expected={"scheme": "https"},
    ),
    Case("-s", cluster={"server": "${refused}"}, flags=("-s", "${server}/p"), expected={"prefix": "/p"}),
    Case("an empty --server is not given", flags=("--server", "")),
    Case(
        "--server without a scheme",
        flags=("--server", "127.0.0.1:${plain-port}"),
        expected={"scheme": "http"},
        deviation=NO_SCHEME,
        tool_outcome="no scheme",
    ),
    Case(
        "--server keeps the cluster's CA",
        flags=("--server", "https://localhost:${port}"),
        expected={"sni": "localhost"},
    ),
]
