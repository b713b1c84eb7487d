"""The classes of what the programs say when they fail. The first pattern that fits is the class: kubectl's words, and
where this tool says the same otherwise, its own."""

import re

CLASSES = {
    # Flags.
    "flag unknown": r"unknown (shorthand )?flag: ",
    "flag badly written": r"bad flag syntax: ",
    "flag's value": r"error: invalid argument .* flag: ",
    "flag without value": r"flag needs an argument|requires? an? (value|argument)|argument required",
    "timeout": r"Invalid timeout value|--request-timeout",
    # What is within another message goes before it.
    "plugin answer": r"decoding stdout",
    # What the kubeconfig says.
    "duplicate name": r"duplicate name ",
    "not a list": r"cannot unmarshal \w+ into .* of type \[\]|not a list",
    "not a text": r"cannot unmarshal \w+ into .* of type string|json: unsupported value|not a string",
    "not a boolean": r"cannot unmarshal \w+ into .* of type bool|not true or false",
    "not a map": r"cannot unmarshal \w+ into .* of type v1\.|not a map",
    "not a kubeconfig": r"couldn't get version/kind|is not a kubeconfig",
    "no such kind": r"no kind \".*\" is registered for version",
    "base64": r"illegal base64 data",
    "yaml": r"yaml: |error converting YAML to JSON|invalid YAML",
    "context missing": r"context was not found for specified context|context \".*\" does not exist",
    "cluster missing": r"no server found for cluster|cluster \".*\" does not exist",
    "user missing": r"auth info \".*\" does not exist",
    "no cluster": r"no cluster is chosen|which does not exist|has no cluster|no server|without a cluster",
    "no scheme": r"has no scheme",
    "asks for a name": r"Please enter Username",
    "namespace": r"invalid namespace ",
    "nobody to act as": r"without impersonating a user",
    "both specified": r"are both specified",
    "CA and insecure": r"specifying a root certificates file with the insecure flag is not allowed",
    "no certificates in CA": r"unable to load root certificates",
    "key missing": r"client-key-data or client-key must be specified",
    "two ways": r"more than one authentication method found",
    "plugin and provider": r"cannot be provided in combination with an exec plugin",
    "provider removed": r"The (gcp|azure) auth plugin has been removed",
    "provider unknown": r"no Auth Provider found for name",
    "oidc": r"Must provide idp-issuer-url|No valid id-token|auth-provider oidc",
    # Plugins.
    "plugin incomplete": r"must be specified for u to use exec authentication plugin"
    r"|env variable name must be specified for u",
    "plugin version unknown": r"exec plugin: invalid apiVersion",
    "plugin mode unknown": r"invalid interactiveMode",
    "plugin needs a terminal": r"cannot support interactive mode",
    "plugin half a pair": r"returned only certificate or key, not both",
    "plugin answers otherwise": r"is configured to use API version",
    "plugin no status": r"didn't return a status field",
    "plugin no token": r"didn't return a token or cert/key pair",
    "plugin failed": r"failed with exit code \d",
    "plugin denied": r"not allowed: policy set to|is not permitted",
    "plugin not found": r"executable \S+ not found",
    "plugin not at its path": r"fork/exec \S+: no such file or directory",
    "plugin not permitted": r"fork/exec \S+: permission denied",
    # Certificates and headers.
    "key mismatch": r"private key does not match public key|key values mismatch",
    "client certificate unreadable": r"failed to find any PEM data"
    r"|client certificate and key cannot be used|failed parsing key pair"
    r"|holds no certificate in PEM form",
    "header value": r"invalid header field value|token with a line break",
    # Files.
    "the thing itself": r"is the (key|certificate|token) itself and not a file name",
    "is a folder": r"is a (directory|folder)",
    "file missing": r"no such file or directory|file name too long",
    # Ways.
    "no URL": r"unsupported protocol scheme|host must be a URL|no Host in request URL|is not a valid URL"
    r"|: not a URL",
    "no server's name": r"is not a valid server name",
    "proxy scheme": r"unsupported scheme",
    "proxy unparsable": r"could not parse|invalid 'proxy-url'",
    "proxy login": r"Proxy Authentication Required|\b407\b",
    "proxy refused": r"the proxy .* refused|proxy .* could not be reached",
    "proxy hangs up": r"the proxy .* closed the connection",
    "proxy silent": r"the proxy .* does not answer",
    "client certificate demanded": r"remote error: tls: certificate required",
    "refused": r"was refused|connection refused",
    "no such host": r"no such host|server misbehaving",
    "wrong name": r"certificate is valid for|doesn't contain any (IP )?SANs|legacy Common Name|not valid for any names"
    r"|does not match|doesn't match|wrong name|mismatch",
    "expired": r"certificate has expired",
    "unknown authority": r"signed by unknown authority|unable to get (local )?issuer|self.signed certificate"
    r"|unable to verify the first",
    "TLS too old": r"protocol version not supported",
    "redirects": r"redirected to .*; redirects to another server are not followed",
    "https to http": r"first record does not look like a TLS handshake|gave HTTP response to HTTPS client"
    r"|tls: handshake with .* failed",
    "http to https": r"malformed HTTP|Client sent an HTTP request to an HTTPS server|\bEOF\b|connection reset",
    "too late": r"Client\.Timeout|context deadline exceeded",
    # Answers.
    "another version": r"server version .* differs from client version",
    "invalid": r"is invalid: ",
    "denied": r"denied the request: ",
    "conflict of fields": r"Apply failed with 1 conflict",
    "conflict": r"\(Conflict\)",
    "no reason": r"Error from server: ",
    "unauthorized": r"You must be logged in to the server",
    "forbidden": r"Error from server \(Forbidden\)",
    "internal error": r"Error from server \(?InternalError\)?|an error on the server",
    "unavailable": r"\(ServiceUnavailable\)",
    "timed out": r"\(Timeout\)",
    "busy": r"\(TooManyRequests\)|too many requests",
    "warnings": r"error: 2 warnings received",
    "one warning": r"error: 1 warning received",
    "html": r"serializer for text/html doesn't exist|answered with text/html",
}


def message_class(text):
    for name, pattern in CLASSES.items():
        if re.search(pattern, text, re.IGNORECASE):
            return name
    return "something else"
