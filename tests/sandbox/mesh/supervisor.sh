#!/usr/bin/env bash
# supervisor.sh DIR PROGRAMS: runs a Kubernetes node with its control plane in DIR, in mount, network, process, UTS, IPC
# and cgroup namespaces of its own. Creates DIR/ready when Istio and the callers run. Everything in the namespaces dies
# with this process, even by kill -9; asked to end, it also removes its cgroups and DIR.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$1 programs=$2
. "$here/cgroups.sh"
cd "$dir"

node=''
# shellcheck disable=SC2317 # called by the traps
finish() {
  trap - EXIT TERM
  [[ -z $node ]] || kill -KILL "$node" 2>/dev/null || true
  wait 2>/dev/null
  remove_cgroups "$dir/cgroups"
  [[ ${1-} != remove ]] || rm -rf -- "$dir"
}
trap finish EXIT
trap 'finish remove; exit 0' TERM

# If this script dies, the kernel kills `unshare`, which kills the first process of the PID namespace, with which all
# others in it die.
# shellcheck disable=SC2016 # expanded by the inner shell
die_with_parent=(setpriv --pdeathsig KILL sh -c '[ "$PPID" = "$0" ] && exec "$@"' "$$")

# The process enters the cgroups before it becomes `unshare`: they become the root of its cgroup namespace.
start_node() {
  create_cgroups "kubectl-egress-$$" >cgroups
  (
    enter_cgroups cgroups
    exec "${die_with_parent[@]}" python3 "$here/port.py" listen port \
      unshare --mount --propagation private --net --pid --fork --kill-child=KILL --uts --ipc --cgroup \
      "$here/node.sh" "$dir" "$programs"
  ) </dev/null &
  node=$!
  echo "$node" >node.pid
}

mkdir bin
ln -s "$programs"/kubernetes/kubectl "$programs"/istio/istioctl bin
start_node
leave_cgroups "$node" cgroups
wait "$node" || true
echo 'the node ended' >&2
exit 1
