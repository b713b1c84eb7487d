"""Kubeconfigs that programs stumble over, by what is nasty about them: each has its input as a file of kubeconfigs/, as
far as it can be one, and a case of the table that reads it."""

import dataclasses

from case import FILES


@dataclasses.dataclass(frozen=True)
class EdgeCase:
    description: str
    files: tuple = ()
    cases: tuple = ()  # by name: those that do not read one of the files alone


def yaml_files(*names):
    return tuple(f"{name}.yaml" for name in names)


def prefixed(prefix, *names):
    return yaml_files(*(f"{prefix}-{name}" for name in names))


EDGE_CASES = (
    # Scalars.
    EdgeCase(
        "numbers where texts belong",
        prefixed("token", "number", "hexadecimal", "exponent", "octal", "octal-o", "binary-digits", "signed")
        + prefixed("token", "underscored-number", "fraction", "infinite", "not-a-number")
        + yaml_files("context-name-number", "current-context-number", "namespace-number", "server-number"),
    ),
    EdgeCase(
        "booleans where texts belong",
        yaml_files("token-yes", "context-name-y", "namespace-no", "current-context-on"),
    ),
    EdgeCase(
        "texts that look like something else",
        prefixed("token", "quoted-number", "tagged-number", "date", "time", "underscored-word"),
    ),
    EdgeCase("tagged texts", prefixed("token", "binary", "unknown-tag")),
    EdgeCase("insecure-skip-tls-verify: yes, and quoted", yaml_files("insecure-yes", "insecure-quoted")),
    EdgeCase("no token", prefixed("token", "null", "empty", "absent", "wrong-case")),
    EdgeCase("a token as a block", prefixed("token", "block", "block-stripped", "folded")),
    EdgeCase("a token with blanks", yaml_files("token-with-blanks")),
    # Documents.
    EdgeCase(
        "several documents, marks and directives",
        yaml_files("several-documents", "dashes-and-comments", "directive-1.1", "directive-1.2")
        + yaml_files("first-document-empty"),
    ),
    EdgeCase(
        "anchors, aliases and merge keys",
        yaml_files("anchors", "merge-keys", "alias-undefined", "alias-of-itself", "billion-laughs"),
    ),
    EdgeCase("a key twice in a map", yaml_files("duplicate-key")),
    EdgeCase("a name twice in a list", prefixed("duplicate", "cluster", "user", "context", "extension")),
    EdgeCase(
        "the same names in two files",
        yaml_files("same-names-first", "same-names-second"),
        ("same-names: of entries with one name, the first file's counts, whole",),
    ),
    EdgeCase("unknown fields and keys that are no texts", yaml_files("unknown-fields", "number-keys", "sequence-key")),
    EdgeCase(
        "what is cut off",
        yaml_files("open-quote", "open-single-quote", "bare-key", "bare-key-inside", "colon-alone"),
    ),
    EdgeCase("line ends and encodings", yaml_files("crlf", "cr-only", "utf8-mark", "utf16-little", "utf16-big")),
    EdgeCase("JSON", ("plain.json", "tabs.json", "mark.json")),
    EdgeCase("tabs", yaml_files("tab-indentation", "tabs-after-colons")),
    EdgeCase("what is no text", yaml_files("invalid-utf8", "nul-byte")),
    EdgeCase("another shape", yaml_files("document-list", "document-text", "clusters-map", "preferences-list")),
    EdgeCase("null", yaml_files("clusters-null", "user-without-fields", "user-null", "null-values")),
    EdgeCase("another kind or version", yaml_files("kind-pod", "version-2", "kind-lower-case", "no-kind-no-version")),
    # Certificates.
    EdgeCase(
        "the spelling of CA data",
        prefixed("ca-data", "bad-alphabet", "url-safe", "unpadded", "folded", "wrapped", "crlf"),
    ),
    EdgeCase("CA files", prefixed("ca", "not-pem", "folder", "missing", "bundle")),
    EdgeCase("a client certificate and its key", yaml_files("key-mismatch", "certificate-not-pem", "key-not-pem")),
    # Files.
    EdgeCase(
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
    EdgeCase(
        "a linked kubeconfig with relative paths",
        yaml_files("token-file"),
        (
            "relative paths of a linked kubeconfig count from the link's folder",
            "a linked kubeconfig finds what lies beside the link",
        ),
    ),
    EdgeCase(
        "a context's name",
        prefixed("context-name", "spaces", "slash", "colon", "at", "any-script") + yaml_files("context-without-name"),
    ),
    EdgeCase("a plugin's null fields", prefixed("exec", "args-null", "env-null", "null")),
    # A megabyte that a line makes is not stored.
    EdgeCase("20,000 clusters", ("plain.json",), ("twenty thousand clusters",)),
    EdgeCase(
        "a tokenFile that is rotated, or cannot be read",
        yaml_files("token-file"),
        (
            "token-file: another token after the first request was refused",
            "token-file: another token after the first request",
            "token where tokenFile cannot be read",
            "tokenFile alone must be readable",
        ),
    ),
    EdgeCase("a file that everybody may read", ("plain.json",), ("a kubeconfig that everybody may read",)),
)


def find_gaps(cases):
    """What rows name and is not there, and files that no row names; empty where all is well."""
    names = {case.name for case in cases}
    read_files = set().union(*(case.stored_files() for case in cases))
    existing = {path.name for path in FILES.iterdir()}
    gaps = []
    for edge_case in EDGE_CASES:
        gaps += [f"{edge_case.description}: there is no {name}" for name in edge_case.files if name not in existing]
        gaps += [f"{edge_case.description}: no case reads {name}" for name in edge_case.files if name not in read_files]
        gaps += [f'{edge_case.description}: there is no case "{name}"' for name in edge_case.cases if name not in names]
    named = {name for edge_case in EDGE_CASES for name in edge_case.files}
    return gaps + [f"no row names {name}" for name in sorted(existing - named)]
