#!/usr/bin/env bash
# istio.sh crds FILE | istio.sh mesh VERSION: puts Istio's facts on the cluster of
# $KUBECONFIG: its kinds, or what its control plane leaves for others to read.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Not even a kubectl that waits survives this script: so no pipes from kubectl either,
# whose subshell would stand in between. With a cache of its own, lest people's kubectl
# remember for ten minutes that Istio's kinds are not there.
kubectl() { setpriv --pdeathsig KILL kubectl --cache-dir setup-cache "$@"; }

# Validation is off because kubectl's, too, must let pass what a 1.20 server drops.
create() { kubectl create --validate=false -f "$@" >/dev/null; }

# Lines of a group version's path and the kinds that it is to serve, as a JSON array.
# shellcheck disable=SC2016 # these are jq's variables
kinds_to_serve='
  [.items[].spec | .group as $group | .names.plural as $plural | .versions[] | select(.served)
   | {path: "/apis/\($group)/\(.name)", $plural}]
  | group_by(.path)[] | "\(first.path) \(map(.plural) | tojson)"'

# A kind shows up in discovery a moment after it was made, once it is established.
wait_for_kinds() {
  local wanted path plurals deadline=$((SECONDS + 30))
  kubectl get crds -o json >crds.json
  wanted=$(jq -r "$kinds_to_serve" crds.json)
  while read -r path plurals; do
    until kubectl get --raw "$path" >served.json 2>/dev/null &&
      jq -e --argjson plurals "$plurals" '$plurals - [.resources[].name] == []' served.json >/dev/null; do
      ((SECONDS < deadline)) || { echo "istio.sh: $path does not serve all of $plurals" >&2; exit 1; }
      sleep 0.1
    done
  done <<<"$wanted"
  rm crds.json served.json
}

case $1 in
  crds)
    create "$2"
    wait_for_kinds
    ;;
  mesh)
    create "$here/istio/$2.yaml"
    kubectl wait deployment --all --all-namespaces --for=condition=Available --timeout=60s >/dev/null
    ;;
esac
