#!/usr/bin/env bash
# run.sh [SIZE…]: measures the kubectl-egress that is first on PATH beside a current kubectl and helm, and beside curl,
# which sends the same requests as fast as the API server takes them. Run it in a sandbox, with a release build on PATH:
#
#   tests/sandbox/sandbox.sh run -- tests/bench/run.sh 100 1000
#
#   EGRESS_BENCH_ROUNDS=N       how often each is measured, in turn; the table has the medians (3)
#   EGRESS_BENCH_LISTS='N…'     how many gateways are listed, besides those that are written ('0')
#   EGRESS_BENCH_JSON=FILE      writes the table as JSON, too
#   EGRESS_BENCH_CHECK=1        small and alone: only requests, connections and memory, as the test command does
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ -n ${EGRESS_SANDBOX_DIR:-} ]] || { echo 'run.sh: this needs a sandbox, see its head' >&2; exit 2; }
if [[ -n ${EGRESS_BENCH_CHECK:-} ]]; then
  exec python3 -B "$here/check.py"
fi
EGRESS_CURRENT_KUBECTL=$("$here/../parity/client.sh" kubectl)
EGRESS_CURRENT_HELM=$("$here/../parity/client.sh" helm)
export EGRESS_CURRENT_KUBECTL EGRESS_CURRENT_HELM
(($#)) || set -- 100
exec python3 -B "$here/bench.py" "$@"
