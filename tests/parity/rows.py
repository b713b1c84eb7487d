"""Kubeconfigs that programs stumble over, by what is nasty about them: each has its input as a file of kubeconfigs/, as
far as it can be one, and a case of the table that reads it."""

import dataclasses

from case import FILES


@dataclasses.dataclass(frozen=True)
class Row:
    what: str
    files: tuple = ()
    cases: tuple = ()  # by name: those that do not read one of the files alone


def yaml(*names):
    return tuple(f"{name}.yaml" for name in names)


def each(front, *names):
    return yaml(*(f"{front}-{name}" for name in names))


ROWS = (
    # Scalars.
    Row(
        "numbers where texts belong",
        each("token", "number", "hexadecimal", "exponent", "octal", "octal-o", "binary-digits", "signed")
        + each("token", "underscored-number", "fraction", "infinite", "not-a-number")
        + yaml("context-name-number", "current-context-number", "namespace-number", "server-number"),
    ),
    Row(
        "booleans where texts belong",
        yaml("token-yes", "context-name-y", "namespace-no", "current-context-on"),
    ),
    Row(
        "texts that look like something else",
        each("token", "quoted-number", "tagged-number", "date", "time", "underscored-word"),
    ),
    Row("tagged texts", each("token", "binary", "unknown-tag")),
    Row("insecure-skip-tls-verify: yes, and quoted", yaml("insecure-yes", "insecure-quoted")),
    Row("no token", each("token", "null", "empty", "absent", "wrong-case")),
    Row("a token as a block", each("token", "block", "block-stripped", "folded")),
    Row("a token with blanks", yaml("token-with-blanks")),
    # Documents.
    Row(
        "several documents, marks and directives",
        yaml("several-documents", "dashes-and-comments", "directive-1.1", "directive-1.2", "first-document-empty"),
    ),
    Row(
        "anchors, aliases and merge keys",
        yaml("anchors", "merge-keys", "alias-undefined", "alias-of-itself", "billion-laughs"),
    ),
    Row("a key twice in a map", yaml("duplicate-key")),
    Row("a name twice in a list", each("duplicate", "cluster", "user", "context", "extension")),
    Row(
        "the same names in two files",
        yaml("same-names-first", "same-names-second"),
        ("same-names: of entries with one name, the first file's counts, whole",),
    ),
    Row("unknown fields and keys that are no texts", yaml("unknown-fields", "number-keys", "sequence-key")),
    Row("what is cut off", yaml("open-quote", "open-single-quote", "bare-key", "bare-key-inside", "colon-alone")),
    Row("line ends and encodings", yaml("crlf", "cr-only", "utf8-mark", "utf16-little", "utf16-big")),
    Row("JSON", ("plain.json", "tabs.json", "mark.json")),
    Row("tabs", yaml("tab-indentation", "tabs-after-colons")),
    Row("what is no text", yaml("invalid-utf8", "nul-byte")),
    Row("another shape", yaml("document-list", "document-text", "clusters-map", "preferences-list")),
    Row("null", yaml("clusters-null", "user-without-fields", "user-null", "null-values")),
    Row("another kind or version", yaml("kind-pod", "version-2", "kind-lower-case", "no-kind-no-version")),
    # Certificates.
    Row(
        "the spelling of CA data",
        each("ca-data", "bad-alphabet", "url-safe", "unpadded", "folded", "wrapped", "crlf"),
    ),
    Row("CA files", each("ca", "not-pem", "folder", "missing", "bundle")),
    Row("a client certificate and its key", yaml("key-mismatch", "certificate-not-pem", "key-not-pem")),
    # Files.
    Row(
        "a folder, a named pipe and the standard input",
        ("plain.json", "ca-missing.yaml"),
        (
            "a folder is no kubeconfig",
            "a folder is no kubeconfig for the flag",
            "a named pipe as a kubeconfig",
            "a named pipe as a kubeconfig that names a file which is missing",
            "the standard input as a kubeconfig",
        ),
    ),
    Row(
        "a linked kubeconfig with relative paths",
        yaml("token-file"),
        (
            "relative paths of a linked kubeconfig count from the link's folder",
            "a linked kubeconfig finds what lies beside the link",
        ),
    ),
    Row(
        "a context's name",
        each("context-name", "spaces", "slash", "colon", "at", "any-script") + yaml("context-without-name"),
    ),
    Row("a plugin's null fields", each("exec", "args-null", "env-null", "null")),
    # A megabyte that a line makes is not stored.
    Row("20,000 clusters", ("plain.json",), ("twenty thousand clusters",)),
    Row(
        "a tokenFile that is rotated, or cannot be read",
        yaml("token-file"),
        (
            "token-file: another token after the first request was refused",
            "token-file: another token after the first request",
            "token where tokenFile cannot be read",
            "tokenFile alone must be readable",
        ),
    ),
    Row("a file that everybody may read", ("plain.json",), ("a kubeconfig that everybody may read",)),
)


def missing(cases):
    """What rows name and is not there, and files that no row names; empty where all is well."""
    names = {case.name for case in cases}
    read = set().union(*(case.stored() for case in cases))
    there = {path.name for path in FILES.iterdir()}
    faults = []
    for row in ROWS:
        faults += [f"{row.what}: there is no {name}" for name in row.files if name not in there]
        faults += [f"{row.what}: no case reads {name}" for name in row.files if name not in read]
        faults += [f'{row.what}: there is no case "{name}"' for name in row.cases if name not in names]
    named = {name for row in ROWS for name in row.files}
    return faults + [f"no row names {name}" for name in sorted(there - named)]
