"""As whom: the user's as-… fields and the --as… flags."""

from case import Case


def user(**fields):
    return {"token": "s3cr3t-tok", **{key.replace("_", "-"): value for key, value in fields.items()}}


def acts(*headers):
    return {"impersonate": list(headers), "authorization": "Bearer s3cr3t-tok"}


CASES = [
    Case("as", user=user(**{"as": "jane"}), arrives=acts("user: jane")),
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
        arrives=acts(
            "extra-reason: a", "extra-reason: b", "group: one", "group: two", "uid: 7", "user: jane"
        ),
    ),
    Case(
        "an extra's key of all kinds of signs",
        user=user(**{"as": "jane", "as-user-extra": {"example.com/Foo%Bar baz": ["x"]}}),
        arrives=acts("extra-example.com%2ffoo%25bar%20baz: x", "user: jane"),
    ),
    Case("as-groups without as", user=user(as_groups=["one"]), fails="nobody to act as"),
    Case("as-uid without as", user=user(as_uid="7"), fails="nobody to act as"),
    Case("as-user-extra without as", user=user(as_user_extra={"a": ["b"]}), fails="nobody to act as"),
    Case("as-groups must be a list", user=user(**{"as": "jane", "as-groups": "one"}), fails="not a list"),
    Case("as-groups must hold texts", user=user(**{"as": "jane", "as-groups": [1]}), fails="not a text"),
    Case("as must be a text", user=user(**{"as": 1}), fails="not a text"),
    Case("--as", flags=("--as", "jane"), arrives=acts("user: jane")),
    Case(
        "--as beats the file's",
        user=user(**{"as": "joe"}),
        flags=("--as", "jane"),
        arrives=acts("user: jane"),
    ),
    Case(
        "an empty --as is not given",
        user=user(**{"as": "joe"}),
        flags=("--as", ""),
        arrives=acts("user: joe"),
    ),
    Case(
        "--as keeps the file's groups",
        user=user(**{"as": "joe", "as-groups": ["one"]}),
        flags=("--as", "jane"),
        arrives=acts("group: one", "user: jane"),
    ),
    Case(
        "--as-group takes the place of the file's groups",
        user=user(**{"as": "joe", "as-groups": ["one", "two"]}),
        flags=("--as-group", "three"),
        arrives=acts("group: three", "user: joe"),
    ),
    Case(
        "--as-group again and again",
        flags=("--as", "jane", "--as-group", "a", "--as-group=b"),
        arrives=acts("group: a", "group: b", "user: jane"),
    ),
    Case(
        "--as-group keeps a comma",
        flags=("--as", "jane", "--as-group", "a,b"),
        arrives=acts("group: a,b", "user: jane"),
    ),
    Case("--as-group without --as", flags=("--as-group", "a"), fails="nobody to act as"),
    Case("--as-uid", flags=("--as", "jane", "--as-uid", "7"), arrives=acts("uid: 7", "user: jane")),
    Case("--as-uid without --as", flags=("--as-uid", "7"), fails="nobody to act as"),
    Case(
        "--as-user-extra",
        flags=("--as", "jane", "--as-user-extra", "k=v", "--as-user-extra", "k=w"),
        arrives=acts("extra-k: v", "extra-k: w", "user: jane"),
    ),
    Case(
        "--as-user-extra without a value is passed over",
        flags=("--as", "jane", "--as-user-extra", "k"),
        arrives=acts("user: jane"),
    ),
    Case(
        "--as-user-extra with an empty value",
        flags=("--as", "jane", "--as-user-extra", "k="),
        arrives=acts("extra-k: ", "user: jane"),
    ),
    Case(
        "an empty --as-group",
        flags=("--as", "jane", "--as-group", ""),
        arrives=acts("group: ", "user: jane"),
    ),
    Case("--as with a control character", flags=("--as", "a\x01b"), fails="header value"),
    Case(
        "--as a service account",
        flags=("--as", "system:serviceaccount:team:bot"),
        arrives=acts("user: system:serviceaccount:team:bot"),
    ),
    Case(
        "--as beside a client certificate",
        user={"client-certificate": "${pki}/alice.crt", "client-key": "${pki}/alice.key"},
        flags=("--as", "jane"),
        arrives={"certificate": "alice", "impersonate": ["user: jane"]},
    ),
]
