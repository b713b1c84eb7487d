"""How users prove who they are, plugins apart."""

from case import ANONYMOUS, Case

ALICE = {"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"}
BOB = ("--client-certificate", "${pki}/bob.crt", "--client-key", "${pki}/bob.key")


def oidc(**config):
    return {"auth-provider": {"name": "oidc", "config": config}}


CASES = [
    Case("a token", user={"token": "t"}, arrives={"authorization": "Bearer t", "certificate": ""}),
    Case(
        "--token takes the token's place", flags=("--token", "flag"), arrives={"authorization": "Bearer flag"}
    ),
    Case("an empty --token is not given", flags=("--token", ""), arrives={"authorization": "Bearer tok"}),
    Case(
        "a token and a client certificate are both sent",
        user={**ALICE, "token": "t"},
        arrives={"authorization": "Bearer t", "certificate": "alice"},
    ),
    Case(
        "--token with a client certificate: both are sent",
        user=ALICE,
        flags=("--token", "t"),
        arrives={"authorization": "Bearer t", "certificate": "alice"},
    ),
    Case(
        "user and password",
        user={"username": "me", "password": "pass:word"},
        arrives={"authorization": "Basic bWU6cGFzczp3b3Jk"},
    ),
    Case("a user without a password", user={"username": "me"}, arrives={"authorization": "Basic bWU6"}),
    Case("a password without a user", user={"password": "p"}, **ANONYMOUS),
    Case("a token and a password", user={"token": "t", "username": "me", "password": "p"}, fails="two ways"),
    Case(
        "--token and a password in the file",
        user={"username": "me", "password": "p"},
        flags=("--token", "t"),
        fails="two ways",
    ),
    Case(
        "a client certificate and a password are both sent",
        user={**ALICE, "username": "me", "password": "p"},
        arrives={"authorization": "Basic bWU6cA==", "certificate": "alice"},
    ),
    Case("a token with blanks around it", user={"token": " t "}, arrives={"authorization": "Bearer  t"}),
    Case("a token with a control character", user={"token": "a\x01b"}, fails="header value"),
    Case("a token with a line end inside", user={"token": "a\nb"}, fails="header value"),
    Case(
        "tokenFile",
        user={"tokenFile": "token"},
        files={"token": "from-file"},
        arrives={"authorization": "Bearer from-file"},
    ),
    Case(
        "tokenFile is trimmed",
        user={"tokenFile": "token"},
        files={"token": "\n  from-file \n\n"},
        arrives={"authorization": "Bearer from-file"},
    ),
    Case(
        "tokenFile beats token",
        user={"tokenFile": "token", "token": "t"},
        files={"token": "from-file"},
        arrives={"authorization": "Bearer from-file"},
    ),
    Case(
        "token where tokenFile cannot be read",
        user={"tokenFile": "nowhere", "token": "t"},
        arrives={"authorization": "Bearer t"},
    ),
    Case(
        "a tokenFile that has another token after the first request was refused",
        user={"tokenFile": "token"},
        files={"token": "good-before"},
        fails="unauthorized",
        star="a token that was refused is read again, and the request sent again",
        ours={"authorization": "Bearer good-now"},
    ),
    Case(
        "a tokenFile that has another token after the first request",
        user={"tokenFile": "token"},
        files={"token": "good-still"},
        arrives={"authorization": "Bearer good-now"},
        star="one client does it all, and reads a token again after 50 seconds; kubectl makes several",
        ours={"authorization": "Bearer good-still"},
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
        files={"token": "from-file"},
        flags=("--token", "flag"),
        arrives={"authorization": "Bearer from-file"},
        star="what is said on the command line counts",
        ours={"authorization": "Bearer flag"},
    ),
    Case(
        "--client-certificate and --client-key",
        flags=BOB,
        arrives={"certificate": "bob", "authorization": "Bearer tok"},
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
        user={"auth-provider": {"name": "x"}, "token": "t"},
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
                "id-token": "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.c2ln",
            }
        ),
        arrives={"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.c2ln"},
    ),
    Case(
        "oidc without a token",
        user=oidc(**{"client-id": "i", "idp-issuer-url": "https://issuer.invalid"}),
        fails="oidc",
    ),
]
