#!/usr/bin/env bash
# From a fresh Debian 12 to an egress gateway on a real Kubernetes API server: installs the packages that are
# missing, builds and installs kubectl-egress, starts a sandbox, and runs the main job through kubectl.
set -euo pipefail
cd "$(dirname "$0")/../.."

step() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }
plain_step() { printf '\n== %s\n' "$*" >&2; }
[[ -t 2 && -z ${NO_COLOR:-} ]] || step() { plain_step "$@"; }

# show COMMAND…: says what is typed, then does it.
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

step "Installing what is missing of Debian's packages"
tests/packages.sh build sandbox

step "Building kubectl-egress"
[[ -f build/build.ninja ]] || meson setup build --buildtype=release -Dtests=false >/dev/null
ninja -C build --quiet >&2

step "Installing it to /usr/local/bin, where kubectl finds its plugins"
as_root meson install -C build --no-rebuild --quiet

step "Starting a Kubernetes API server (its first build takes about five minutes)"
KUBECONFIG=$(tests/sandbox/sandbox.sh start)
export KUBECONFIG
kubectl egress delete httpbin -n httpbin --ignore-not-found >/dev/null

step "The main job"
show kubectl egress create httpbin --host httpbin.org -n httpbin --create-namespace
show kubectl egress list -A
show kubectl egress inspect httpbin -n httpbin

cat <<END

An egress gateway stands on your own API server. To go on, in this shell:

  export KUBECONFIG=${KUBECONFIG@Q}
  kubectl get all,gateway,virtualservice,destinationrule,serviceentry -n httpbin
  kubectl egress delete httpbin -n httpbin

and when you are done:

  tests/sandbox/sandbox.sh stop
END
