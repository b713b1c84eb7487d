"""One row of the table: a kubeconfig with flags and environment, and what is to become of it."""

import base64
import dataclasses
import json
import pathlib

FILES = pathlib.Path(__file__).parent / "kubeconfigs"

# The kubeconfig that a case changes. ${…} is filled in where it is run (place.py).
CLUSTER = {"server": "${server}", "certificate-authority": "${pki}/ca.crt"}
# Of a user who cannot be told, kubectl asks the name.
TOKEN = {"token": "s3cr3t-tok"}
# One who is never chosen, and not to be told of either.
OTHER = {"name": "other", "user": {"token": "s3cr3t-of-another", "password": "s3cr3t"}}

# Differences that many cases have.
NO_CLUSTER = {
    "fails": "refused",
    "star": "a context without a cluster is an error of its own, and not localhost:8080",
    "ours": "no cluster",
}
ANONYMOUS = {
    "fails": "asks for a name",
    "star": "it never asks, and goes on as nobody",
    "ours": {"scheme": "https", "authorization": "", "certificate": ""},
}


@dataclasses.dataclass(frozen=True)
class Stored:
    """A file of kubeconfigs/, in the place of a text."""

    name: str

    @property
    def text(self):
        return (FILES / self.name).read_text()


def text_of(value):
    return value.text if isinstance(value, Stored) else value


@dataclasses.dataclass(frozen=True)
class Case:
    """Without `fails`, both programs are served, and what arrives is the same."""

    name: str
    # A file of kubeconfigs/ as it stands; or else what the plain kubeconfig says differently. None takes a field away.
    file: str = ""
    cluster: dict = dataclasses.field(default_factory=dict)
    user: object = None
    context: dict = dataclasses.field(default_factory=dict)
    top: dict = dataclasses.field(default_factory=dict)
    flags: tuple = ()
    env: dict = dataclasses.field(default_factory=dict)
    mode: int = 0o600  # of the kubeconfig
    # By their names, each with a text or with what is Stored:
    files: dict = dataclasses.field(default_factory=dict)  # more files
    links: dict = dataclasses.field(default_factory=dict)  # symbolic links to them, which have no text
    pipes: dict = dataclasses.field(default_factory=dict)  # named pipes, and what they say
    stdin: object = ""
    raw: bool = False  # kubectl asks by path, and so adds no words of its own to what the server says
    pod: bool = False  # it runs where a pod's service account is mounted
    # What kubectl does: some of what arrives (facts.py), or the class of its message (messages.py) where it fails.
    arrives: dict = dataclasses.field(default_factory=dict)
    fails: str = ""
    says: str = ""  # what both then say, word by word
    secrets: tuple = ()  # words that nobody may be told, beside those of untold.py
    # Why this tool does otherwise, and then the facts that differ, or the class of its message.
    star: str = ""
    ours: object = None

    def kubeconfig(self):
        """Its bytes, not yet filled in."""
        if self.file:
            return (FILES / self.file).read_bytes()
        return json.dumps(config(self.cluster, self.user, self.context, self.top)).encode()

    def texts(self):
        """All that it gives to the programs, as one text."""
        kubeconfig = self.kubeconfig().replace(b"\0", b"").decode("latin-1")  # UTF-16 too
        more = [self.flags, self.env, self.files, self.pipes, self.stdin]
        return kubeconfig + json.dumps(more, default=text_of)

    def stored(self):
        """The files of kubeconfigs/ that it reads."""
        others = [*self.files.values(), *self.pipes.values(), self.stdin]
        return {self.file} | {one.name for one in others if isinstance(one, Stored)}


def without_null(fields):
    return {key: value for key, value in fields.items() if value is not None}


def config(cluster=None, user=None, context=None, top=None):
    """The plain kubeconfig, with what differs."""
    plain = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": without_null({**CLUSTER, **(cluster or {})})}],
        "users": [{"name": "u", "user": TOKEN if user is None else user}, OTHER],
        "contexts": [
            {"name": "k", "context": without_null({"cluster": "c", "user": "u", **(context or {})})},
        ],
        "current-context": "k",
    }
    return without_null({**plain, **(top or {})})


def text(cluster=None, user=None, context=None, top=None):
    """The same as text, for a case's files."""
    return json.dumps(config(cluster, user, context, top))


def base64_of(words):
    return base64.b64encode(words.encode()).decode()


def basic(name, password):
    """The header's value."""
    return "Basic " + base64_of(f"{name}:{password}")
