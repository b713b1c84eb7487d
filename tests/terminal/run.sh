#!/usr/bin/env bash
# Runs the plugin that is first on PATH on real terminals, and into pipes, on the sandbox that it is run in: live lines,
# colours, widths, and what others wrote. Prints a line "ok …" or "not ok …" for each case; with a part of a name only
# such cases. By hand:
#
#   tests/sandbox/sandbox.sh run -- tests/terminal/run.sh [NAME]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ -n ${EGRESS_SANDBOX_DIR:-} ]] || { echo 'run.sh: this needs a sandbox, see its head' >&2; exit 2; }

kubectl create namespace terminal-tests >/dev/null
kubectl create namespace terminal-wait >/dev/null
kubectl label namespace terminal-wait sandbox.kubectl-egress/kubelet=stopped >/dev/null
kubectl-egress create web --host web.example.org -n terminal-tests >/dev/null
python3 -B "$here/cases.py" "$@"
