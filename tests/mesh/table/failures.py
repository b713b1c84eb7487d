"""Services and pods that fail, and known faults."""

from scenario import Call, Change, Scenario, host
from views import BLOCKED

LITTLE_MEMORY = """
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata: {name: {name}, namespace: {namespace}}
spec:
  gateway:
    resources: {requests: {cpu: 10m, memory: 20Mi}, limits: {memory: 20Mi}}
"""

FAILING_HOSTS = [
    Scenario(
        "refuses",
        "a service that refuses connections: 503, and the gateway's log says why",
        ("--host", host("refuses.test")),
        (Call("http://{name}.refuses.test", answer=503, log={"flags": ".*UF.*"}, arrives=None),),
    ),
    Scenario(
        "nowhere",
        "a host that does not resolve: 503, and the gateway's log says that there is no endpoint",
        ("--host", "{name}.nowhere.test"),
        (
            Call(
                "http://{name}.nowhere.test",
                # Any address will do for the caller: its sidecar goes by the name.
                options=("--resolve", "{name}.nowhere.test:80:198.51.100.9"),
                answer=503,
                log={"flags": "UH"},
                arrives=None,
            ),
        ),
    ),
    Scenario(
        "hangs",
        "the gateway sets no timeout: a caller of a service that never answers waits until its own",
        ("--host", host("hangs.test")),
        (Call("http://{name}.hangs.test", answer=BLOCKED, log={"flags": "DR|DC"}, arrives=None, connects=True),),
    ),
    Scenario(
        "slow",
        "the gateway waits for a slow service",
        ("--host", host("slow.test")),
        (Call("http://{name}.slow.test", arrives={"sni": "{name}.slow.test"}),),
    ),
]

PODS = [
    Scenario(
        "image-missing",
        "an image that cannot be pulled: create says so, callers stay as they were, and inspect shows it",
        ("--host", host("good.test"), "--tag", "missing", "--timeout", "10s"),
        (
            Call("http://{name}.good.test", answer=BLOCKED, peer=None, arrives=None),
            Change(("egress", "list"), output="Incomplete"),
            Change(("egress", "inspect", "{name}"), output="ImagePullBackOff|ErrImagePull"),
        ),
        create_error="ImagePullBackOff|ErrImagePull",
    ),
    Scenario(
        "crash-loop",
        "a proxy that ends at once: create says so, and inspect shows the crash loop",
        ("--host", host("good.test"), "--tag", "crashes", "--timeout", "20s"),
        (Change(("egress", "inspect", "{name}"), output="CrashLoopBackOff"),),
        create_error="exit code 1",
    ),
    Scenario(
        "quota",
        "a quota that admits no pod: create says so",
        ("--host", host("good.test"), "--timeout", "10s"),
        (
            Change(("egress", "list"), output="Incomplete"),
            Change(("egress", "inspect", "{name}"), output="exceeded quota"),
        ),
        before=(Change(("create", "quota", "none", "--hard=pods=0", "-n", "{namespace}")),),
        create_error="exceeded quota",
    ),
    Scenario(
        "out-of-memory",
        "a proxy that exceeds its memory limit: inspect says that it was killed for that",
        ("--host", host("good.test"), "--timeout", "20s", "-f", "-"),
        (
            Change(("egress", "list"), output="Incomplete"),
            Change(("egress", "inspect", "{name}"), output="OOMKilled"),
        ),
        input=LITTLE_MEMORY,
        create_error="OOMKilled",
    ),
]

KNOWN_FAULTS = [
    Scenario(
        "headers",
        "no header that proxies add leaves the mesh",
        ("--host", host("good.test")),
        (
            Call(
                "http://{name}.good.test",
                arrives={"headers": r"(?!.*(?i:x-forwarded-for|x-forwarded-client-cert|x-envoy-|x-forwarded-proto)).*"},
            ),
        ),
        known_fault="x-forwarded-* and x-envoy-* headers leave, with internal addresses and names",
        known_error="outside: headers should match",
    ),
]
