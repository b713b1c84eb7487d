"""How a gateway works together with the ingress gateway, OPA, probes, other gateways and revisions of istiod."""

from scenario import Call, Change, Scenario, host

DIRECT_ENTRY = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: direct, namespace: {namespace}}
spec:
  hosts: ["{name}.good.test"]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP}]
"""
INGRESS = "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"

INTEGRATIONS = [
    Scenario(
        "expose",
        "callers outside the mesh reach the service through the ingress gateway, with a certificate of the CA that was saved",
        (
            "--host",
            host("good.test"),
            "--expose",
            "{name}.ingress.test",
            "--self-signed",
            "--save-ca",
            "{directory}/expose-ca.crt",
        ),
        (
            Call(
                "https://{name}.ingress.test",
                caller="plain",
                options=("--resolve", "{name}.ingress.test:443:{ingress}"),
                ca="{directory}/expose-ca.crt",
                peer=INGRESS,
                arrives={"sni": "{name}.good.test", "host": "{name}.good.test"},
            ),
            Call("http://{name}.good.test"),
        ),
    ),
    Scenario(
        "expose-with-secret",
        "the ingress gateway serves the exposed host with the certificate of a given Secret",
        ("--host", host("good.test"), "--expose", "{name}.ingress.test", "--tls-secret", "{name}"),
        (
            Call(
                "https://{name}.ingress.test",
                caller="plain",
                options=("--resolve", "{name}.ingress.test:443:{ingress}"),
                ca="{directory}/{name}.crt",
                peer=INGRESS,
                arrives={"sni": "{name}.good.test"},
            ),
        ),
        before=(Change(("ingress-certificate", "{name}")),),
    ),
    Scenario(
        "opa",
        "Open Policy Agent decides on every request, and nothing that it refuses arrives outside",
        (
            "--host",
            host("good.test"),
            "--opa-policy",
            "rules",
            "--opa-image",
            "docker.io/openpolicyagent/opa:1.4.2-envoy",
        ),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", options=("-X", "DELETE"), answer=403, arrives=None),
        ),
        before=(
            Change(
                (
                    "create",
                    "configmap",
                    "rules",
                    "-n",
                    "{namespace}",
                    "--from-literal=policy.rego=package envoy.authz\n"
                    'default allow := false\nallow if input.attributes.request.http.method == "GET"\n',
                ),
            ),
        ),
    ),
    Scenario(
        "probe",
        "the liveness probe restarts a gateway that cannot reach its service",
        ("-f", "-"),
        (
            Call("http://{name}.good.test"),
            Change(("host-down", "{name}.good.test")),
            Change(
                (
                    "get",
                    "pod",
                    "{pod}",
                    "-n",
                    "{namespace}",
                    "-o",
                    "jsonpath={.status.containerStatuses[0].restartCount}",
                ),
                output="[1-9]",
                timeout=120,
            ),
            Change(("host-up", "{name}.good.test")),
            Call("http://{name}.good.test"),
            Change(("logs", "{pod}", "-n", "{namespace}", "-c", "istio-proxy", "--previous"), output="/health"),
        ),
        input="""
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata: {name: {name}, namespace: {namespace}}
spec:
  hosts: ["{name}.good.test"]
  probe: {path: /health, periodSeconds: 1}
""",
    ),
    Scenario(
        "side-by-side",
        "two gateways side by side: each carries the requests of its own host only",
        ("--host", host("good.test")),
        (
            Change(("egress", "create", "second", "--host", "second-{name}.good.test")),
            Call("http://second-{name}.good.test", peer=None, arrives={"sni": "second-{name}.good.test"}),
            Call("http://{name}.good.test", arrives={"sni": "{name}.good.test"}),
        ),
    ),
    Scenario(
        "revision",
        "a second revision of istiod: the gateway gets its configuration from the one that was named",
        ("--host", host("good.test"), "--istio-revision", "next"),
        (
            Change(("connected-to", "istiod-next")),
            Call("http://{name}.good.test"),
            Change(("egress", "list"), output="1/1 +Ready"),
        ),
        before=(Change(("install-revision",)),),
        after=(Change(("remove-revision",)),),
    ),
    Scenario(
        "tcp-tls",
        "the gateway originates TLS for callers of TCP",
        (
            "--host",
            host("good.test"),
            "--protocol",
            "tcp",
            "--tls",
            "simple",
            "--port",
            "5671",
            "--address",
            "198.51.100.5",
        ),
        (Call("http://198.51.100.5:5671", arrives={"sni": "{name}.good.test", "port": "5671"}),),
    ),
    Scenario(
        "disruption-budget",
        "the PodDisruptionBudget lets one pod be evicted at a time, and list returns to Ready",
        ("--host", host("good.test"), "--min-replicas", "2"),
        (
            Change(
                (
                    "wait",
                    "deployment/{name}-egress",
                    "-n",
                    "{namespace}",
                    "--for=jsonpath={.status.readyReplicas}=2",
                    "--timeout=60s",
                )
            ),
            Change(("evict-all-but-one",)),
            Change(("egress", "list"), output="2/2 +Ready", timeout=60),
            Change(("egress", "inspect", "{name}"), output="Status: +Ready"),
            Call("http://{name}.good.test"),
        ),
    ),
]

MAKE_BEFORE_BREAK = [
    Scenario(
        "switch",
        "callers that reach the host directly lose no request when create switches them to the gateway",
        ("--host", host("good.test")),
        (Call("http://{name}.good.test", arrives={"port": "443"}),),
        before=(
            Change(("apply", "-f", "-"), DIRECT_ENTRY),
            Call("http://{name}.good.test", peer=None, arrives={"port": "80"}),
        ),
        uninterrupted_url="http://{name}.good.test/",
        fast=True,
    ),
]
