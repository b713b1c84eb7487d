"""How users prove who they are, plugins apart."""

from case import ANONYMOUS, Case, basic

ALICE = {"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"}
BOB = ("--client-certificate", "${pki}/bob.crt", "--client-key", "${pki}/bob.key")


def oidc(**config):
    return {"auth-provider": {"name": "oidc", "config": config}}


CASES = [
    Case("a token", user={"token": "s3cr3t-t"}, expected={"authorization": "Bearer s3cr3t-t", "certificate": ""}),
    Case(
        "--token takes the token's place",
        flags=("--token", "s3cr3t-flag"),
        expected={"authorization": "Bearer s3cr3t-flag"},
    ),
    Case("an empty --token is not given", flags=("--token", ""), expected={"authorization": "Bearer s3cr3t-tok"}),
    Case(
        "a token and a client certificate are both sent",
        user={**ALICE, "token": "s3cr3t-t"},
        expected={"authorization": "Bearer s3cr3t-t", "certificate": "alice"},
    ),
    Case(
        "--token with a client certificate: both are sent",
        user=ALICE,
        flags=("--token", "s3cr3t-t"),
        expected={"authorization": "Bearer s3cr3t-t", "certificate": "alice"},
    ),
    Case(
        "user and password",
        user={"username": "me", "password": "s3cr3t:word"},
        expected={"authorization": basic("me", "s3cr3t:word")},
    ),
    Case("a user without a password", user={"username": "me"}, expected={"authorization": "Basic bWU6"}),
    Case("a password without a user", user={"password": "s3cr3t"}, **ANONYMOUS),
    Case(
        "a token and a password",
        user={"token": "s3cr3t-t", "username": "me", "password": "s3cr3t"},
        error="two ways",
    ),
    Case(
        "--token and a password in the file",
        user={"username": "me", "password": "s3cr3t"},
        flags=("--token", "s3cr3t-t"),
        error="two ways",
    ),
    Case(
        "a client certificate and a password are both sent",
        user={**ALICE, "username": "me", "password": "s3cr3t"},
        expected={"authorization": basic("me", "s3cr3t"), "certificate": "alice"},
    ),
    Case(
        "a token with blanks around it",
        user={"token": " s3cr3t-t "},
        expected={"authorization": "Bearer  s3cr3t-t"},
    ),
    Case("a token with a control character", user={"token": "s3cr3t-a\x01b"}, error="header value"),
    Case("a token with a line end inside", user={"token": "s3cr3t-a\nb"}, error="header value"),
    Case(
        "tokenFile",
        user={"tokenFile": "token"},
        files={"token": "s3cr3t-from-file"},
        expected={"authorization": "Bearer s3cr3t-from-file"},
    ),
    Case(
        "tokenFile is trimmed",
        user={"tokenFile": "token"},
        files={"token": "\n  s3cr3t-from-file \n\n"},
        expected={"authorization": "Bearer s3cr3t-from-file"},
    ),
    Case(
        "tokenFile beats token",
        user={"tokenFile": "token", "token": "s3cr3t-t"},
        files={"token": "s3cr3t-from-file"},
        expected={"authorization": "Bearer s3cr3t-from-file"},
    ),
    Case(
        "token where tokenFile cannot be read",
        user={"tokenFile": "nowhere", "token": "s3cr3t-t"},
        expected={"authorization": "Bearer s3cr3t-t"},
    ),
    Case(
        "token-file: another token after the first request was refused",
        file="token-file.yaml",
        files={"token": "s3cr3t-good-before"},
        error="unauthorized",
        deviation="a token that was refused is read again, and the request sent again",
        tool_outcome={"authorization": "Bearer s3cr3t-good-now"},
    ),
    Case(
        "token-file: another token after the first request",
        file="token-file.yaml",
        files={"token": "s3cr3t-good-still"},
        expected={"authorization": "Bearer s3cr3t-good-now"},
        deviation="one client does it all, and reads a token again after 50 seconds; kubectl makes several",
        tool_outcome={"authorization": "Bearer s3cr3t-good-still"},
    ),
    Case(
        "a tokenFile that is a token, and no file",
        user={"tokenFile": "eyJhbGciOiJub25lIn0.eyJzM2NyM3QiOiAxfQ.s3cr3t"},
        error="file missing",
        deviation="data that was pasted in place of a file name is reported and not shown",
        tool_outcome="the thing itself",
    ),
    Case(
        "--client-key that is a key, and no file",
        flags=(*BOB[:2], "--client-key", "-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----\n"),
        error="file missing",
        deviation="data that was pasted in place of a file name is reported and not shown",
        tool_outcome="the thing itself",
    ),
    Case("tokenFile alone must be readable", user={"tokenFile": "nowhere"}, error="file missing"),
    Case("an empty tokenFile is no token", user={"tokenFile": "token"}, files={"token": ""}, **ANONYMOUS),
    Case(
        "a tokenFile with blanks alone",
        user={"tokenFile": "token"},
        files={"token": " \n"},
        error="header value",
        deviation="trimmed as any other content, it is empty and no token",
        tool_outcome={"scheme": "https", "authorization": ""},
    ),
    Case(
        "--token and a tokenFile",
        user={"tokenFile": "token"},
        files={"token": "s3cr3t-from-file"},
        flags=("--token", "s3cr3t-flag"),
        expected={"authorization": "Bearer s3cr3t-from-file"},
        deviation="what is said on the command line counts",
        tool_outcome={"authorization": "Bearer s3cr3t-flag"},
    ),
    Case(
        "--client-certificate and --client-key",
        flags=BOB,
        expected={"certificate": "bob", "authorization": "Bearer s3cr3t-tok"},
    ),
    Case(
        "--client-certificate and --client-key take the place of files",
        user=ALICE,
        flags=BOB,
        expected={"certificate": "bob"},
    ),
    Case(
        "--client-certificate and --client-key take the place of data",
        user={"client-certificate-data": "${alice-crt-data}", "client-key-data": "${alice-key-data}"},
        flags=BOB,
        expected={"certificate": "bob"},
    ),
    Case("--client-certificate alone keeps the file's key", user=ALICE, flags=BOB[:2], error="key mismatch"),
    Case("--client-key without a certificate", flags=BOB[2:], expected={"certificate": ""}),
    Case("nobody", user={}, **ANONYMOUS),
    Case("auth-provider gcp is gone", user={"auth-provider": {"name": "gcp"}}, error="provider removed"),
    Case("auth-provider azure is gone", user={"auth-provider": {"name": "azure"}}, error="provider removed"),
    Case("an auth-provider that nobody knows", user={"auth-provider": {"name": "x"}}, error="provider unknown"),
    Case(
        "auth-provider and token",
        user={"auth-provider": {"name": "x"}, "token": "s3cr3t-t"},
        error="provider unknown",
    ),
    Case("oidc without an issuer", user=oidc(**{"client-id": "i"}), error="oidc"),
    Case(
        "oidc with an id-token that is valid for long",
        # {"alg":"none"} . {"exp":4102444800}
        user=oidc(
            **{
                "client-id": "i",
                "idp-issuer-url": "https://issuer.invalid",
                "id-token": "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.s3cr3t",
            }
        ),
        expected={"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.s3cr3t"},
    ),
    Case(
        "oidc without a token",
        user=oidc(**{"client-id": "i", "idp-issuer-url": "https://issuer.invalid"}),
        error="oidc",
    ),
]
