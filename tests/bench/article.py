"""The way without this tool: a chart for the workload, manifests for the routing, of the same objects."""

import json
import os
import pathlib

from fleet import Fleet
from measured import run

KUBECTL = os.environ["EGRESS_CURRENT_KUBECTL"]
HELM = os.environ["EGRESS_CURRENT_HELM"]
WORKLOAD = ("ServiceAccount", "Role", "RoleBinding", "Secret", "Service", "Deployment", "PodDisruptionBudget",
            "HorizontalPodAutoscaler")


class Article:
    def __init__(self, folder, ns):
        self.fleet = Fleet(folder, ns, 1)
        self.objects = [pair for pair in self.fleet.objects() if pair[1]["kind"] != "ConfigMap"]
        self.chart = pathlib.Path(folder) / f"{ns}-chart"
        (self.chart / "templates").mkdir(parents=True)
        (self.chart / "Chart.yaml").write_text("apiVersion: v2\nname: egress\nversion: 1.0.0\n")
        for number, one in enumerate(one for _, one in self.objects if one["kind"] in WORKLOAD):
            (self.chart / "templates" / f"{number}.yaml").write_text(json.dumps(one))
        self.routing = self.fleet.keep([pair for pair in self.objects if pair[1]["kind"] not in WORKLOAD])

    def run(self):
        installed = run([HELM, "install", "gw", str(self.chart), "-n", self.fleet.ns])
        return installed.and_then(run([KUBECTL, "apply", "-f", self.routing]))
