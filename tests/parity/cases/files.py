"""Which kubeconfigs are found, and how they are merged."""

from case import Case, Stored, text

FIRST = {"token": "s3cr3t-first"}
OTHER = text(user={"token": "s3cr3t-other"})
UNUSABLE = "the rest is not read: {"

CASES = [
    Case("KUBECONFIG names the file", user=FIRST, arrives={"authorization": "Bearer s3cr3t-first"}),
    Case(
        "--kubeconfig beats KUBECONFIG",
        user=FIRST,
        files={"other": OTHER},
        flags=("--kubeconfig", "other"),
        arrives={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "--kubeconfig is one path and not split",
        files={"other": OTHER},
        flags=("--kubeconfig", "config:other"),
        fails="file missing",
    ),
    Case("--kubeconfig must be there", flags=("--kubeconfig", "nowhere"), fails="file missing"),
    Case(
        "an empty --kubeconfig is not given",
        user=FIRST,
        flags=("--kubeconfig", ""),
        arrives={"authorization": "Bearer s3cr3t-first"},
    ),
    Case(
        "an empty KUBECONFIG is not given, and the file in HOME is read",
        env={"KUBECONFIG": ""},
        files={".kube/config": OTHER},
        arrives={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "without KUBECONFIG the file in HOME is read",
        env={"KUBECONFIG": None},
        files={".kube/config": OTHER},
        arrives={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "KUBECONFIG is not read where it names something, nor then the file in HOME",
        env={"KUBECONFIG": "nowhere"},
        files={".kube/config": OTHER},
        fails="refused",
    ),
    Case(
        "without HOME there is no file",
        env={"KUBECONFIG": None, "HOME": None},
        fails="refused",
    ),
    Case(
        "a file of the old name in HOME is still found",
        env={"KUBECONFIG": None},
        files={".kube/.kubeconfig": OTHER},
        arrives={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "missing files, empty elements and repeated ones of KUBECONFIG are passed over",
        user=FIRST,
        env={"KUBECONFIG": "nowhere::config:config:/nowhere/else"},
        arrives={"authorization": "Bearer s3cr3t-first"},
    ),
    Case(
        "~ does not stand for HOME in KUBECONFIG",
        env={"KUBECONFIG": "~/other"},
        files={"other": OTHER},
        fails="refused",
    ),
    Case(
        "same-names: of entries with one name, the first file's counts, whole",
        env={"KUBECONFIG": "first:second"},
        files={"first": Stored("same-names-first.yaml"), "second": Stored("same-names-second.yaml")},
        arrives={
            "prefix": "/first",
            "sni": "",
            "authorization": "Bearer s3cr3t-first",
            "namespace": "first",
        },
    ),
    Case(
        "the first current-context counts",
        env={"KUBECONFIG": "other:config"},
        top={"current-context": "k"},
        context={"namespace": "team"},
        files={"other": text(top={"current-context": "", "contexts": []})},
        arrives={"namespace": "team"},
    ),
    Case(
        "a later file's context may use an earlier file's user",
        env={"KUBECONFIG": "users:config"},
        top={"users": []},
        files={"users": '{"users": [{"name": "u", "user": {"token": "s3cr3t-from-the-first"}}]}'},
        arrives={"authorization": "Bearer s3cr3t-from-the-first"},
    ),
    Case(
        "a file that cannot be parsed fails all, also where another would do",
        env={"KUBECONFIG": "config:broken"},
        files={"broken": UNUSABLE},
        fails="yaml",
    ),
    Case(
        "a file that cannot be parsed fails all, also where it comes first",
        env={"KUBECONFIG": "broken:config"},
        files={"broken": UNUSABLE},
        fails="yaml",
    ),
    Case(
        "an empty file says nothing, and is no error",
        env={"KUBECONFIG": "empty:comment:dashes:null:config"},
        user=FIRST,
        files={"empty": "", "comment": "# nothing\n\n", "dashes": "---\n", "null": "null\n"},
        arrives={"authorization": "Bearer s3cr3t-first"},
    ),
    Case("a folder is no kubeconfig", env={"KUBECONFIG": "${folder}"}, fails="is a folder"),
    Case("a folder is no kubeconfig for the flag", flags=("--kubeconfig", "${folder}"), fails="is a folder"),
    Case(
        "relative paths count from the file's folder",
        env={"KUBECONFIG": "deep/config"},
        files={
            "deep/config": text(
                cluster={"certificate-authority": "pki/ca"},
                user={"tokenFile": "token", "client-certificate": "pki/crt", "client-key": "pki/key"},
            ),
            "deep/token": "s3cr3t-from-a-file\n",
        },
        links={
            "deep/pki/ca": "${pki}/ca.crt",
            "deep/pki/crt": "${pki}/alice.crt",
            "deep/pki/key": "${pki}/alice.key",
        },
        arrives={"authorization": "Bearer s3cr3t-from-a-file", "certificate": "alice"},
    ),
    Case(
        "relative paths of a linked kubeconfig count from the link's folder",
        env={"KUBECONFIG": "link/config"},
        files={"deep/config": Stored("token-file.yaml"), "deep/token": "s3cr3t"},
        links={"link/config": "../deep/config"},
        fails="file missing",
    ),
    Case(
        "a linked kubeconfig finds what lies beside the link",
        env={"KUBECONFIG": "link/config"},
        files={
            "deep/config": Stored("token-file.yaml"),
            "deep/token": "s3cr3t-deep",
            "link/token": "s3cr3t-link",
        },
        links={"link/config": "../deep/config"},
        arrives={"authorization": "Bearer s3cr3t-link"},
    ),
    Case(
        "paths of flags count from the working folder",
        env={"KUBECONFIG": "deep/config"},
        files={"deep/config": text(cluster={"certificate-authority": None})},
        links={"ca": "${pki}/ca.crt"},
        flags=("--certificate-authority", "ca"),
    ),
    Case(
        "a plugin's path with a slash counts from the file's folder",
        env={
            "KUBECONFIG": "deep/config",
            "PLUGIN_ANSWER": '{"kind": "ExecCredential", "apiVersion": '
            '"client.authentication.k8s.io/v1", "status": {"token": "s3cr3t-plugged"}}',
        },
        files={
            "deep/config": text(
                user={
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1",
                        "command": "../plugin",
                        "interactiveMode": "Never",
                    }
                }
            )
        },
        arrives={"authorization": "Bearer s3cr3t-plugged"},
    ),
    Case(
        "a kubeconfig in the place of its name",
        flags=("--kubeconfig", text(user={"token": "s3cr3t"})),
        fails="file missing",
    ),
    Case(
        "the standard input as a kubeconfig",
        flags=("--kubeconfig", "/dev/stdin"),
        stdin=Stored("plain.json"),
        arrives={"authorization": "Bearer s3cr3t-tok"},
    ),
    Case(
        "a named pipe as a kubeconfig",
        env={"KUBECONFIG": "pipe"},
        pipes={"pipe": Stored("plain.json")},
        arrives={"authorization": "Bearer s3cr3t-tok"},
    ),
    Case(
        "a named pipe as a kubeconfig that names a file which is missing",
        env={"KUBECONFIG": "pipe"},
        pipes={"pipe": Stored("ca-missing.yaml")},
        fails="file missing",
    ),
    Case(
        "a kubeconfig that everybody may read",
        file="plain.json",
        mode=0o644,
        arrives={"authorization": "Bearer s3cr3t-tok", "warnings": []},
    ),
]
