#!/usr/bin/env bash
# istio.sh MANIFEST: installs the Istio that MANIFEST describes in the cluster of $KUBECONFIG, and waits until istiod
# injects sidecars.
set -euo pipefail

# Custom resources need their definitions, so what is refused at first is created again.
kubectl create namespace istio-system
kubectl create --validate=false -f "$1" || kubectl apply --validate=false -f "$1"
kubectl rollout status -n istio-system deployment/istiod --timeout=120s

# istiod writes its CA into the webhooks; before that no pod is admitted.
until kubectl get mutatingwebhookconfigurations -l app=sidecar-injector -o json |
  jq -e '.items | length > 0 and all(.[].webhooks[]; .clientConfig.caBundle)' >/dev/null; do
  sleep 0.1
done
