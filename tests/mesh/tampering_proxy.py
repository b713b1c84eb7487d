"""A proxy between the tool and the API server that changes the tool's own requests."""

import contextlib
import json
import pathlib
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "faults"))

import proxy
import server


class TamperingProxy(proxy.Proxy):
    """Forwards all requests, those that apply an object as `tamper` leaves them."""

    def __init__(self, api_server, tamper):
        self.tamper = tamper
        super().__init__(api_server)

    def handle(self, client, request):
        if request.is_apply:
            self.tamper(self, request)
        return super().handle(client, request)


@contextlib.contextmanager
def start_tampering_proxy(sandbox, tamper):
    """The file name of a kubeconfig that leads through a tampering proxy."""
    tampering_proxy = TamperingProxy(server.Server(sandbox.directory), tamper)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as kubeconfig:
        json.dump(kubeconfig_for(tampering_proxy.url), kubeconfig)
        kubeconfig.flush()
        try:
            yield kubeconfig.name
        finally:
            tampering_proxy.close()


def kubeconfig_for(url):
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "proxy",
        "contexts": [{"name": "proxy", "context": {"cluster": "proxy", "user": "proxy"}}],
        "clusters": [{"name": "proxy", "cluster": {"server": url}}],
        "users": [{"name": "proxy", "user": {}}],
    }
