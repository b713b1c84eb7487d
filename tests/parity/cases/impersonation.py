"""As whom: the user's as-… fields and the --as… flags."""

from case import Case


def user(**fields):
    return {"token": "s3cr3t-tok", **{key.replace("_", "-"): value for key, value in fields.items()}}


def impersonates(*headers):
    return {"impersonate": list(headers), "authorization": "Bearer s3cr3t-tok"}


CASES = [
    Case("as", user=user(**{"as": "jane"}), expected=impersonates("user: jane")),
    Case(
        "as and all that goes with it",
        user=user(
            **{
                "as": "jane",
                "as-uid": "7",
                "as-groups": ["one", "two"],
                "as-user-extra": {"reason": ["a", "b"]},
            }
        ),
        expected=impersonates("extra-reason: a", "extra-reason: b", "group: one", "group: two", "uid: 7", "user: jane"),
    ),
    Case(
        "an extra's key of all kinds of signs",
        user=user(**{"as": "jane", "as-user-extra": {"example.com/Foo%Bar baz": ["x"]}}),
        expected=impersonates("extra-example.com%2ffoo%25bar%20baz: x", "user: jane"),
    ),
    Case("as-groups without as", user=user(as_groups=["one"]), error="nobody to act as"),
    Case("as-uid without as", user=user(as_uid="7"), error="nobody to act as"),
    Case("as-user-extra without as", user=user(as_user_extra={"a": ["b"]}), error="nobody to act as"),
    Case("as-groups must be a list", user=user(**{"as": "jane", "as-groups": "one"}), error="not a list"),
    Case("as-groups must hold texts", user=user(**{"as": "jane", "as-groups": [1]}), error="not a text"),
    Case("as must be a text", user=user(**{"as": 1}), error="not a text"),
    Case("--as", flags=("--as", "jane"), expected=impersonates("user: jane")),
    Case(
        "--as beats the file's",
        user=user(**{"as": "joe"}),
        flags=("--as", "jane"),
        expected=impersonates("user: jane"),
    ),
    Case(
        "an empty --as is not given",
        user=user(**{"as": "joe"}),
        flags=("--as", ""),
        expected=impersonates("user: joe"),
    ),
    Case(
        "--as keeps the file's groups",
        user=user(**{"as": "joe", "as-groups": ["one"]}),
        flags=("--as", "jane"),
        expected=impersonates("group: one", "user: jane"),
    ),
    Case(
        "--as-group takes the place of the file's groups",
        user=user(**{"as": "joe", "as-groups": ["one", "two"]}),
        flags=("--as-group", "three"),
        expected=impersonates("group: three", "user: joe"),
    ),
    Case(
        "--as-group again and again",
        flags=("--as", "jane", "--as-group", "a", "--as-group=b"),
        expected=impersonates("group: a", "group: b", "user: jane"),
    ),
    Case(
        "--as-group keeps a comma",
        flags=("--as", "jane", "--as-group", "a,b"),
        expected=impersonates("group: a,b", "user: jane"),
    ),
    Case("--as-group without --as", flags=("--as-group", "a"), error="nobody to act as"),
    Case("--as-uid", flags=("--as", "jane", "--as-uid", "7"), expected=impersonates("uid: 7", "user: jane")),
    Case("--as-uid without --as", flags=("--as-uid", "7"), error="nobody to act as"),
    Case(
        "--as-user-extra",
        flags=("--as", "jane", "--as-user-extra", "k=v", "--as-user-extra", "k=w"),
        expected=impersonates("extra-k: v", "extra-k: w", "user: jane"),
    ),
    Case(
        "--as-user-extra without a value is passed over",
        flags=("--as", "jane", "--as-user-extra", "k"),
        expected=impersonates("user: jane"),
    ),
    Case(
        "--as-user-extra with an empty value",
        flags=("--as", "jane", "--as-user-extra", "k="),
        expected=impersonates("extra-k: ", "user: jane"),
    ),
    Case(
        "an empty --as-group",
        flags=("--as", "jane", "--as-group", ""),
        expected=impersonates("group: ", "user: jane"),
    ),
    Case("--as with a control character", flags=("--as", "a\x01b"), error="header value"),
    Case(
        "--as a service account",
        flags=("--as", "system:serviceaccount:team:bot"),
        expected=impersonates("user: system:serviceaccount:team:bot"),
    ),
    Case(
        "--as beside a client certificate",
        user={"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"},
        flags=("--as", "jane"),
        expected={"certificate": "alice", "impersonate": ["user: jane"]},
    ),
]
