"""Through which proxy."""

from case import Case, basic

NAMED = {"server": "https://api.parity.test:${port}"}
LOOPBACK = {"proxy": ""}
VIA_HTTP = {"proxy": "http api.parity.test"}


def proxied(name, url, **outcome):
    return Case(name, cluster={**NAMED, "proxy-url": url}, **outcome)


def environment(name, env, **outcome):
    return Case(name, cluster=NAMED, env=env, **outcome)


CASES = [
    proxied("proxy-url http", "http://${proxy}", expected={**VIA_HTTP, "sni": "api.parity.test"}),
    proxied("proxy-url http with a slash", "http://${proxy}/", expected=VIA_HTTP),
    proxied(
        "proxy-url with a login",
        "http://me:s3cr3t@${proxy}",
        expected={"proxy": "http api.parity.test " + basic("me", "s3cr3t")},
    ),
    proxied(
        "proxy-url with a login in escapes",
        "http://me:s3cr3t%40x@${proxy}",
        expected={"proxy": "http api.parity.test " + basic("me", "s3cr3t@x")},
    ),
    proxied("proxy-url https", "https://${tls-proxy}", expected={"proxy": "https api.parity.test"}),
    proxied("proxy-url socks5 looks the name up", "socks5://${socks}", expected={"proxy": "socks5 api.parity.test"}),
    proxied(
        "proxy-url socks5 with a login",
        "socks5://me:s3cr3t@${socks}",
        expected={"proxy": "socks5 api.parity.test me:s3cr3t"},
    ),
    proxied("proxy-url socks5h", "socks5h://${socks}", error="proxy scheme"),
    proxied("proxy-url ftp", "ftp://${proxy}", error="proxy scheme"),
    proxied("proxy-url without a scheme", "${proxy}", error="proxy unparsable"),
    proxied("proxy-url in capitals", "HTTP://${proxy}", expected=VIA_HTTP),
    proxied("an empty proxy-url is none", "", error="no such host"),
    Case(
        "proxy-url goes for a loopback address too",
        cluster={"proxy-url": "http://${proxy}"},
        expected={"proxy": "http 127.0.0.1"},
    ),
    Case(
        "proxy-url with a client certificate, which the proxy does not see",
        cluster={**NAMED, "proxy-url": "http://${proxy}"},
        user={"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"},
        expected={**VIA_HTTP, "certificate": "alice"},
    ),
    Case(
        "proxy-url and tls-server-name",
        cluster={**NAMED, "proxy-url": "http://${proxy}", "tls-server-name": "inner.parity.test"},
        expected={**VIA_HTTP, "sni": "inner.parity.test", "host": "api.parity.test"},
    ),
    Case(
        "proxy-url and a prefix",
        cluster={"server": "https://api.parity.test:${port}/p", "proxy-url": "http://${proxy}"},
        expected={**VIA_HTTP, "prefix": "/p"},
    ),
    Case(
        "proxy-url for plain http",
        cluster={"server": "http://api.parity.test:${plain-port}", "proxy-url": "http://${proxy}"},
        expected={**VIA_HTTP, "scheme": "http", "authorization": ""},
    ),
    Case(
        "proxy-url beats the environment",
        cluster={**NAMED, "proxy-url": "socks5://${socks}"},
        env={"HTTPS_PROXY": "http://${proxy}"},
        expected={"proxy": "socks5 api.parity.test"},
    ),
    Case(
        "proxy-url beats NO_PROXY",
        cluster={**NAMED, "proxy-url": "http://${proxy}"},
        env={"NO_PROXY": "*"},
        expected=VIA_HTTP,
    ),
    Case(
        "--server keeps the cluster's proxy-url",
        cluster={"server": "${refused}", "proxy-url": "http://${proxy}"},
        flags=("--server", "https://api.parity.test:${port}"),
        expected=VIA_HTTP,
    ),
    proxied(
        "a proxy that nobody is",
        "http://127.0.0.1:${refused-port}",
        error="refused",
        deviation="the proxy is named, and not the API server, where it is the proxy that refuses",
        tool_outcome="proxy refused",
    ),
    proxied(
        "a proxy that hangs up",
        "http://${rude-proxy}",
        raw=True,  # or else it is tried for a minute
        error="http to https",
        deviation="the proxy is named, and not the API server, where it is the proxy that hangs up",
        tool_outcome="proxy hangs up",
    ),
    Case(
        "a proxy that is silent",
        cluster={**NAMED, "proxy-url": "http://${silent-proxy}"},
        flags=("--request-timeout", "1s"),
        error="too late",
        deviation="the proxy is named, and not the API server, where it is the proxy that is silent",
        tool_outcome="proxy silent",
    ),
    environment(
        "HTTPS_PROXY that lacks a slash",
        {"HTTPS_PROXY": "https:/me:s3cr3t@${proxy}"},
        error="no such host",
        deviation="an invalid URL is reported without the password in it",
        tool_outcome="no URL",
    ),
    proxied("a proxy that lets nobody in", "http://nobody:s3cr3t@${proxy}", error="proxy login"),
    environment("HTTPS_PROXY", {"HTTPS_PROXY": "http://${proxy}"}, expected=VIA_HTTP),
    environment("https_proxy", {"https_proxy": "http://${proxy}"}, expected=VIA_HTTP),
    environment(
        "HTTPS_PROXY beats https_proxy",
        {"HTTPS_PROXY": "http://${proxy}", "https_proxy": "socks5://${socks}"},
        expected=VIA_HTTP,
    ),
    environment("HTTPS_PROXY without a scheme is http", {"HTTPS_PROXY": "${proxy}"}, expected=VIA_HTTP),
    environment(
        "HTTPS_PROXY socks5",
        {"HTTPS_PROXY": "socks5://${socks}"},
        expected={"proxy": "socks5 api.parity.test"},
    ),
    environment(
        "HTTPS_PROXY https",
        {"HTTPS_PROXY": "https://${tls-proxy}"},
        expected={"proxy": "https api.parity.test"},
    ),
    environment(
        "HTTPS_PROXY with a login",
        {"HTTPS_PROXY": "http://me:s3cr3t@${proxy}"},
        expected={"proxy": "http api.parity.test " + basic("me", "s3cr3t")},
    ),
    environment("ALL_PROXY is not looked at", {"ALL_PROXY": "http://${proxy}"}, error="no such host"),
    environment("HTTP_PROXY is not for https", {"HTTP_PROXY": "http://${proxy}"}, error="no such host"),
    Case(
        "HTTP_PROXY for http",
        cluster={"server": "http://api.parity.test:${plain-port}"},
        env={"HTTP_PROXY": "http://${proxy}"},
        expected={**VIA_HTTP, "scheme": "http"},
    ),
    Case(
        "http_proxy for http",
        cluster={"server": "http://api.parity.test:${plain-port}"},
        env={"http_proxy": "http://${proxy}"},
        expected={**VIA_HTTP, "scheme": "http"},
    ),
    Case(
        "HTTPS_PROXY is not for http",
        cluster={"server": "${plain}"},
        env={"HTTPS_PROXY": "http://${proxy}"},
        expected=LOOPBACK,
    ),
    Case("a loopback address is never proxied", env={"HTTPS_PROXY": "http://${proxy}"}, expected=LOOPBACK),
    Case(
        "localhost is never proxied",
        cluster={"server": "https://localhost:${port}"},
        env={"HTTPS_PROXY": "http://${proxy}"},
        expected=LOOPBACK,
    ),
    *(
        environment(
            f"NO_PROXY {value}: no proxy",
            {"HTTPS_PROXY": "http://${proxy}", "NO_PROXY": value},
            error="no such host",
        )
        for value in (
            "*",
            "api.parity.test",
            "parity.test",
            ".parity.test",
            "*.parity.test",
            "API.Parity.Test",
            "x.test, api.parity.test",
            "api.parity.test:${port}",
        )
    ),
    *(
        environment(
            f"NO_PROXY {value}: a proxy",
            {"HTTPS_PROXY": "http://${proxy}", "NO_PROXY": value},
            expected=VIA_HTTP,
        )
        for value in (
            "",
            "ity.test",
            ".api.parity.test",
            "*.api.parity.test",
            "api.parity.test:1",
            "10.0.0.0/8",
            "api",
        )
    ),
    environment(
        "no_proxy in small letters",
        {"HTTPS_PROXY": "http://${proxy}", "no_proxy": "parity.test"},
        error="no such host",
    ),
    Case(
        "NO_PROXY with an address",
        cluster={"server": "https://192.0.2.1:${port}"},
        env={"HTTPS_PROXY": "http://${proxy}", "NO_PROXY": "192.0.3.0/24,192.0.2.9"},
        error="wrong name",
    ),
]
