"""The way without this tool: a chart for the workload, manifests for the routing, of the same objects."""

import json
import os
import pathlib

from measurement import run

from fleet import Fleet

KUBECTL = os.environ["EGRESS_CURRENT_KUBECTL"]
HELM = os.environ["EGRESS_CURRENT_HELM"]
WORKLOAD_KINDS = (
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "Deployment",
    "PodDisruptionBudget",
    "HorizontalPodAutoscaler",
)


class HelmInstall:
    def __init__(self, folder, ns):
        self.fleet = Fleet(folder, ns, 1)
        self.objects = [pair for pair in self.fleet.objects() if pair[1]["kind"] != "ConfigMap"]
        self.chart = pathlib.Path(folder) / f"{ns}-chart"
        (self.chart / "templates").mkdir(parents=True)
        (self.chart / "Chart.yaml").write_text("apiVersion: v2\nname: egress\nversion: 1.0.0\n")
        for number, object_ in enumerate(object_ for _, object_ in self.objects if object_["kind"] in WORKLOAD_KINDS):
            (self.chart / "templates" / f"{number}.yaml").write_text(json.dumps(object_))
        self.routing = self.fleet.write_list([pair for pair in self.objects if pair[1]["kind"] not in WORKLOAD_KINDS])

    def run(self):
        measurement = run([HELM, "install", "gw", str(self.chart), "-n", self.fleet.ns])
        return measurement.add(run([KUBECTL, "apply", "-f", self.routing]))
