"""Where the experiments are made: a sandbox, the tool, and namespaces to use up."""

import atexit
import base64
import concurrent.futures
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import zlib

from fault import NO_FAULT
from gateway import CALLERS_NAMESPACE, INGRESS_NAMESPACE, NAME, manifest
from proxy import Proxy
from server import Server
from state import State, StateReader
from tool import Tool, check_success

TIMEOUT = "15s"  # for pods to become ready, or for objects to go
JSON_OUTPUT = ["-o", "json"]
WORKERS = 4
SLOW_WORKERS = 8  # for those that only wait

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: proxy
contexts: [{{name: proxy, context: {{cluster: proxy, user: nobody}}}}]
clusters: [{{name: proxy, cluster: {{server: "{url}"}}}}]
users: [{{name: nobody, user: {{}}}}]
"""


class Run:
    """One run of the tool behind a proxy of its own; it is over at the end of its `with`."""

    def __init__(self, testbed, arguments, fault, request_number):
        self.tool = testbed.tool
        self.arguments = arguments
        self.proxy = Proxy(testbed.server, fault, request_number)
        kubeconfig = testbed.folder / f"kubeconfig-{self.proxy.port}"
        kubeconfig.write_text(KUBECONFIG.format(url=self.proxy.url))
        self.process = self.tool.start(arguments, str(kubeconfig))
        self.proxy.attach(self.process)
        self.result = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.result = self.tool.wait(self.process, self.arguments)
        self.proxy.close()

    @property
    def requests(self):
        return self.proxy.requests

    @property
    def faulted_request(self):
        """The request that met the fault."""
        return self.proxy.faulted_request

    @property
    def writes(self):
        """The requests by which the server may have stored something."""
        return [request for request in self.requests if request.is_write]


class Testbed:
    def __init__(self):
        self.server = Server(os.environ["EGRESS_SANDBOX_DIR"])
        self.tool = Tool()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kubectl-egress-faults."))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.prefix = f"p{os.getpid():07d}n"
        self.state_reader = StateReader(self.server, self.prefix)
        self.numbers = itertools.count(1)
        self.empty_namespaces = []
        self.gateway_namespaces = []
        self.complete_state = None  # the state in which the ready ones are
        self.lock = threading.Lock()
        self.create_ingress_certificate()
        self.create_namespace(CALLERS_NAMESPACE)

    def create_namespace(self, name):
        """One with the label that Kubernetes itself gives to each since 1.21."""
        labels = {"kubernetes.io/metadata.name": name}
        self.server.create("/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})

    def create_ingress_certificate(self):
        """The ingress gateway's namespace, and its certificate."""
        self.create_namespace(INGRESS_NAMESPACE)
        key, certificate = self.folder / "tls.key", self.folder / "tls.crt"
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=front"
        names = ["-addext", "subjectAltName=DNS:*.example.com"]
        files = ["-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
        data = {path.name: base64.b64encode(path.read_bytes()).decode() for path in (key, certificate)}
        self.server.create(
            f"/api/v1/namespaces/{INGRESS_NAMESPACE}/secrets",
            {"metadata": {"name": "bin-cert"}, "type": "kubernetes.io/tls", "data": data},
        )

    # --- namespaces ---

    def acquire_namespace(self, labels=None):
        """The name of a namespace in which nothing is."""
        with self.lock:
            if self.empty_namespaces and not labels:
                return self.empty_namespaces.pop()
            ns = f"{self.prefix}{next(self.numbers):04d}"
        self.server.create("/api/v1/namespaces", {"metadata": {"name": ns, "labels": labels or {}}})
        return ns

    def acquire_gateway(self):
        """The name of a namespace in which a gateway is, and all is well with it."""
        with self.lock:
            if self.gateway_namespaces:
                return self.gateway_namespaces.pop()
        ns = self.acquire_namespace()
        check_success(self.run_directly(self.create_arguments(ns)))
        return ns

    def release_namespace(self, ns, state):
        """The next one can have a namespace that is as good as new."""
        with self.lock:
            if state.is_empty:
                self.empty_namespaces.append(ns)
            elif state == self.complete_state:
                self.gateway_namespaces.append(ns)

    # --- runs ---

    def start(self, arguments, fault=NO_FAULT, request_number=0):
        """Starts the tool behind a proxy; the request number `request_number` meets the fault."""
        return Run(self, arguments, fault, request_number)

    def run(self, arguments, fault=NO_FAULT, request_number=0):
        with self.start(arguments, fault, request_number) as run:
            return run

    def run_directly(self, arguments):
        """Runs the tool on the server itself."""
        return self.tool.run(arguments, self.server.kubeconfig)

    def write_manifest(self, ns, **settings):
        """A file with the settings of a namespace's gateway."""
        text = manifest(ns, **settings)
        path = self.folder / f"{ns}-{zlib.crc32(text.encode()):08x}.yaml"
        path.write_text(text)
        return str(path)

    def create_arguments(self, ns, *flags, **settings):
        return ["create", "-f", self.write_manifest(ns, **settings), "--timeout", TIMEOUT, *JSON_OUTPUT, *flags]

    def apply_arguments(self, ns, *flags, **settings):
        return ["apply", "-f", self.write_manifest(ns, **settings), "--timeout", TIMEOUT, *JSON_OUTPUT, *flags]

    def delete_arguments(self, ns, *flags):
        return ["delete", NAME, "-n", ns, "--timeout", TIMEOUT, "--drain", "0s", *JSON_OUTPUT, *flags]

    def run_parallel(self, function, items, workers=WORKERS):
        """Does the work for all things, some at a time; the results in the order of the things."""
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            return list(pool.map(function, items))

    # --- objects on the server ---

    def take_snapshot(self):
        """All states, once they are settled, and the phase that `list` gives to each gateway."""
        states = self.state_reader.read_stable_states()
        result = self.run_directly(["list", "-A", "-o", "json"])
        if result.status != 0:
            raise OSError(str(result))
        phases = {
            gateway["metadata"]["namespace"]: gateway["status"]["phase"] for gateway in json.loads(result.out)["items"]
        }
        return Snapshot(states, phases)


class Snapshot:
    def __init__(self, states, phases):
        self.states = states
        self.phases = phases

    def state(self, ns):
        return self.states.get(ns, State())

    def phase(self, ns):
        """What `list` says of the namespace's gateway; empty where it shows none."""
        return self.phases.get(ns, "")
