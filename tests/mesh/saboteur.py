"""A proxy between the tool and the API server that changes the tool's own requests."""

import contextlib
import json
import pathlib
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "faults"))

import proxy
import server


class Saboteur(proxy.Proxy):
    """Forwards all requests, those that apply an object as `sabotage` leaves them."""

    def __init__(self, api_server, sabotage):
        self.sabotage = sabotage
        super().__init__(api_server)

    def exchange(self, client, request):
        if request.applies:
            self.sabotage(self, request)
        return super().exchange(client, request)


@contextlib.contextmanager
def sabotaged(sandbox, sabotage):
    """The file name of a kubeconfig that leads through a saboteur."""
    saboteur = Saboteur(server.Server(sandbox.directory), sabotage)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as kubeconfig:
        json.dump(kubeconfig_for(saboteur.url), kubeconfig)
        kubeconfig.flush()
        try:
            yield kubeconfig.name
        finally:
            saboteur.close()


def kubeconfig_for(url):
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "proxy",
        "contexts": [{"name": "proxy", "context": {"cluster": "proxy", "user": "proxy"}}],
        "clusters": [{"name": "proxy", "cluster": {"server": url}}],
        "users": [{"name": "proxy", "user": {}}],
    }
