#!/usr/bin/env bash
# run.sh [SWEEP…]: disturbs the plugin that is first on PATH, on the sandbox that it is run in, and proves that no half
# gateway ever stands unseen. Without a SWEEP, all of them. To repeat all of it, with the plugin of a build on PATH:
#
#   tests/sandbox/sandbox.sh run -- tests/faults/run.sh
#
#   EGRESS_FAULTS_STEP=N   disturb every N-th request, and 1 is each; without it, each from the first write on and
#                          every fifth of those before, which only ask
# The test command runs the fault sweep with a step of 8, and the others without one. With --list, prints the names of
# the sweeps.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The one that leaves the most behind comes last.
all=(make_before_break permissions foreign_objects crash_sweep race fleet_sweep fault_sweep)
if [[ ${1-} == --list ]]; then
  printf '%s\n' "${all[@]}"
  exit
fi
(($#)) || set -- "${all[@]}"
[[ -n ${EGRESS_SANDBOX_DIR:-} ]] || { echo 'run.sh: this needs a sandbox, see its head' >&2; exit 2; }

status=0
for sweep; do
  [[ -f $here/$sweep.py ]] || { echo "run.sh: no sweep $sweep; there are: ${all[*]}" >&2; exit 2; }
  start=$SECONDS
  python3 -B "$here/$sweep.py" || status=1
  echo "$sweep took $((SECONDS - start)) s"
done
exit "$status"
