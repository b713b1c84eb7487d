"""What YAML 1.1, as client-go reads it, makes of a kubeconfig."""

from case import ANONYMOUS, NO_CLUSTER, Case


def token(file, value):
    """A kubeconfig whose token is that text."""
    if not value:
        return Case(f"{file}: no token", file=f"{file}.yaml", **ANONYMOUS)
    return Case(f"{file}: the token {value}", file=f"{file}.yaml", expected={"authorization": f"Bearer {value}"})


CASES = [
    # Scalars.
    *(
        Case(f"{file}: a number where a text belongs", file=f"{file}.yaml", error="not a text", secrets=secrets)
        for file, *secrets in (
            ("token-number", "12345"),
            ("token-hexadecimal", "0x1F", "31"),
            ("token-exponent", "1e5", "100000"),
            ("token-octal", "017"),
            ("token-octal-o", "0o17"),
            ("token-binary-digits", "0b1"),
            ("token-underscored-number", "1_000", "1000"),
            ("token-signed", "17"),
            ("token-fraction", "0.5"),
            ("token-infinite", "inf"),
            ("token-not-a-number", "nan"),
            ("context-name-number",),
            ("current-context-number",),
            ("namespace-number",),
            ("server-number",),
        )
    ),
    *(
        Case(f"{file}: a boolean where a text belongs", file=f"{file}.yaml", error="not a text")
        for file in ("token-yes", "context-name-y", "namespace-no", "current-context-on")
    ),
    token("token-quoted-number", "12345"),
    token("token-tagged-number", "123"),
    token("token-date", "2001-12-14"),
    token("token-time", "12:30:45"),
    token("token-underscored-word", "s3cr3t_1"),
    token("token-binary", "s3cr3t-hello"),
    token("token-unknown-tag", "s3cr3t-tagged"),
    Case("insecure-yes: yes is true", file="insecure-yes.yaml"),
    Case("insecure-quoted: a text where a boolean belongs", file="insecure-quoted.yaml", error="not a boolean"),
    token("token-null", ""),
    token("token-empty", ""),
    token("token-absent", ""),
    token("token-wrong-case", ""),
    Case(
        "token-block: a token that ends with a line end",
        file="token-block.yaml",
        error="header value",
        deviation="one line end behind the token is taken away, with a warning",
        tool_outcome={"scheme": "https", "authorization": "Bearer s3cr3t-tok"},
    ),
    token("token-folded", "s3cr3t-tok"),
    token("token-block-stripped", "s3cr3t-tok"),
    Case(
        "token-with-blanks: sent unchanged",
        file="token-with-blanks.yaml",
        expected={"authorization": "Bearer  s3cr3t-tok"},
    ),
    # Documents.
    token("several-documents", "s3cr3t-first"),
    token("dashes-and-comments", "s3cr3t-tok"),
    token("directive-1.1", "s3cr3t-tok"),
    Case("directive-1.2: no version that is read", file="directive-1.2.yaml", error="yaml"),
    Case(
        "first-document-empty: an empty kubeconfig",
        file="first-document-empty.yaml",
        error="refused",
    ),
    # Anchors.
    token("anchors", "s3cr3t-anchored"),
    token("merge-keys", "s3cr3t-merged"),
    Case("alias-undefined", file="alias-undefined.yaml", error="yaml"),
    Case("alias-of-itself", file="alias-of-itself.yaml", error="yaml"),
    Case("billion-laughs", file="billion-laughs.yaml", error="yaml"),
    # Keys.
    token("duplicate-key", "s3cr3t-last"),
    *(
        Case(
            f"duplicate-{noun}: two entries with one name in a file, and no secret is shown",
            file=f"duplicate-{noun}.yaml",
            error="duplicate name",
        )
        for noun in ("cluster", "user", "context", "extension")
    ),
    token("unknown-fields", "s3cr3t-tok"),
    token("number-keys", "s3cr3t-tok"),
    Case("sequence-key", file="sequence-key.yaml", error="yaml"),
    *(
        Case(f"{file}: cut off, or half merged", file=f"{file}.yaml", error="yaml")
        for file in ("open-quote", "open-single-quote", "bare-key", "bare-key-inside", "colon-alone")
    ),
    token("null-values", "s3cr3t-tok"),
    # Encodings.
    token("crlf", "s3cr3t-tok"),
    token("cr-only", "s3cr3t-tok"),
    token("utf8-mark", "s3cr3t-tok"),
    token("utf16-little", "s3cr3t-tok"),
    token("utf16-big", "s3cr3t-tok"),
    Case("invalid-utf8", file="invalid-utf8.yaml", error="yaml"),
    Case("nul-byte", file="nul-byte.yaml", error="yaml"),
    # JSON and tabs.
    Case("plain.json", file="plain.json", expected={"authorization": "Bearer s3cr3t-tok"}),
    Case("tabs.json: indented by tabs", file="tabs.json", expected={"authorization": "Bearer s3cr3t-tok"}),
    Case("mark.json: with a byte order mark", file="mark.json", expected={"authorization": "Bearer s3cr3t-tok"}),
    Case("tab-indentation", file="tab-indentation.yaml", error="yaml"),
    token("tabs-after-colons", "s3cr3t-tok"),
    # Shapes.
    Case("document-list", file="document-list.yaml", error="not a kubeconfig"),
    Case("document-text", file="document-text.yaml", error="not a kubeconfig"),
    Case("clusters-map", file="clusters-map.yaml", error="not a list"),
    Case(
        "clusters-null",
        file="clusters-null.yaml",
        **NO_CLUSTER,
    ),
    Case(
        "user-without-fields: anonymous",
        file="user-without-fields.yaml",
        **ANONYMOUS,
    ),
    Case(
        "user-null: anonymous",
        file="user-null.yaml",
        **ANONYMOUS,
    ),
    Case("kind-pod", file="kind-pod.yaml", error="no such kind"),
    Case("kind-lower-case", file="kind-lower-case.yaml", error="no such kind"),
    Case("version-2", file="version-2.yaml", error="no such kind"),
    token("no-kind-no-version", "s3cr3t-tok"),
    Case("preferences-list", file="preferences-list.yaml", error="not a map"),
    Case(
        "twenty thousand clusters",
        file="plain.json",
        env={"KUBECONFIG": "config:many"},
        files={
            "many": "clusters:\n"
            + "".join(f"- name: cluster-{i}\n  cluster: {{server: https://{i}.example}}\n" for i in range(20000))
        },
        expected={"authorization": "Bearer s3cr3t-tok"},
    ),
]
