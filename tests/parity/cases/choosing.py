"""Which context, cluster, user and namespace."""

from case import ANONYMOUS, CLUSTER, NO_CLUSTER, Case

TWO = {
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


ACCOUNT = {"pod/token": "s3cr3t-of-pod", "pod/namespace": "of-pod", "pod/ca.crt": "${ca-crt}"}
IN_POD = {
    "KUBECONFIG": None,
    "KUBERNETES_SERVICE_HOST": "127.0.0.1",
    "KUBERNETES_SERVICE_PORT": "${port}",
}


def pod(name, **more):
    return Case(name, pod=True, **{"files": ACCOUNT, "env": IN_POD, **more})


CASES = [
    Case(
        "--context chooses",
        top=TWO,
        flags=("--context", "l"),
        arrives={"prefix": "/second", "authorization": "Bearer s3cr3t-v", "namespace": "second"},
    ),
    Case(
        "--cluster takes another cluster than the context's",
        top=TWO,
        flags=("--cluster", "prefixed"),
        arrives={"prefix": "/second", "authorization": "Bearer s3cr3t-u", "namespace": "default"},
    ),
    Case(
        "--user takes another user than the context's",
        top=TWO,
        flags=("--user", "v"),
        arrives={"prefix": "", "authorization": "Bearer s3cr3t-v"},
    ),
    Case("--context must be there", flags=("--context", "nobody"), fails="context missing"),
    Case("--cluster must be there", flags=("--cluster", "nobody"), fails="cluster missing"),
    Case("--user must be there", flags=("--user", "nobody"), fails="user missing"),
    Case("current-context must be there", top={"current-context": "nobody"}, fails="context missing"),
    Case(
        "an empty --context is not given",
        top=TWO,
        flags=("--context", "", "--cluster", "", "--user", ""),
        arrives={"authorization": "Bearer s3cr3t-u"},
    ),
    Case(
        "a single context is not chosen by itself",
        top={"current-context": None},
        fails="refused",
    ),
    Case(
        "--cluster and --user need no context",
        top={**TWO, "current-context": None},
        flags=("--cluster", "c", "--user", "v"),
        arrives={"authorization": "Bearer s3cr3t-v"},
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
        arrives={"authorization": "Bearer s3cr3t-t"},
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
        arrives={"authorization": "Bearer s3cr3t-t"},
    ),
    Case("the context's namespace", context={"namespace": "team"}, arrives={"namespace": "team"}),
    Case(
        "-n beats the context's namespace",
        context={"namespace": "team"},
        flags=("-n", "other"),
        arrives={"namespace": "other"},
    ),
    Case("-nNAME", flags=("-nother",), arrives={"namespace": "other"}),
    Case("-n=NAME", flags=("-n=other",), arrives={"namespace": "other"}),
    Case("--namespace=NAME", flags=("--namespace=other",), arrives={"namespace": "other"}),
    Case(
        "an empty -n is not given",
        context={"namespace": "team"},
        flags=("-n", ""),
        arrives={"namespace": "team"},
    ),
    Case("-A beats -n", flags=("-A", "-n", "other"), arrives={"namespace": ""}),
    Case("no namespace is default", arrives={"namespace": "default"}),
    Case("the last -n counts", flags=("-n", "one", "-n", "two"), arrives={"namespace": "two"}),
    Case("a namespace with a slash", context={"namespace": "ns/foo"}, fails="namespace"),
    Case("a namespace with a percent sign", flags=("-n", "a%2fb"), fails="namespace"),
    Case("a namespace that is two dots", flags=("-n", ".."), fails="namespace"),
    Case(
        "POD_NAMESPACE alone does not matter",
        env={"POD_NAMESPACE": "pod"},
        arrives={"namespace": "default"},
    ),
    *(
        Case(f"context-name-{kind}", file=f"context-name-{kind}.yaml", arrives={"namespace": "named"})
        for kind in ("spaces", "slash", "colon", "at", "any-script")
    ),
    Case(
        "a context without a name, and no current-context",
        file="context-without-name.yaml",
        arrives={"namespace": "unnamed"},
    ),
    pod("a pod's service account", arrives={"authorization": "Bearer s3cr3t-of-pod", "namespace": "of-pod"}),
    pod("a pod, in another namespace", flags=("-n", "other"), arrives={"namespace": "other"}),
    pod("a pod and a --token", flags=("--token", "s3cr3t-t"), arrives={"authorization": "Bearer s3cr3t-t"}),
    pod(
        "a pod and --server",
        flags=("--server", "${server}", "--certificate-authority", "${pki}/ca.crt"),
        **ANONYMOUS,
    ),
    pod(
        "a pod whose namespace is named",
        env={**IN_POD, "POD_NAMESPACE": "named"},
        arrives={"namespace": "named", "authorization": "Bearer s3cr3t-of-pod"},
    ),
    Case(
        "a kubeconfig in a pod",
        pod=True,
        files=ACCOUNT,
        env={"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "${port}"},
        arrives={"authorization": "Bearer s3cr3t-tok", "namespace": "of-pod"},
    ),
]
