"""The gateway that the experiments make: of many parts, one of them in another namespace."""

import base64
import hashlib

NAME = "httpbin"
INGRESS_NAMESPACE = "front"  # where the ingress gateway is said to run
CALLERS_NAMESPACE = "shop"  # those who may use it

MANIFEST = """\
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata: {{name: {name}, namespace: {ns}}}
spec:
  hosts: [{ns}.example.org]
  port: {port}
  mesh: {mesh}
"""
NETWORK_POLICY = """\
  networkPolicy: true
"""
HTTP_SETTINGS = """\
  aliases: [{aliases}]
  ingress: {{hosts: [{ns}.example.com], credentialName: bin-cert, namespace: {ingress_namespace}}}
"""
HTTPS_SETTINGS = """\
  protocol: HTTPS
  tls: {mode: Passthrough}
"""


def manifest(ns, changed=False, protocol="HTTP", tag="", istio="", plaintext=False):
    """The settings of a namespace's gateway; `changed` are others of the same one, with one object less."""
    aliases = [f"{ns}.corp.example"] + ([f"{ns}.second.example"] if changed else [])
    mesh = "{tls: Plaintext}" if plaintext else f"{{allow: [{CALLERS_NAMESPACE}/*]}}"
    text = MANIFEST.format(name=NAME, ns=ns, mesh=mesh, port=8443 if changed else 443)
    if protocol == "HTTP":
        text += HTTP_SETTINGS.format(ns=ns, aliases=", ".join(aliases), ingress_namespace=INGRESS_NAMESPACE)
    else:
        text += HTTPS_SETTINGS
    if not changed:
        text += NETWORK_POLICY
    if tag:
        text += f"  gateway: {{image: {{tag: {tag}}}}}\n"
    return text + (f"  istio: {{version: {istio}}}\n" if istio else "")


def applyset_id(ns):
    """The id of an ApplySet's parent (KEP-3659): by it the parts know the record that they belong to."""
    digest = hashlib.sha256(f"{NAME}-egress.{ns}.ConfigMap.".encode()).digest()
    return f"applyset-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}-v1"
