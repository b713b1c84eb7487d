"""How users prove who they are, plugins apart."""

from case import ANONYMOUS, Case, basic

ALICE = {"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"}
BOB = ("--client-certificate", "${pki}/bob.crt", "--client-key", "${pki}/bob.key")


def oidc(**config):
    return {"auth-provider": {"name": "oidc", "config": config}}


CASES = [
    Case("a token", user={"token": "s3cr3t-t"}, arrives={"authorization": "Bearer s3cr3t-t", "certificate": ""}),
    Case(
        "--token takes the token's place",
        flags=("--token", "s3cr3t-flag"),
        arrives={"authorization": "Bearer s3cr3t-flag"},
    ),
    Case("an empty --token is not given", flags=("--token", ""), arrives={"authorization": "Bearer s3cr3t-tok"}),
    Case(
        "a token and a client certificate are both sent",
        user={**ALICE, "token": "s3cr3t-t"},
        arrives={"authorization": "Bearer s3cr3t-t", "certificate": "alice"},
    ),
    Case(
        "--token with a client certificate: both are sent",
        user=ALICE,
        flags=("--token", "s3cr3t-t"),
        arrives={"authorization": "Bearer s3cr3t-t", "certificate": "alice"},
    ),
    Case(
        "user and password",
        user={"username": "me", "password": "s3cr3t:word"},
        arrives={"authorization": basic("me", "s3cr3t:word")},
    ),
    Case("a user without a password", user={"username": "me"}, arrives={"authorization": "Basic bWU6"}),
    Case("a password without a user", user={"password": "s3cr3t"}, **ANONYMOUS),
    Case(
        "a token and a password",
        user={"token": "s3cr3t-t", "username": "me", "password": "s3cr3t"},
        fails="two ways",
    ),
    Case(
        "--token and a password in the file",
        user={"username": "me", "password": "s3cr3t"},
        flags=("--token", "s3cr3t-t"),
        fails="two ways",
    ),
    Case(
        "a client certificate and a password are both sent",
        user={**ALICE, "username": "me", "password": "s3cr3t"},
        arrives={"authorization": basic("me", "s3cr3t"), "certificate": "alice"},
    ),
    Case(
        "a token with blanks around it",
        user={"token": " s3cr3t-t "},
        arrives={"authorization": "Bearer  s3cr3t-t"},
    ),
    Case("a token with a control character", user={"token": "s3cr3t-a\x01b"}, fails="header value"),
    Case("a token with a line end inside", user={"token": "s3cr3t-a\nb"}, fails="header value"),
    Case(
        "tokenFile",
        user={"tokenFile": "token"},
        files={"token": "s3cr3t-from-file"},
        arrives={"authorization": "Bearer s3cr3t-from-file"},
    ),
    Case(
        "tokenFile is trimmed",
        user={"tokenFile": "token"},
        files={"token": "\n  s3cr3t-from-file \n\n"},
        arrives={"authorization": "Bearer s3cr3t-from-file"},
    ),
    Case(
        "tokenFile beats token",
        user={"tokenFile": "token", "token": "s3cr3t-t"},
        files={"token": "s3cr3t-from-file"},
        arrives={"authorization": "Bearer s3cr3t-from-file"},
    ),
    Case(
        "token where tokenFile cannot be read",
        user={"tokenFile": "nowhere", "token": "s3cr3t-t"},
        arrives={"authorization": "Bearer s3cr3t-t"},
    ),
    Case(
        "token-file: another token after the first request was refused",
        file="token-file.yaml",
        files={"token": "s3cr3t-good-before"},
        fails="unauthorized",
        star="a token that was refused is read again, and the request sent again",
        ours={"authorization": "Bearer s3cr3t-good-now"},
    ),
    Case(
        "token-file: another token after the first request",
        file="token-file.yaml",
        files={"token": "s3cr3t-good-still"},
        arrives={"authorization": "Bearer s3cr3t-good-now"},
        star="one client does it all, and reads a token again after 50 seconds; kubectl makes several",
        ours={"authorization": "Bearer s3cr3t-good-still"},
    ),
    Case(
        "a tokenFile that is a token, and no file",
        user={"tokenFile": "eyJhbGciOiJub25lIn0.eyJzM2NyM3QiOiAxfQ.s3cr3t"},
        fails="file missing",
        star="what was pasted where a file's name belongs is told as such, and not shown",
        ours="the thing itself",
    ),
    Case(
        "--client-key that is a key, and no file",
        flags=(*BOB[:2], "--client-key", "-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----\n"),
        fails="file missing",
        star="what was pasted where a file's name belongs is told as such, and not shown",
        ours="the thing itself",
    ),
    Case("tokenFile alone must be readable", user={"tokenFile": "nowhere"}, fails="file missing"),
    Case("an empty tokenFile is no token", user={"tokenFile": "token"}, files={"token": ""}, **ANONYMOUS),
    Case(
        "a tokenFile with blanks alone",
        user={"tokenFile": "token"},
        files={"token": " \n"},
        fails="header value",
        star="trimmed as any other content, it is empty and no token",
        ours={"scheme": "https", "authorization": ""},
    ),
    Case(
        "--token and a tokenFile",
        user={"tokenFile": "token"},
        files={"token": "s3cr3t-from-file"},
        flags=("--token", "s3cr3t-flag"),
        arrives={"authorization": "Bearer s3cr3t-from-file"},
        star="what is said on the command line counts",
        ours={"authorization": "Bearer s3cr3t-flag"},
    ),
    Case(
        "--client-certificate and --client-key",
        flags=BOB,
        arrives={"certificate": "bob", "authorization": "Bearer s3cr3t-tok"},
    ),
    Case(
        "--client-certificate and --client-key take the place of files",
        user=ALICE,
        flags=BOB,
        arrives={"certificate": "bob"},
    ),
    Case(
        "--client-certificate and --client-key take the place of data",
        user={"client-certificate-data": "${alice-crt-data}", "client-key-data": "${alice-key-data}"},
        flags=BOB,
        arrives={"certificate": "bob"},
    ),
    Case("--client-certificate alone keeps the file's key", user=ALICE, flags=BOB[:2], fails="key mismatch"),
    Case("--client-key without a certificate", flags=BOB[2:], arrives={"certificate": ""}),
    Case("nobody", user={}, **ANONYMOUS),
    Case("auth-provider gcp is gone", user={"auth-provider": {"name": "gcp"}}, fails="provider removed"),
    Case("auth-provider azure is gone", user={"auth-provider": {"name": "azure"}}, fails="provider removed"),
    Case(
        "an auth-provider that nobody knows", user={"auth-provider": {"name": "x"}}, fails="provider unknown"
    ),
    Case(
        "auth-provider and token",
        user={"auth-provider": {"name": "x"}, "token": "s3cr3t-t"},
        fails="provider unknown",
    ),
    Case("oidc without an issuer", user=oidc(**{"client-id": "i"}), fails="oidc"),
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
        arrives={"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.s3cr3t"},
    ),
    Case(
        "oidc without a token",
        user=oidc(**{"client-id": "i", "idp-issuer-url": "https://issuer.invalid"}),
        fails="oidc",
    ),
]
