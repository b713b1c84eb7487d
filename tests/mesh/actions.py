"""The steps of scenarios that are no single command."""

import pathlib
import re
import subprocess
import tempfile

from cluster import Failure, evict, kubectl, run

REVISION = "next"
VERSIONS = pathlib.Path(__file__).resolve().parents[1] / "sandbox/mesh/versions.sh"
ISTIO_VERSION = re.search(r"^istio_version=(\S+)", VERSIONS.read_text(), re.MULTILINE)[1]


def create_client_certificate(scenario, name):
    """Creates or replaces the Secret "client": a client certificate for NAME, signed by the private CA, and the public CA,
    which signed the server's certificate."""
    directory = scenario.sandbox.directory
    with tempfile.TemporaryDirectory() as folder:
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        command += ["-days", "30", "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:FALSE"]
        command += ["-addext", "extendedKeyUsage=clientAuth"]
        command += ["-CA", f"{directory}/private-ca.crt", "-CAkey", f"{directory}/private-ca.key"]
        command += ["-keyout", f"{folder}/tls.key", "-out", f"{folder}/tls.crt"]
        subprocess.run(command, check=True, capture_output=True)
        (pathlib.Path(folder) / "ca.crt").write_bytes((directory / "public-ca.crt").read_bytes())
        files = [f"--from-file={folder}/{file}" for file in ("tls.crt", "tls.key", "ca.crt")]
        command = [
            "create",
            "secret",
            "generic",
            "client",
            "-n",
            scenario.namespace,
            *files,
            "--dry-run=client",
            "-o",
            "yaml",
        ]
        manifest = kubectl(*command)
    kubectl("apply", "-f", "-", text=manifest.out)


def create_ingress_certificate(scenario, name):
    """Creates the Secret NAME in the ingress gateway's namespace: a self-signed certificate for NAME.ingress.test. The
    certificate is in the file NAME.crt, too."""
    directory = scenario.sandbox.directory
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-noenc",
        "-days",
        "30",
    ]
    command += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}.ingress.test"]
    command += ["-keyout", f"{directory}/{name}.key", "-out", f"{directory}/{name}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    files = [f"--cert={directory}/{name}.crt", f"--key={directory}/{name}.key"]
    kubectl("create", "secret", "tls", name, "-n", "istio-system", *files)


def take_host_down(scenario, name):
    """Makes an external host answer with 503."""
    (scenario.sandbox.directory / "down" / name).touch()


def bring_host_up(scenario, name):
    (scenario.sandbox.directory / "down" / name).unlink()


def install_revision(_):
    """A second istiod, with a revision."""
    settings = VERSIONS.with_name("istio.yaml")
    command = [
        "istioctl",
        "manifest",
        "generate",
        "-f",
        settings,
        "--set",
        f"tag={ISTIO_VERSION}",
        "--set",
        f"revision={REVISION}",
    ]
    result = run([*command, "--set", "components.ingressGateways[0].enabled=false"])
    if result.status != 0:
        raise Failure(f"istioctl manifest generate: {result}")
    kubectl("apply", "--server-side", "--force-conflicts", "--validate=false", "-f", "-", text=result.out)
    kubectl("rollout", "status", "-n", "istio-system", f"deployment/istiod-{REVISION}", "--timeout=90s")


def remove_revision(_):
    for kind in (
        "deployment",
        "service",
        "configmap",
        "mutatingwebhookconfiguration",
        "validatingwebhookconfiguration",
    ):
        kubectl("delete", kind, "-n", "istio-system", "-l", f"istio.io/rev={REVISION}", "--wait=false", check=False)


def check_istiod(scenario, istiod):
    """Checks that the gateway's proxy gets its configuration from that istiod."""
    pod = scenario.sandbox.pods(scenario.namespace, scenario.name)[0]["metadata"]["name"]
    dump = kubectl(
        "exec", "-n", scenario.namespace, pod, "-c", "istio-proxy", "--", "pilot-agent", "request", "GET", "config_dump"
    ).out
    if f"{istiod}.istio-system.svc" not in dump:
        raise Failure(f"the gateway's proxy is not configured by {istiod}")


def evict_all_but_one(scenario):
    """Tries to evict all pods of the gateway at once; the PodDisruptionBudget must allow exactly one."""
    pods = scenario.sandbox.pods(scenario.namespace, scenario.name)
    results = [evict(scenario.namespace, pod["metadata"]["name"]) for pod in pods]
    refused = [result for result in results if result.status != 0 and "disruption budget" in result.err]
    if len(refused) != len(results) - 1:
        raise Failure(f"evictions: {[str(result) for result in results]}")


ACTIONS = {
    "evict-all-but-one": evict_all_but_one,
    "client-certificate": create_client_certificate,
    "ingress-certificate": create_ingress_certificate,
    "host-down": take_host_down,
    "host-up": bring_host_up,
    "install-revision": install_revision,
    "remove-revision": remove_revision,
    "connected-to": check_istiod,
}
