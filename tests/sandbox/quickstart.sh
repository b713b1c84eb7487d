#!/usr/bin/env bash
# quickstart.sh [--mesh]: from a fresh Debian 12 to an egress gateway on a real Kubernetes API server: installs missing
# packages, builds and installs kubectl-egress, starts a sandbox, and runs create, list and inspect through kubectl. With
# --mesh the sandbox is a whole node with Istio and Envoy, and a request of a pod leaves through the gateway.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/sandbox/clock.sh

log=$(mktemp)
trap 'stop_clock; rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

die() { echo "quickstart.sh: $*" >&2; exit 1; }

bold='' normal=''
if on_terminal && [[ -z ${NO_COLOR:-} ]]; then bold=$'\033[1m' normal=$'\033[0m'; fi

# step TITLE COMMAND…: announces COMMAND, runs it, and says how long it took.
step() {
  local start=$SECONDS
  printf '\n%s== %s%s\n' "$bold" "$1" "$normal" >&2
  "${@:2}"
  printf '   done in %d s\n' $((SECONDS - start)) >&2
}

# quietly WHAT COMMAND…: shows COMMAND's output only if it fails.
quietly() {
  "${@:2}" >"$log" 2>&1 && return
  stop_clock
  grep -vE '^\[[0-9]+/[0-9]+\] ' "$log" >&2 || true
  die "$1 failed; its output is above"
}

# show COMMAND…: prints COMMAND as typed, then runs it.
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

build() {
  start_clock '   ' "$log"
  [[ -f build/build.ninja ]] || quietly 'meson setup' meson setup build --buildtype=release -Dtests=false
  quietly ninja ninja -C build
  stop_clock
}

# No clock here: sudo may ask for a password.
install() { quietly 'meson install' as_root meson install -C build --no-rebuild --quiet; }

start_sandbox() {
  # shellcheck disable=SC2086 # without the mesh there is no argument
  KUBECONFIG=$(tests/sandbox/sandbox.sh start $mesh)
  export KUBECONFIG
  # A kubectl of this machine may be too old for the node.
  [[ -z $mesh ]] || PATH=$(dirname "$KUBECONFIG")/bin:$PATH
  # An earlier quick start may have left its gateway in the sandbox.
  quietly 'deleting it' kubectl egress delete httpbin -n httpbin --ignore-not-found
}

create_gateway() {
  show kubectl egress create httpbin --host httpbin.org -n httpbin --create-namespace
  show kubectl egress list -A
  show kubectl egress inspect httpbin -n httpbin
}

show_traffic() {
  show kubectl egress create httpbin --host $host -n httpbin --create-namespace
  show kubectl egress inspect httpbin -n httpbin
  show kubectl exec -n shop web -- curl --silent --show-error --fail --retry 10 --retry-all-errors "http://$host/hello"
  wait_for_log
  show kubectl logs -n httpbin -l app=httpbin-egress --tail=1
}

# Envoy writes its access log a second later.
wait_for_log() {
  local attempts=50
  until kubectl logs -n httpbin -l app=httpbin-egress --tail=1 | grep -q /hello; do
    ((attempts--)) || die 'the request is not in the log of the gateway'
    sleep 0.2
  done
}

mesh='' host=httpbin.good.test # one of the external hosts that the sandbox has
case ${1-} in
  '') ;;
  --mesh) mesh=--mesh ;;
  *) echo 'usage: quickstart.sh [--mesh]' >&2; exit 2 ;;
esac

((EUID == 0)) || command -v sudo >/dev/null ||
  die 'installing packages and kubectl-egress needs root: install sudo, or run this script as root'

[[ -z $mesh ]] || ((EUID == 0)) || die 'a Kubernetes node needs root: run quickstart.sh --mesh as root'

step 'Installing missing Debian packages' tests/packages.sh build sandbox ${mesh:+mesh}
step 'Building kubectl-egress' build
step 'Installing kubectl-egress to /usr/local/bin, where kubectl finds it as a plugin' install
if [[ -n $mesh ]]; then
  step 'Starting a Kubernetes node with Istio' start_sandbox
  step 'Creating an egress gateway, and sending a request through it' show_traffic
  explanation='Pods of the namespaces shop and pay reach it, and no other external host.'
else
  step 'Starting a Kubernetes API server' start_sandbox
  step 'Creating an egress gateway' create_gateway
  explanation='Its pods are simulated, so no traffic flows.'
fi

cat <<END

The egress gateway httpbin now exists in your own Kubernetes cluster.
$explanation To continue, run in this shell:

  export KUBECONFIG=${KUBECONFIG@Q}${mesh:+ PATH=${KUBECONFIG%/*}/bin:\$PATH}
  kubectl get all,gateway,virtualservice,destinationrule,serviceentry -n httpbin
  kubectl egress delete httpbin -n httpbin

To stop the cluster and delete its data:

  tests/sandbox/sandbox.sh stop${mesh:+ --mesh}
END
