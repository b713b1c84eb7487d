#!/usr/bin/env bash
# run.sh [SIZE…]: measures a release build of kubectl-egress beside a current kubectl and helm, and beside curl and
# h2load, which send the same requests as fast as the API server takes them (replay.py says which of them when); SIZE is how many gateways are written (100). In a sandbox
# it measures the kubectl-egress that is first on PATH; elsewhere it installs what it needs, builds, and starts one.
#
#   EGRESS_BENCH_ROUNDS=N       how often each is measured, in turn; the table has the medians, and above it how many
#                               rounds they are of (3). In the last one our own runs tell of their requests, too
#   EGRESS_BENCH_LISTS='N…'     how many gateways are listed, besides none and those that are written
#   EGRESS_BENCH_JSON=FILE      writes the table as JSON, too
#   EGRESS_BENCH_PROFILE=1      instead: who has the processors while SIZE new gateways are applied, and what the API
#                               server does with its share (1000)
#   EGRESS_BENCH_CHECK=1        small and alone: only requests, connections and memory, as the test command does
#   EGRESS_BENCH_CROWDED=1      the same on a server that takes little at one time
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [[ -z ${EGRESS_SANDBOX_DIR:-} ]]; then
  root=$here/../..
  "$root/tests/packages.sh" build sandbox bench >&2
  [[ -d $root/build-bench ]] ||
    meson setup "$root/build-bench" "$root" --buildtype=release -Dportable=true -Dtests=false >&2
  ninja -C "$root/build-bench" >&2
  [[ -z ${EGRESS_BENCH_PROFILE:-} ]] || EGRESS_SANDBOX_APISERVER=--profiling=true
  [[ -z ${EGRESS_BENCH_CROWDED:-} ]] || EGRESS_SANDBOX_APISERVER=$(tr '\n' ' ' <"$here/crowded.flags")
  export EGRESS_SANDBOX_APISERVER
  PATH=$root/build-bench/src:$PATH exec "$root/tests/sandbox/sandbox.sh" run -- "$0" "$@"
fi
if [[ -n ${EGRESS_BENCH_CHECK:-} ]]; then
  exec python3 -B "$here/check.py"
fi
if [[ -n ${EGRESS_BENCH_PROFILE:-} ]]; then
  exec python3 -B "$here/profile.py" "${1:-1000}"
fi
if [[ -n ${EGRESS_BENCH_CROWDED:-} ]]; then
  exec python3 -B "$here/crowded.py"
fi
EGRESS_CURRENT_KUBECTL=$("$here/../parity/client.sh" kubectl)
EGRESS_CURRENT_HELM=$("$here/../parity/client.sh" helm)
export EGRESS_CURRENT_KUBECTL EGRESS_CURRENT_HELM
(($#)) || set -- 100
exec python3 -B "$here/bench.py" "$@"
