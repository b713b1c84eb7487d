"""Which kubeconfigs are found, and how they are merged."""

from case import Case, StoredFile, kubeconfig_text

FIRST = {"token": "s3cr3t-first"}
OTHER = kubeconfig_text(user={"token": "s3cr3t-other"})
INVALID_YAML = "the rest is not read: {"

CASES = [
    Case("KUBECONFIG names the file", user=FIRST, expected={"authorization": "Bearer s3cr3t-first"}),
    Case(
        "--kubeconfig beats KUBECONFIG",
        user=FIRST,
        files={"other": OTHER},
        flags=("--kubeconfig", "other"),
        expected={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "--kubeconfig is one path and not split",
        files={"other": OTHER},
        flags=("--kubeconfig", "config:other"),
        error="file missing",
    ),
    Case("--kubeconfig must be there", flags=("--kubeconfig", "nowhere"), error="file missing"),
    Case(
        "an empty --kubeconfig is not given",
        user=FIRST,
        flags=("--kubeconfig", ""),
        expected={"authorization": "Bearer s3cr3t-first"},
    ),
    Case(
        "an empty KUBECONFIG is not given, and the file in HOME is read",
        env={"KUBECONFIG": ""},
        files={".kube/config": OTHER},
        expected={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "without KUBECONFIG the file in HOME is read",
        env={"KUBECONFIG": None},
        files={".kube/config": OTHER},
        expected={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "KUBECONFIG is not read where it names something, nor then the file in HOME",
        env={"KUBECONFIG": "nowhere"},
        files={".kube/config": OTHER},
        error="refused",
    ),
    Case(
        "without HOME there is no file",
        env={"KUBECONFIG": None, "HOME": None},
        error="refused",
    ),
    Case(
        "a file of the old name in HOME is still found",
        env={"KUBECONFIG": None},
        files={".kube/.kubeconfig": OTHER},
        expected={"authorization": "Bearer s3cr3t-other"},
    ),
    Case(
        "missing files, empty elements and repeated ones of KUBECONFIG are passed over",
        user=FIRST,
        env={"KUBECONFIG": "nowhere::config:config:/nowhere/else"},
        expected={"authorization": "Bearer s3cr3t-first"},
    ),
    Case(
        "~ does not stand for HOME in KUBECONFIG",
        env={"KUBECONFIG": "~/other"},
        files={"other": OTHER},
        error="refused",
    ),
    Case(
        "same-names: of entries with one name, the first file's counts, whole",
        env={"KUBECONFIG": "first:second"},
        files={"first": StoredFile("same-names-first.yaml"), "second": StoredFile("same-names-second.yaml")},
        expected={
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
        files={"other": kubeconfig_text(top={"current-context": "", "contexts": []})},
        expected={"namespace": "team"},
    ),
    Case(
        "a later file's context may use an earlier file's user",
        env={"KUBECONFIG": "users:config"},
        top={"users": []},
        files={"users": '{"users": [{"name": "u", "user": {"token": "s3cr3t-from-the-first"}}]}'},
        expected={"authorization": "Bearer s3cr3t-from-the-first"},
    ),
    Case(
        "a file that cannot be parsed fails all, also where another would do",
        env={"KUBECONFIG": "config:broken"},
        files={"broken": INVALID_YAML},
        error="yaml",
    ),
    Case(
        "a file that cannot be parsed fails all, also where it comes first",
        env={"KUBECONFIG": "broken:config"},
        files={"broken": INVALID_YAML},
        error="yaml",
    ),
    Case(
        "an empty file sets nothing, and is no error",
        env={"KUBECONFIG": "empty:comment:dashes:null:config"},
        user=FIRST,
        files={"empty": "", "comment": "# nothing\n\n", "dashes": "---\n", "null": "null\n"},
        expected={"authorization": "Bearer s3cr3t-first"},
    ),
    Case("a folder is no kubeconfig", env={"KUBECONFIG": "${folder}"}, error="is a folder"),
    Case("a folder is no kubeconfig for the flag", flags=("--kubeconfig", "${folder}"), error="is a folder"),
    Case(
        "relative paths count from the file's folder",
        env={"KUBECONFIG": "deep/config"},
        files={
            "deep/config": kubeconfig_text(
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
        expected={"authorization": "Bearer s3cr3t-from-a-file", "certificate": "alice"},
    ),
    Case(
        "relative paths of a linked kubeconfig count from the link's folder",
        env={"KUBECONFIG": "link/config"},
        files={"deep/config": StoredFile("token-file.yaml"), "deep/token": "s3cr3t"},
        links={"link/config": "../deep/config"},
        error="file missing",
    ),
    Case(
        "a linked kubeconfig finds what lies beside the link",
        env={"KUBECONFIG": "link/config"},
        files={
            "deep/config": StoredFile("token-file.yaml"),
            "deep/token": "s3cr3t-deep",
            "link/token": "s3cr3t-link",
        },
        links={"link/config": "../deep/config"},
        expected={"authorization": "Bearer s3cr3t-link"},
    ),
    Case(
        "paths of flags count from the working folder",
        env={"KUBECONFIG": "deep/config"},
        files={"deep/config": kubeconfig_text(cluster={"certificate-authority": None})},
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
            "deep/config": kubeconfig_text(
                user={
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1",
                        "command": "../plugin",
                        "interactiveMode": "Never",
                    }
                }
            )
        },
        expected={"authorization": "Bearer s3cr3t-plugged"},
    ),
    Case(
        "a kubeconfig in the place of its name",
        flags=("--kubeconfig", kubeconfig_text(user={"token": "s3cr3t"})),
        error="file missing",
    ),
    Case(
        "the standard input as a kubeconfig",
        flags=("--kubeconfig", "/dev/stdin"),
        stdin=StoredFile("plain.json"),
        expected={"authorization": "Bearer s3cr3t-tok"},
    ),
    Case(
        "a named pipe as a kubeconfig",
        env={"KUBECONFIG": "pipe"},
        pipes={"pipe": StoredFile("plain.json")},
        expected={"authorization": "Bearer s3cr3t-tok"},
    ),
    Case(
        "a named pipe as a kubeconfig that names a file which is missing",
        env={"KUBECONFIG": "pipe"},
        pipes={"pipe": StoredFile("ca-missing.yaml")},
        error="file missing",
    ),
    Case(
        "a kubeconfig that everybody may read",
        file="plain.json",
        mode=0o644,
        expected={"authorization": "Bearer s3cr3t-tok", "warnings": []},
    ),
]
