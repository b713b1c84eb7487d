"""One row of the table: a kubeconfig with flags and environment, and what is to become of it."""

import base64
import dataclasses
import json
import pathlib

FILES = pathlib.Path(__file__).parent / "kubeconfigs"

# The kubeconfig that a case changes. ${…} is filled in where it is run (testbed.py).
CLUSTER = {"server": "${server}", "certificate-authority": "${pki}/ca.crt"}
# Of a user who cannot be told, kubectl asks the name.
TOKEN = {"token": "s3cr3t-tok"}
# One who is never chosen, and not to be told of either.
OTHER = {"name": "other", "user": {"token": "s3cr3t-of-another", "password": "s3cr3t"}}

# Differences that many cases have.
NO_CLUSTER = {
    "error": "refused",
    "deviation": "a context without a cluster is an error of its own, and not localhost:8080",
    "tool_outcome": "no cluster",
}
ANONYMOUS = {
    "error": "asks for a name",
    "deviation": "it never asks, and goes on as nobody",
    "tool_outcome": {"scheme": "https", "authorization": "", "certificate": ""},
}


@dataclasses.dataclass(frozen=True)
class StoredFile:
    """A file of kubeconfigs/, in the place of a text."""

    name: str

    @property
    def text(self):
        return (FILES / self.name).read_text()


def resolve_text(value):
    return value.text if isinstance(value, StoredFile) else value


@dataclasses.dataclass(frozen=True)
class Case:
    """Without `error`, both programs are served, and what arrives is the same."""

    name: str
    # A file of kubeconfigs/, unchanged; or the differences to the plain kubeconfig. None takes a field away.
    file: str = ""
    cluster: dict = dataclasses.field(default_factory=dict)
    user: object = None
    context: dict = dataclasses.field(default_factory=dict)
    top: dict = dataclasses.field(default_factory=dict)
    flags: tuple = ()
    env: dict = dataclasses.field(default_factory=dict)
    mode: int = 0o600  # of the kubeconfig
    # By their names, each with a text or with what is a StoredFile:
    files: dict = dataclasses.field(default_factory=dict)  # more files
    links: dict = dataclasses.field(default_factory=dict)  # symbolic links to them, which have no text
    pipes: dict = dataclasses.field(default_factory=dict)  # named pipes, and what they say
    stdin: object = ""
    raw: bool = False  # kubectl asks by path, and so adds no words of its own to what the server says
    in_pod: bool = False  # it runs where a pod's service account is mounted
    # What kubectl does: some of what arrives (facts.py), or the class of its message (messages.py) where it fails.
    expected: dict = dataclasses.field(default_factory=dict)
    error: str = ""
    message: str = ""  # what both then say, word by word
    secrets: tuple = ()  # words that nobody may be told, beside those of secret_scan.py
    # Why this tool does otherwise, and then the facts that differ, or the class of its message.
    deviation: str = ""
    tool_outcome: object = None

    def kubeconfig(self):
        """Its bytes, not yet filled in."""
        if self.file:
            return (FILES / self.file).read_bytes()
        return json.dumps(config(self.cluster, self.user, self.context, self.top)).encode()

    def texts(self):
        """All that it gives to the programs, as one text."""
        kubeconfig = self.kubeconfig().replace(b"\0", b"").decode("latin-1")  # UTF-16 too
        inputs = [self.flags, self.env, self.files, self.pipes, self.stdin]
        return kubeconfig + json.dumps(inputs, default=resolve_text)

    def stored_files(self):
        """The files of kubeconfigs/ that it reads."""
        inputs = [*self.files.values(), *self.pipes.values(), self.stdin]
        return {self.file} | {source.name for source in inputs if isinstance(source, StoredFile)}


def without_null(fields):
    return {key: value for key, value in fields.items() if value is not None}


def config(cluster=None, user=None, context=None, top=None):
    """The plain kubeconfig, with what differs."""
    default = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": without_null({**CLUSTER, **(cluster or {})})}],
        "users": [{"name": "u", "user": TOKEN if user is None else user}, OTHER],
        "contexts": [
            {"name": "k", "context": without_null({"cluster": "c", "user": "u", **(context or {})})},
        ],
        "current-context": "k",
    }
    return without_null({**default, **(top or {})})


def kubeconfig_text(cluster=None, user=None, context=None, top=None):
    """The same as text, for a case's files."""
    return json.dumps(config(cluster, user, context, top))


def base64_of(words):
    return base64.b64encode(words.encode()).decode()


def basic(name, password):
    """The header's value."""
    return "Basic " + base64_of(f"{name}:{password}")
