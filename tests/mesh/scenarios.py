"""The scenarios: every claim of the README, `inspect` and the contract that traffic can prove.

Each has a gateway of its own, called {name}, in a namespace of its own. Every name below a domain of the hosts outside
(tests/sandbox/mesh/world/outside/hosts.go) resolves to that host.
"""

from scenario import PAY, SHOP, Call, Change, Scenario
from views import BLOCKED

GRPC = ("--http2-prior-knowledge", "-H", "content-type: application/grpc", "-H", "te: trailers", "--data-binary", "@/etc/hostname")
NO_RESPONSE = {"code": "503|0"}


def host(domain):
    return "{name}." + domain


def secret(name, *files):
    """Creates a Secret from files of the sandbox's directory."""
    return Change(("create", "secret", "generic", name, "-n", "{namespace}", *(f"--from-file={one}" for one in files)))


PRIVATE_CA = secret("private-ca", "ca.crt={directory}/private-ca.crt")
CLIENT = Change(("client-certificate", "one"))
OTHER_CLIENT = Change(("client-certificate", "two"))

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

LITTLE_MEMORY = """
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata: {name: {name}, namespace: {namespace}}
spec:
  gateway:
    resources: {requests: {cpu: 10m, memory: 20Mi}, limits: {memory: 20Mi}}
"""

TLS = [
    Scenario(
        "simple",
        "the gateway originates TLS: SNI, Host, method and path arrive, from the gateway's pod, and its log has the caller",
        ("--host", host("good.test")),
        (
            Call(
                "http://{name}.good.test",
                log={"code": "200", "method": "GET", "authority": "{name}.good.test"},
                arrives={"sni": "{name}.good.test", "host": "{name}.good.test", "method": "GET", "port": "443"},
            ),
            Call("http://{name}.good.test", caller="pay", peer=PAY),
            Call("http://{name}.good.test", options=("-X", "PUT", "--data", "x"), arrives={"method": "PUT"}),
            Call("http://other-{name}.good.test", answer=BLOCKED, peer=None, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "none",
        "without TLS the request leaves in plain HTTP on port 80",
        ("--host", host("plain.test"), "--tls", "none"),
        (Call("http://{name}.plain.test", arrives={"port": "80", "sni": "", "host": "{name}.plain.test"}),),
    ),
    Scenario(
        "port",
        "another port of the service: callers use 80, and the gateway connects to it",
        ("--host", host("good.test"), "--port", "8443"),
        (Call("http://{name}.good.test", arrives={"port": "8443", "sni": "{name}.good.test"}),),
    ),
    Scenario(
        "passthrough",
        "callers make TLS themselves: the gateway routes by SNI and sees no request",
        ("--host", host("good.test"), "--tls", "passthrough"),
        (
            Call("https://{name}.good.test", log={"sni": ".*{name}.good.test.*"}, arrives={"sni": "{name}.good.test", "port": "443"}),
            Call("https://other-{name}.good.test", answer=BLOCKED, peer=None, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "passthrough-port",
        "passthrough on another port",
        ("--host", host("good.test"), "--tls", "passthrough", "--port", "8443"),
        (Call("https://{name}.good.test:8443", arrives={"sni": "{name}.good.test", "port": "8443"}),),
    ),
    Scenario(
        "database-tls",
        "TLS on the port of a database passes through by SNI",
        ("--host", host("good.test"), "--tls", "passthrough", "--port", "5671"),
        (Call("https://{name}.good.test:5671", arrives={"sni": "{name}.good.test", "port": "5671"}),),
    ),
    Scenario(
        "sni",
        "another SNI is sent, and the certificate is verified for the name that is accepted",
        ("--host", host("good.test"), "--sni", "sni-{name}.good.test", "--upstream-san", "sni-{name}.good.test"),
        (Call("http://{name}.good.test", arrives={"sni": "sni-{name}.good.test", "host": "{name}.good.test"}),),
    ),
    Scenario(
        "expired",
        "an expired certificate is refused: the caller gets 503, and nothing but a handshake arrives",
        ("--host", host("expired.test")),
        (Call("http://{name}.expired.test", answer=503, log={"failure": ".*(?i:certificate).*"}, arrives=None, error="certificate"),),
        fast=True,
    ),
    Scenario(
        "other-name",
        "a certificate for another name is refused",
        ("--host", host("othername.test")),
        (Call("http://{name}.othername.test", answer=503, log={"failure": ".*(?i:certificate).*"}, arrives=None, error="certificate"),),
    ),
    Scenario(
        "other-name-accepted",
        "a certificate for another name is accepted if that name is given",
        ("--host", host("othername.test"), "--upstream-san", "another.test"),
        (Call("http://{name}.othername.test", arrives={"sni": "{name}.othername.test"}),),
    ),
    Scenario(
        "unknown-ca",
        "a certificate of a CA that is not known is refused",
        ("--host", host("private.test")),
        (Call("http://{name}.private.test", answer=503, log={"failure": ".*(?i:certificate).*"}, arrives=None),),
    ),
    Scenario(
        "private-ca",
        "a private CA is trusted if a Secret has it",
        ("--host", host("private.test"), "--upstream-ca", "private-ca"),
        (Call("http://{name}.private.test", arrives={"sni": "{name}.private.test"}),),
        before=(PRIVATE_CA,),
        fast=True,
    ),
    Scenario(
        "no-verification",
        "without verification any certificate is accepted",
        ("--host", host("private.test"), "--insecure-skip-upstream-verify"),
        (Call("http://{name}.private.test", arrives={"sni": "{name}.private.test"}),),
    ),
    Scenario(
        "mutual",
        "mutual TLS: the client certificate of the Secret arrives, and after a change of the Secret the new one",
        ("--host", host("mutual.test"), "--tls", "mutual", "--client-credential", "client"),
        (
            Call("http://{name}.mutual.test", arrives={"clientCertificate": "CN=one", "sni": "{name}.mutual.test"}),
            OTHER_CLIENT,
            Call("http://{name}.mutual.test", arrives={"clientCertificate": "CN=two"}),
        ),
        before=(CLIENT,),
        fast=True,
    ),
    Scenario(
        "no-client-certificate",
        "a service that asks for a client certificate gets none without mutual TLS, and refuses",
        ("--host", host("mutual.test")),
        (Call("http://{name}.mutual.test", answer=503, arrives=None, error="certificate"),),
    ),
]

PROTOCOLS = [
    Scenario(
        "grpc",
        "gRPC arrives as HTTP/2",
        ("--host", host("good.test"), "--protocol", "grpc"),
        (
            Call(
                "http://{name}.good.test",
                options=GRPC,
                arrives={"protocol": "HTTP/2.0", "alpn": "h2", "method": "POST", "headers": ".*application/grpc.*"},
            ),
        ),
    ),
    Scenario(
        "https",
        "callers that speak HTTPS pass through",
        ("--host", host("good.test"), "--protocol", "https"),
        (Call("https://{name}.good.test", arrives={"sni": "{name}.good.test"}),),
    ),
    Scenario(
        "tcp",
        "TCP whose client speaks first, by an address that callers dial",
        ("--host", host("good.test"), "--protocol", "tcp", "--tls", "none", "--port", "9000", "--address", "198.51.100.1"),
        (Call("tcp://198.51.100.1:9000", answer="{name}-\\d+", arrives={"port": "9000"}),),
        fast=True,
    ),
    Scenario(
        "tcp-server-first",
        "TCP whose server speaks first",
        ("--host", host("good.test"), "--protocol", "tcp", "--tls", "none", "--port", "9001", "--address", "198.51.100.2"),
        (Call("greeting://198.51.100.2:9001", answer="220 ready", arrives={"port": "9001"}),),
    ),
    Scenario(
        "alias",
        "a further name reaches the same host",
        ("--host", host("good.test"), "--alias", "alias-{name}.good.test"),
        (
            Call("http://{name}.good.test", arrives={"sni": "{name}.good.test"}),
            Call("http://alias-{name}.good.test", arrives={"sni": "{name}.good.test"}),
        ),
    ),
    Scenario(
        "wildcard",
        "all names of a wildcard reach the one host that serves them",
        ("--host", "*.{name}.good.test", "--upstream-server", "server.{name}.good.test"),
        (
            Call("http://one.{name}.good.test", arrives={"host": "one.{name}.good.test"}),
            Call("http://two.{name}.good.test", arrives={"host": "two.{name}.good.test"}),
        ),
        fast=True,
    ),
    Scenario(
        "wildcard-passthrough",
        "a wildcard passes through by SNI",
        ("--host", "*.{name}.good.test", "--tls", "passthrough", "--upstream-server", "server.{name}.good.test"),
        (Call("https://one.{name}.good.test", arrives={"sni": "one.{name}.good.test"}),),
    ),
    Scenario(
        "two-hosts",
        "two hosts of one gateway, each with its own SNI",
        ("--host", host("good.test"), "--host", "second-{name}.good.test"),
        (
            Call("http://{name}.good.test", arrives={"sni": "{name}.good.test"}),
            Call("http://second-{name}.good.test", arrives={"sni": "second-{name}.good.test"}),
        ),
    ),
]

ACCESS = [
    Scenario(
        "allow",
        "only the allowed namespace may use the gateway; others get 403, and nothing arrives outside",
        ("--host", host("good.test"), "--allow", "shop"),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", caller="pay", answer=403, peer=PAY, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "allow-account",
        "only the allowed service account may use the gateway",
        ("--host", host("good.test"), "--allow", "pay/web", "--allow", "shop/another"),
        (
            Call("http://{name}.good.test", caller="pay", peer=PAY),
            Call("http://{name}.good.test", answer=403, arrives=None),
        ),
    ),
    Scenario(
        "allow-passthrough",
        "the allow-list holds for passthrough: no handshake of another caller arrives outside",
        ("--host", host("good.test"), "--tls", "passthrough", "--allow", "shop"),
        (
            Call("https://{name}.good.test"),
            Call("https://{name}.good.test", caller="pay", answer=BLOCKED, peer=PAY, arrives=None),
        ),
    ),
    Scenario(
        "allow-tcp",
        "the allow-list holds for TCP whose client speaks first",
        ("--host", host("good.test"), "--protocol", "tcp", "--tls", "none", "--port", "9000", "--address", "198.51.100.4", "--allow", "shop"),
        (
            Call("tcp://198.51.100.4:9000", answer="{name}-\\d+"),
            Call("tcp://198.51.100.4:9000", caller="pay", answer="", peer=PAY, arrives=None),
        ),
    ),
    Scenario(
        "allow-tcp-server-first",
        "the allow-list holds for TCP whose server speaks first: a caller that is not allowed gets no byte of it",
        ("--host", host("good.test"), "--protocol", "tcp", "--tls", "none", "--port", "9001", "--address", "198.51.100.3", "--allow", "shop"),
        (
            Call("greeting://198.51.100.3:9001", answer="220 ready"),
            Call("greeting://198.51.100.3:9001", caller="pay", answer="", peer=PAY, arrives=None),
        ),
        fails="the gateway connects and passes the server's greeting on before it decides",
        fails_with="the caller's answer: expected , got 0 +220 ready",
    ),
    Scenario(
        "export-to",
        "only the namespaces that the routes are exported to reach the gateway",
        ("--host", host("good.test"), "--export-to", "shop"),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", caller="pay", answer=BLOCKED, peer=None, arrives=None),
        ),
        fast=True,
    ),
    Scenario(
        "plaintext",
        "plaintext between callers and the gateway: the request passes, without an identity",
        ("--host", host("good.test"), "--mesh-tls", "plaintext"),
        (Call("http://{name}.good.test", peer=""),),
    ),
    Scenario(
        "network-policy",
        "with a NetworkPolicy callers of other namespaces cannot even connect",
        ("--host", host("good.test"), "--allow", "shop", "--network-policy"),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", caller="pay", answer=BLOCKED, peer=None, arrives=None),
        ),
    ),
    Scenario(
        "stranger",
        "a pod without a sidecar is refused by the mesh's TLS",
        ("--host", host("good.test")),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}-egress.{namespace}.svc.cluster.local", caller="plain", answer=BLOCKED, peer=None, arrives=None),
        ),
    ),
]

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
        "a service that never answers: the caller waits as long as it likes",
        ("--host", host("hangs.test")),
        (Call("http://{name}.hangs.test", answer=BLOCKED, log={"flags": "DR|DC"}, arrives=None),),
    ),
    Scenario(
        "slow",
        "a service that answers slowly gets the time that it needs",
        ("--host", host("slow.test")),
        (Call("http://{name}.slow.test", arrives={"sni": "{name}.slow.test"}),),
    ),
]

INGRESS = "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"

SURROUNDINGS = [
    Scenario(
        "expose",
        "callers outside the mesh reach the service through the ingress gateway, with a certificate of the CA that was saved",
        ("--host", host("good.test"), "--expose", "{name}.ingress.test", "--self-signed", "--save-ca", "{directory}/expose-ca.crt"),
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
        "opa",
        "Open Policy Agent decides on every request, and nothing that it refuses arrives outside",
        ("--host", host("good.test"), "--opa-policy", "rules", "--opa-image", "docker.io/openpolicyagent/opa:1.4.2-envoy"),
        (
            Call("http://{name}.good.test"),
            Call("http://{name}.good.test", options=("-X", "DELETE"), answer=403, arrives=None),
        ),
        before=(
            Change(
                ("create", "configmap", "rules", "-n", "{namespace}", "--from-literal=policy.rego=package envoy.authz\n"
                 'default allow := false\nallow if input.attributes.request.http.method == "GET"\n'),
            ),
        ),
    ),
    Scenario(
        "probe",
        "a gateway by which the service cannot be reached is restarted, and serves again",
        ("-f", "-"),
        (
            Call("http://{name}.good.test"),
            Change(("host-down", "{name}.good.test")),
            Change(("get", "pod", "{pod}", "-n", "{namespace}", "-o", "jsonpath={.status.containerStatuses[0].restartCount}"), says="[1-9]", within=120),
            Change(("host-up", "{name}.good.test")),
            Call("http://{name}.good.test"),
            Change(("logs", "{pod}", "-n", "{namespace}", "-c", "istio-proxy", "--previous"), says="/health"),
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
            Change(("egress", "list", "-o", "wide"), says="Ready"),
            Change(("remove-revision",)),
        ),
        before=(Change(("install-revision",)),),
    ),
    Scenario(
        "tcp-tls",
        "the gateway originates TLS for callers of TCP",
        ("--host", host("good.test"), "--protocol", "tcp", "--tls", "simple", "--port", "5671", "--address", "198.51.100.5"),
        (Call("http://198.51.100.5:5671", arrives={"sni": "{name}.good.test", "port": "5671"}),),
    ),
    Scenario(
        "disruption-budget",
        "of a gateway's pods only one is evicted at a time, and list is Ready again when the new one is",
        ("--host", host("good.test"), "--min-replicas", "2"),
        (
            Change(("wait", "deployment/{name}-egress", "-n", "{namespace}", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=60s")),
            Change(("evict-all-but-one",)),
            Change(("egress", "list"), says="2/2 +Ready"),
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
        uninterrupted="http://{name}.good.test/",
        fast=True,
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
        fails="x-forwarded-* and x-envoy-* headers leave, with internal addresses and names",
        fails_with="outside: headers should match",
    ),
]

PODS = [
    Scenario(
        "image-missing",
        "an image that cannot be pulled: create says so, callers stay as they were, and inspect shows it",
        ("--host", host("good.test"), "--tag", "missing", "--timeout", "10s"),
        (
            Call("http://{name}.good.test", answer=BLOCKED, peer=None, arrives=None),
            Change(("egress", "list"), says="Incomplete"),
            Change(("egress", "inspect", "{name}"), says="ImagePullBackOff|ErrImagePull"),
        ),
        refused="ImagePullBackOff|ErrImagePull",
    ),
    Scenario(
        "crash-loop",
        "a proxy that ends at once: create says so, and inspect shows the crash loop",
        ("--host", host("good.test"), "--tag", "crashes", "--timeout", "20s"),
        (Change(("egress", "inspect", "{name}"), says="CrashLoopBackOff|Error"),),
        refused="CrashLoopBackOff|exit code 1|Error",
    ),
    Scenario(
        "quota",
        "a quota that admits no pod: create says so",
        ("--host", host("good.test"), "--timeout", "10s"),
        (Change(("egress", "inspect", "{name}"), says="exceeded quota"),),
        before=(Change(("create", "quota", "none", "--hard=pods=0", "-n", "{namespace}")),),
        refused="exceeded quota",
    ),
    Scenario(
        "out-of-memory",
        "a proxy that exceeds its memory limit: inspect says that it was killed for that",
        ("--host", host("good.test"), "--timeout", "20s", "-f", "-"),
        (Change(("egress", "inspect", "{name}"), says="OOMKilled"),),
        input=LITTLE_MEMORY,
        refused="OOMKilled",
    ),
]

SCENARIOS = TLS + PROTOCOLS + ACCESS + FAILING_HOSTS + PODS + SURROUNDINGS + MAKE_BEFORE_BREAK + KNOWN_FAULTS
