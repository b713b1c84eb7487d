#!/usr/bin/env bash
# From a fresh Debian 12 to an egress gateway on a real Kubernetes API server: installs missing packages, builds and
# installs kubectl-egress, starts a sandbox, and runs create, list and inspect through kubectl.
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

start_api_server() {
  KUBECONFIG=$(tests/sandbox/sandbox.sh start)
  export KUBECONFIG
  # An earlier quick start may have left its gateway in the sandbox.
  quietly 'deleting it' kubectl egress delete httpbin -n httpbin --ignore-not-found
}

create_gateway() {
  show kubectl egress create httpbin --host httpbin.org -n httpbin --create-namespace
  show kubectl egress list -A
  show kubectl egress inspect httpbin -n httpbin
}

((EUID == 0)) || command -v sudo >/dev/null ||
  die 'installing packages and kubectl-egress needs root: install sudo, or run this script as root'

step 'Installing missing Debian packages' tests/packages.sh build sandbox
step 'Building kubectl-egress' build
step 'Installing kubectl-egress to /usr/local/bin, where kubectl finds it as a plugin' install
step 'Starting a Kubernetes API server' start_api_server
step 'Creating an egress gateway' create_gateway

cat <<END

The egress gateway httpbin now exists on your own Kubernetes API server.
Its pods are simulated, so no traffic flows. To continue, run in this shell:

  export KUBECONFIG=${KUBECONFIG@Q}
  kubectl get all,gateway,virtualservice,destinationrule,serviceentry -n httpbin
  kubectl egress delete httpbin -n httpbin

To stop the API server and delete its data:

  tests/sandbox/sandbox.sh stop
END
