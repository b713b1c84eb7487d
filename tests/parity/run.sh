#!/usr/bin/env bash
# run.sh [NAME]: runs the plugin that is first on PATH and a current kubectl with the same kubeconfigs and flags, and
# compares what arrives at a server of the test's own. The table of cases is cases/; kubeconfigs/ has those where how
# they are written matters. Then the same objects are printed by both, in every form of -o (printing.py). Prints a line
# "ok …" or "not ok …" for each case; with a part of a name only such cases, and all that both programs said.
#
#   EGRESS_TEST_KUBECTL=FILE   compare with that kubectl
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

tool=$(command -v kubectl-egress) || { echo 'run.sh: kubectl-egress is not on PATH' >&2; exit 2; }
# Of the same build: what prints objects as the plugin does, from a file.
print_objects=${tool%/*}/../tests/print-objects
[[ -x $print_objects ]] || { echo "run.sh: $print_objects is missing" >&2; exit 2; }
kubectl=$("$here/client.sh")
status=0
python3 -B "$here/parity.py" "$kubectl" "$tool" "$@" || status=1
python3 -B "$here/printing.py" "$kubectl" "$print_objects" "$@" || status=1
exit $status
