"""The other global flags, and how flags are written."""

from case import Case

CASES = [
    Case("--request-timeout in seconds", flags=("--request-timeout", "5"), arrives={"timeout": 5}),
    Case("--request-timeout as a duration", flags=("--request-timeout=1m30s",), arrives={"timeout": 90}),
    Case("--request-timeout 0 is none", flags=("--request-timeout=0",), arrives={"timeout": 0}),
    Case("--request-timeout that is no time", flags=("--request-timeout=soon",), fails="timeout"),
    Case("--request-timeout below nothing", flags=("--request-timeout=-1",), fails="timeout"),
    Case("--disable-compression", flags=("--disable-compression",), arrives={"compression": False}),
    Case(
        "--username and --password",
        user={},
        flags=("--username", "me", "--password", "p"),
        arrives={"authorization": "Basic bWU6cA=="},
    ),
    Case("--username and a token", flags=("--username", "me", "--password", "p"), fails="two ways"),
    Case("--cache-dir", flags=("--cache-dir", "elsewhere")),
    Case("the last --token counts", flags=("--token=a", "--token=b"), arrives={"authorization": "Bearer b"}),
    Case(
        "_ is - in a flag's name", flags=("--insecure_skip_tls_verify",), cluster={"server": "${other-name}"}
    ),
    Case("a flag that nobody knows", flags=("--zzz",), fails="flag unknown"),
    Case("a flag without its value", flags=("--token",), fails="flag without value"),
    Case("-v is taken", flags=("-v", "0")),
    Case("-v=0 is taken", flags=("-v=0",)),
    Case("-v 9 says no secrets", user={"token": "s3cr3t"}, flags=("-v", "9")),
    Case("--profile is taken", flags=("--profile", "none", "--profile-output=elsewhere")),
    Case("--vmodule is taken", flags=("--vmodule", "round_trippers=6,request=0")),
    Case("--log-flush-frequency is taken", flags=("--log-flush-frequency=1s",)),
    Case("--match-server-version=false is taken", flags=("--match-server-version=false",)),
    Case(
        "--match-server-version",
        flags=("--match-server-version",),
        fails="another version",
        star="it has no version of Kubernetes that the server's could be",
        ours={"authorization": "Bearer tok"},
    ),
    Case(
        "KUBERNETES_MASTER is the server where none is configured",
        top={"clusters": [], "contexts": [], "current-context": ""},
        env={"KUBERNETES_MASTER": "${server}"},
        flags=("--token", "t", "--insecure-skip-tls-verify"),
        arrives={"authorization": "Bearer t"},
    ),
    Case(
        "--server needs no kubeconfig",
        env={"KUBECONFIG": "nowhere"},
        flags=("--server", "${server}", "--certificate-authority", "${pki}/ca.crt", "--token", "t"),
        arrives={"authorization": "Bearer t"},
    ),
    Case(
        "the program, its command and its session are named",
        arrives={
            "command": "kubectl COMMAND",
            "session": "UUID",
            "sessions": 1,
        },
    ),
    Case(
        "KUBECTL_COMMAND_HEADERS=false",
        env={"KUBECTL_COMMAND_HEADERS": "false"},
        arrives={"command": "kubectl COMMAND", "session": "UUID"},
        star="who once chose, with an older kubectl, to send no headers about the command is not overruled",
        ours={"command": "", "session": "", "sessions": 0},
    ),
    Case("DISABLE_HTTP2", env={"DISABLE_HTTP2": "true"}, arrives={"authorization": "Bearer tok"}),
]
