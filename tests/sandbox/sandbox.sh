#!/usr/bin/env bash
# A real Kubernetes control plane with Istio's facts, for people and for tests.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-egress
. "$here/mesh/cgroups.sh"

usage="usage: sandbox.sh start [--istio VERSION] [--crds FILE] [DIR]
       sandbox.sh start --mesh [DIR]
       sandbox.sh stop [--mesh] [DIR]
       sandbox.sh run [--istio VERSION] [--crds FILE] -- COMMAND…
       sandbox.sh run --mesh -- COMMAND…

start   starts etcd, kube-apiserver 1.20, kube-controller-manager and a stand-in for
        the kubelet in the background; prints the path of the kubeconfig
stop    ends a sandbox and removes DIR
run     runs COMMAND with KUBECONFIG and EGRESS_SANDBOX_DIR set to a sandbox of its own,
        removes that, and exits with the status of COMMAND

  --mesh            a whole Kubernetes 1.34 node with istiod, Envoy, callers and external
                    hosts instead, in namespaces of its own; needs root. Its kubectl and
                    istioctl are in DIR/bin, which is on the PATH of COMMAND
  --istio VERSION   the Istio that the cluster says it runs: 1.7 or 1.30 (the default)
  --crds FILE       the CustomResourceDefinitions to create instead of the sandbox's
                    own (default: \$EGRESS_TEST_CRDS)
  DIR               where the kubeconfig, ca.crt, admin.crt, admin.key, token and the
                    logs are (default: kubectl-egress/sandbox in your cache folder,
                    with --mesh kubectl-egress/mesh-sandbox)

  EGRESS_SANDBOX_APISERVER='FLAG…'   more flags for kube-apiserver 1.20"

say() { echo "sandbox: $*" >&2; }
die() { say "$@"; exit 1; }
usage_error() { say "$*; see sandbox.sh -h"; exit 2; }

# --- the directory of a sandbox ---

marker=.kubectl-egress-sandbox # only a directory that has it is ever removed

refuse_other_directory() {
  [[ ! -e $1 || -e $1/$marker || -z $(ls -A "$1") ]] || die "$1 is not a sandbox's: choose another DIR"
}

# The lock on the directory itself is shared by the supervisor and its daemons: it
# is free exactly when the last of them is gone, however they ended.
lock() {
  exec 9<"$1" && flock "${@:2}" 9
}

# initialize_directory DIR: leaves nothing in it but what the supervisor expects.
initialize_directory() {
  find "$1" -mindepth 1 -delete
  touch "$1/$marker"
  echo "$variant" >"$1/variant"
  [[ -n $mesh ]] || write_crds "$1"
}

write_crds() {
  local serve_v1=true
  [[ $istio != 1.7 ]] || serve_v1=false
  sed "s/@SERVE_V1@/$serve_v1/" "$crds" >"$1/crds.yaml"
}

# --- the supervisor of a sandbox ---

# Ties a process to this one: it is told to end with it, and does not even start when
# this one died before the signal was armed.
# shellcheck disable=SC2016 # expanded by the inner shell
die_with_parent=(setpriv --pdeathsig TERM sh -c '[ "$PPID" = "$0" ] && exec "$@"' "$$")

# launch DIR [PREFIX…]: in a session of its own, out of the reach of Ctrl-C.
launch() {
  local dir=$1 programs command
  if [[ -n $mesh ]]; then
    [[ $(stat --file-system --format=%T "$dir") != overlayfs ]] ||
      die "$dir is on an overlay, on which containers cannot be unpacked: choose another DIR, or another TMPDIR for run"
    programs=$("$here/mesh/programs.sh" 9<&-)
    command=("$here/mesh/supervisor.sh" "$dir" "$programs")
  else
    programs=$("$here/control-plane.sh" 9<&-)
    command=("$here/supervisor.sh" "$dir" "$programs" "$dir/crds.yaml" "${istio:-1.30}")
  fi
  initialize_directory "$dir"
  "${@:2}" setsid "${command[@]}" </dev/null >"$dir/supervisor.log" 2>&1 &
  supervisor=$!
  echo "$supervisor" >"$dir/supervisor.pid"
  until [[ -e $dir/ready ]]; do
    kill -0 "$supervisor" 2>/dev/null || { cat "$dir/supervisor.log" >&2; die 'could not start'; }
    sleep 0.05
  done
}

send_signal() { kill -"$1" "$2" 2>/dev/null || true; }

# destroy DIR: ends whatever still runs there and removes it.
destroy() {
  [[ -e $1 ]] || return 0
  local pid
  pid=$(cat "$1/supervisor.pid" 2>/dev/null) || true
  if ! lock "$1" --nonblock; then
    send_signal TERM "$pid"
    flock --timeout 20 9 || die "the processes of $1 do not end; see $1/supervisor.log"
  fi
  # A supervisor that was killed has left them.
  remove_cgroups "$1/cgroups" || die "the cgroups of $1 cannot be removed"
  rm -rf -- "$1"
}

# --- the commands ---

start() {
  local dir=$1
  refuse_other_directory "$dir"
  mkdir -p "$dir"
  chmod 700 "$dir"
  if ! lock "$dir" --nonblock; then
    use_running_sandbox "$dir"
  else
    trap 'send_signal TERM "${supervisor-}"; exit 130' INT TERM
    launch "$dir"
    say "$variant runs in $dir; stop it with: $0 stop${mesh:+ --mesh}${chosen_dir:+ ${dir@Q}}"
  fi
  echo "$dir/kubeconfig"
}

# A sandbox that another start left there will do, unless it is another variant.
use_running_sandbox() {
  until [[ -e $1/ready ]]; do
    ! flock --nonblock 9 || die "the sandbox in $1 has just ended"
    sleep 0.1
  done
  local other
  other=$(<"$1/variant")
  [[ -z $istio$mesh || $other == "$variant" ]] || die "$other already runs in $1: stop it first"
  say "$other already runs in $1"
}

stop() {
  [[ -e $1 ]] || { say "none in $1"; return; }
  [[ -e $1/$marker ]] || die "$1 is not a sandbox's"
  destroy "$1"
  say "stopped the one in $1"
}

run() {
  # Not local: the trap needs it after this function, too.
  dir=$(mktemp --directory --tmpdir kubectl-egress-sandbox.XXXXXX)
  trap 'destroy "$dir"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  lock "$dir"
  launch "$dir" "${die_with_parent[@]}"
  exec 9<&- # from here on the lock is the supervisor's alone
  export KUBECONFIG=$dir/kubeconfig EGRESS_SANDBOX_DIR=$dir KUBECACHEDIR=$dir/kubectl-cache
  [[ -z $mesh ]] || PATH=$dir/bin:$PATH

  # In the background, so that a signal gets through at once, but with the terminal
  # and with the interrupts that bash takes away there.
  "${die_with_parent[@]}" env --default-signal=INT,QUIT "$@" <&0 9<&- &
  local command=$! status=0
  trap 'send_signal INT "$command"' INT
  trap 'send_signal TERM "$command"' TERM HUP
  while kill -0 "$command" 2>/dev/null; do wait "$command" || true; done 2>/dev/null
  wait "$command" || status=$?
  exit "$status"
}

# --- the command line ---

subcommand=${1-}
case $subcommand in
  -h | --help) echo "$usage"; exit ;;
  start | stop | run) shift ;;
  *) usage_error "start, stop or run, not '$subcommand'" ;;
esac

mesh='' istio='' crds=${EGRESS_TEST_CRDS:-$here/istio/crds.yaml}
while (($#)); do
  case $1 in
    -h | --help) echo "$usage"; exit ;;
    --mesh) mesh=yes; shift ;;
    --istio | --crds) [[ $subcommand != stop && -n ${2-} ]] || usage_error "what of $1?" ;;&
    --istio) istio=$2; shift 2 ;;
    --crds) crds=$2; shift 2 ;;
    --) shift; break ;;
    -*) usage_error "no option $1" ;;
    *) break ;;
  esac
done
[[ -z $mesh || -z $istio ]] || usage_error '--mesh runs its own Istio, so there is no --istio'
[[ -z $istio || -e $here/istio/$istio.yaml ]] || usage_error "--istio is 1.7 or 1.30, not '$istio'"
[[ $subcommand == stop || -r $crds ]] || die "cannot read $crds"

for tool in etcd openssl curl jq python3 kubectl; do
  [[ $subcommand == stop ]] || command -v "$tool" >/dev/null ||
    die "$tool is missing; install what is needed with: tests/packages.sh sandbox"
done

variant="Kubernetes 1.20 with Istio ${istio:-1.30}"
if [[ -n $mesh ]]; then
  variant='a node of Kubernetes 1.34 with Istio 1.30'
  [[ $subcommand == stop ]] || missing=$("$here/mesh/requirements.sh") || die "$missing"
fi

case $subcommand in
  run)
    (($#)) || usage_error 'which COMMAND?'
    run "$@"
    ;;
  *)
    (($# <= 1)) || usage_error "one DIR, not: $*"
    chosen_dir=${1-}
    "$subcommand" "$(realpath --canonicalize-missing "${1:-$cache/${mesh:+mesh-}sandbox}")"
    ;;
esac
