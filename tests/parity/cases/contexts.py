"""Which context, cluster, user and namespace."""

from case import ANONYMOUS, CLUSTER, NO_CLUSTER, Case

TWO_CONTEXTS = {
    "clusters": [
        {"name": "c", "cluster": CLUSTER},
        {"name": "prefixed", "cluster": {**CLUSTER, "server": "${server}/second"}},
    ],
    "users": [{"name": "u", "user": {"token": "s3cr3t-u"}}, {"name": "v", "user": {"token": "s3cr3t-v"}}],
    "contexts": [
        {"name": "k", "context": {"cluster": "c", "user": "u"}},
        {"name": "l", "context": {"cluster": "prefixed", "user": "v", "namespace": "second"}},
    ],
}


SERVICE_ACCOUNT_FILES = {"pod/token": "s3cr3t-of-pod", "pod/namespace": "of-pod", "pod/ca.crt": "${ca-crt}"}
POD_ENVIRONMENT = {
    "KUBECONFIG": None,
    "KUBERNETES_SERVICE_HOST": "127.0.0.1",
    "KUBERNETES_SERVICE_PORT": "${port}",
}


def pod(name, **more):
    return Case(name, in_pod=True, **{"files": SERVICE_ACCOUNT_FILES, "env": POD_ENVIRONMENT, **more})


CASES = [
    Case(
        "--context chooses",
        top=TWO_CONTEXTS,
        flags=("--context", "l"),
        expected={"prefix": "/second", "authorization": "Bearer s3cr3t-v", "namespace": "second"},
    ),
    Case(
        "--cluster takes another cluster than the context's",
        top=TWO_CONTEXTS,
        flags=("--cluster", "prefixed"),
        expected={"prefix": "/second", "authorization": "Bearer s3cr3t-u", "namespace": "default"},
    ),
    Case(
        "--user takes another user than the context's",
        top=TWO_CONTEXTS,
        flags=("--user", "v"),
        expected={"prefix": "", "authorization": "Bearer s3cr3t-v"},
    ),
    Case("--context must be there", flags=("--context", "nobody"), error="context missing"),
    Case("--cluster must be there", flags=("--cluster", "nobody"), error="cluster missing"),
    Case("--user must be there", flags=("--user", "nobody"), error="user missing"),
    Case("current-context must be there", top={"current-context": "nobody"}, error="context missing"),
    Case(
        "an empty --context is not given",
        top=TWO_CONTEXTS,
        flags=("--context", "", "--cluster", "", "--user", ""),
        expected={"authorization": "Bearer s3cr3t-u"},
    ),
    Case(
        "a single context is not chosen by itself",
        top={"current-context": None},
        error="refused",
    ),
    Case(
        "--cluster and --user need no context",
        top={**TWO_CONTEXTS, "current-context": None},
        flags=("--cluster", "c", "--user", "v"),
        expected={"authorization": "Bearer s3cr3t-v"},
    ),
    Case(
        "a context without a cluster",
        context={"cluster": None},
        **NO_CLUSTER,
    ),
    Case(
        "a context whose cluster is not defined",
        context={"cluster": "nobody"},
        **NO_CLUSTER,
    ),
    Case(
        "--server serves a context whose cluster is not defined",
        context={"cluster": "nobody"},
        flags=("--server", "${server}", "--certificate-authority", "${pki}/ca.crt", "--token", "s3cr3t-t"),
        expected={"authorization": "Bearer s3cr3t-t"},
    ),
    Case(
        "a context without a user is anonymous",
        context={"user": None},
        **ANONYMOUS,
    ),
    Case(
        "a context whose user is not defined is anonymous",
        context={"user": "nobody"},
        **ANONYMOUS,
    ),
    Case(
        "a context whose user is not defined is served by --token",
        context={"user": "nobody"},
        flags=("--token", "s3cr3t-t"),
        expected={"authorization": "Bearer s3cr3t-t"},
    ),
    Case("the context's namespace", context={"namespace": "team"}, expected={"namespace": "team"}),
    Case(
        "-n beats the context's namespace",
        context={"namespace": "team"},
        flags=("-n", "other"),
        expected={"namespace": "other"},
    ),
    Case("-nNAME", flags=("-nother",), expected={"namespace": "other"}),
    Case("-n=NAME", flags=("-n=other",), expected={"namespace": "other"}),
    Case("--namespace=NAME", flags=("--namespace=other",), expected={"namespace": "other"}),
    Case(
        "an empty -n is not given",
        context={"namespace": "team"},
        flags=("-n", ""),
        expected={"namespace": "team"},
    ),
    Case("-A beats -n", flags=("-A", "-n", "other"), expected={"namespace": ""}),
    Case("no namespace is default", expected={"namespace": "default"}),
    Case("the last -n counts", flags=("-n", "one", "-n", "two"), expected={"namespace": "two"}),
    Case("a namespace with a slash", context={"namespace": "ns/foo"}, error="namespace"),
    Case("a namespace with a percent sign", flags=("-n", "a%2fb"), error="namespace"),
    Case("a namespace that is two dots", flags=("-n", ".."), error="namespace"),
    Case(
        "POD_NAMESPACE alone does not matter",
        env={"POD_NAMESPACE": "pod"},
        expected={"namespace": "default"},
    ),
    *(
        Case(f"context-name-{kind}", file=f"context-name-{kind}.yaml", expected={"namespace": "named"})
        for kind in ("spaces", "slash", "colon", "at", "any-script")
    ),
    Case(
        "a context without a name, and no current-context",
        file="context-without-name.yaml",
        expected={"namespace": "unnamed"},
    ),
    pod("a pod's service account", expected={"authorization": "Bearer s3cr3t-of-pod", "namespace": "of-pod"}),
    pod("a pod, in another namespace", flags=("-n", "other"), expected={"namespace": "other"}),
    pod("a pod and a --token", flags=("--token", "s3cr3t-t"), expected={"authorization": "Bearer s3cr3t-t"}),
    pod(
        "a pod and --server",
        flags=("--server", "${server}", "--certificate-authority", "${pki}/ca.crt"),
        **ANONYMOUS,
    ),
    pod(
        "a pod whose namespace is named",
        env={**POD_ENVIRONMENT, "POD_NAMESPACE": "named"},
        expected={"namespace": "named", "authorization": "Bearer s3cr3t-of-pod"},
    ),
    Case(
        "a kubeconfig in a pod",
        in_pod=True,
        files=SERVICE_ACCOUNT_FILES,
        env={"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "${port}"},
        expected={"authorization": "Bearer s3cr3t-tok", "namespace": "of-pod"},
    ),
]
