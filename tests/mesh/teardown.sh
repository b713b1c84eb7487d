#!/usr/bin/env bash
# teardown.sh: two mesh sandboxes run side by side, and whatever ends one leaves nothing behind: no process, mount, network
# or cgroup. Starts sandboxes of its own; runs as root.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/style/report.sh

folder=$(mktemp --directory)
export TMPDIR=$folder/tmp # of `run`
mkdir "$TMPDIR"
sandbox=tests/sandbox/sandbox.sh
trap 'for name in "$folder"/{one,two}; do "$sandbox" stop "$name" >/dev/null 2>&1 || true; done; rm -rf "$folder"' EXIT

# Everything that a sandbox could leave on this machine.
state() {
  find /sys/fs/cgroup -type d -name 'kubectl-egress-*' 2>/dev/null
  grep -F "$folder" /proc/mounts || true
  ip -brief link | awk '{print $1}'
  lsns --noheadings --output TYPE,COMMAND 2>/dev/null | grep -E 'node.sh|kubelet|pause' || true
  find "$folder" -mindepth 1 -maxdepth 2 -not -name '*.log'
  pgrep --list-full --full "$folder" | grep -v teardown.sh || true
}

# check_nothing_left WHAT: compares with the state before.
check_nothing_left() {
  report "$1: nothing is left" "$(diff <(echo "$before") <(state) || true)"
}

check_ready() { kubectl --kubeconfig "$folder/$1/kubeconfig" get nodes --no-headers 2>&1 | grep -q ' Ready ' || echo "$1 does not answer"; }

before=$(state)
"$sandbox" start --mesh "$folder/one" >/dev/null 2>"$folder/one.log" &
"$sandbox" start --mesh "$folder/two" >/dev/null 2>"$folder/two.log" || true
wait
report 'two sandboxes run side by side' "$(check_ready one; check_ready two)"
grep -h . "$folder"/*.log || true

"$sandbox" stop --mesh "$folder/two" 2>/dev/null
report 'the other goes on when one is stopped' "$(check_ready one)"
kill -KILL "$(<"$folder/one/supervisor.pid")"
"$sandbox" stop --mesh "$folder/one" 2>/dev/null
check_nothing_left 'stop after kill -9 of the supervisor'

"$sandbox" start --mesh "$folder/one" >/dev/null 2>&1
kill -KILL "$(<"$folder/one/node.pid")"
"$sandbox" stop --mesh "$folder/one" 2>/dev/null
check_nothing_left 'stop after kill -9 of the node'

"$sandbox" start --mesh "$folder/one" >/dev/null 2>&1 &
starting=$!
until [[ -e $folder/one/times.log ]] || ! kill -0 "$starting" 2>/dev/null; do sleep 0.1; done
kill -TERM "$starting"
wait "$starting" 2>/dev/null || true
"$sandbox" stop --mesh "$folder/one" 2>/dev/null
check_nothing_left 'a start interrupted by SIGTERM'

status=0
"$sandbox" run --mesh -- false 2>/dev/null || status=$?
report 'run exits with the status of its command' "$( ((status == 1)) || echo "exit code $status")"
check_nothing_left 'run'
exit $failed
