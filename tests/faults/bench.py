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

from fault import NONE
from gateway import CALLERS, FRONT, NAME, form
from proxy import Proxy
from server import Server
from snapshot import Snapshots, State
from tool import Tool, must

LONGEST_WAIT = "15s"  # for pods to become ready, or for objects to go
JSON = ["-o", "json"]
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

    def __init__(self, bench, words, fault, at):
        self.tool = bench.tool
        self.words = words
        self.proxy = Proxy(bench.server, fault, at)
        kubeconfig = bench.folder / f"kubeconfig-{self.proxy.port}"
        kubeconfig.write_text(KUBECONFIG.format(url=self.proxy.url))
        self.process = self.tool.start(words, str(kubeconfig))
        self.proxy.watch_over(self.process)
        self.ran = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ran = self.tool.finish(self.process, self.words)
        self.proxy.close()

    @property
    def requests(self):
        return self.proxy.requests

    @property
    def met(self):
        """The request that met the fault."""
        return self.proxy.met

    @property
    def writes(self):
        """The requests by which the server may have stored something."""
        return [one for one in self.requests if one.writes]


class Bench:
    def __init__(self):
        self.server = Server(os.environ["EGRESS_SANDBOX_DIR"])
        self.tool = Tool()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kubectl-egress-faults."))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.prefix = f"p{os.getpid():07d}n"
        self.snapshots = Snapshots(self.server, self.prefix)
        self.numbers = itertools.count(1)
        self.spare = []
        self.ready = []
        self.whole = None  # the state in which the ready ones are
        self.lock = threading.Lock()
        self.make_front()
        self.post_namespace(CALLERS)

    def post_namespace(self, name):
        """One with the label that Kubernetes itself gives to each since 1.21."""
        labels = {"kubernetes.io/metadata.name": name}
        self.server.post("/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})

    def make_front(self):
        """The ingress gateway's namespace, and its certificate."""
        self.post_namespace(FRONT)
        key, certificate = self.folder / "tls.key", self.folder / "tls.crt"
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=front"
        names = ["-addext", "subjectAltName=DNS:*.example.com"]
        files = ["-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
        pair = {one.name: base64.b64encode(one.read_bytes()).decode() for one in (key, certificate)}
        self.server.post(
            f"/api/v1/namespaces/{FRONT}/secrets",
            {"metadata": {"name": "bin-cert"}, "type": "kubernetes.io/tls", "data": pair},
        )

    # --- namespaces ---

    def namespace(self, labels=None):
        """The name of a namespace in which nothing is."""
        with self.lock:
            if self.spare and not labels:
                return self.spare.pop()
            ns = f"{self.prefix}{next(self.numbers):04d}"
        self.server.post("/api/v1/namespaces", {"metadata": {"name": ns, "labels": labels or {}}})
        return ns

    def gateway(self):
        """The name of a namespace in which a gateway is, and all is well with it."""
        with self.lock:
            if self.ready:
                return self.ready.pop()
        ns = self.namespace()
        must(self.plainly(self.create(ns)))
        return ns

    def give_back(self, ns, state):
        """The next one can have a namespace that is as good as new."""
        with self.lock:
            if state.empty:
                self.spare.append(ns)
            elif state == self.whole:
                self.ready.append(ns)

    # --- runs ---

    def start(self, words, fault=NONE, at=0):
        """Starts the tool behind a proxy; the request number `at` meets the fault."""
        return Run(self, words, fault, at)

    def run(self, words, fault=NONE, at=0):
        with self.start(words, fault, at) as run:
            return run

    def plainly(self, words):
        """Runs the tool on the server itself."""
        return self.tool.run(words, self.server.kubeconfig)

    def file(self, ns, **settings):
        """A file with the settings of a namespace's gateway."""
        text = form(ns, **settings)
        path = self.folder / f"{ns}-{zlib.crc32(text.encode()):08x}.yaml"
        path.write_text(text)
        return str(path)

    def create(self, ns, *flags, **settings):
        return ["create", "-f", self.file(ns, **settings), "--timeout", LONGEST_WAIT, *JSON, *flags]

    def apply(self, ns, *flags, **settings):
        return ["apply", "-f", self.file(ns, **settings), "--timeout", LONGEST_WAIT, *JSON, *flags]

    def delete(self, ns, *flags):
        return ["delete", NAME, "-n", ns, "--timeout", LONGEST_WAIT, "--drain", "0s", *JSON, *flags]

    def each(self, work, things, workers=WORKERS):
        """Does the work for all things, some at a time; the results in the order of the things."""
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            return list(pool.map(work, things))

    # --- what stands ---

    def look(self):
        """All states, once they are settled, and the phase that `list` gives to each gateway."""
        states = self.snapshots.settled()
        listed = self.plainly(["list", "-A", "-o", "json"])
        if listed.status != 0:
            raise OSError(str(listed))
        phases = {
            one["metadata"]["namespace"]: one["status"]["phase"] for one in json.loads(listed.out)["items"]
        }
        return View(states, phases)


class View:
    def __init__(self, states, phases):
        self.states = states
        self.phases = phases

    def state(self, ns):
        return self.states.get(ns, State())

    def phase(self, ns):
        """What `list` says of the namespace's gateway; empty where it shows none."""
        return self.phases.get(ns, "")
