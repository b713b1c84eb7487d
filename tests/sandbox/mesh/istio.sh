#!/usr/bin/env bash
# istio.sh MANIFEST: installs the Istio that MANIFEST describes in the cluster of $KUBECONFIG, and waits until istiod
# injects sidecars and validates configuration.
set -euo pipefail

kubectl create namespace istio-system
kubectl create --validate=false -f "$1"
kubectl rollout status -n istio-system deployment/istiod --timeout=120s

# istiod writes its CA into the webhooks, and makes validation mandatory when it is ready for that.
webhooks_are_ready() {
  kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -o json | jq -e '
    .items | length > 2 and all(.[].webhooks[]; .clientConfig.caBundle)
      and all(.[] | select(.kind == "ValidatingWebhookConfiguration").webhooks[]; .failurePolicy == "Fail")' >/dev/null
}
until webhooks_are_ready; do
  ((SECONDS < 120)) || { echo 'istiod has not written its CA into the webhooks' >&2; exit 1; }
  sleep 0.1
done
