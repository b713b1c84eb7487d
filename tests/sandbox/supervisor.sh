#!/usr/bin/env bash
# supervisor.sh DIR BIN CRDS ISTIO: the parent of one sandbox's daemons, in DIR.
# Creates DIR/ready when all is up. Every daemon dies with it, even by kill -9. Asked
# to end, it takes DIR with it; failing, it leaves DIR with the logs to be read.
set -euo pipefail
umask 077
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$1 bin=$2 crds=$3 istio=$4
cd "$dir"

declare -A names # of the daemons, by process id

# shellcheck disable=SC2317 # called by the traps
finish() {
  trap - EXIT TERM
  kill -KILL "${!names[@]}" 2>/dev/null || true
  wait 2>/dev/null # and none of bash's words about the killed
  [[ ${1-} != remove ]] || rm -rf -- "$dir"
}
trap finish EXIT
trap 'finish remove; exit 0' TERM

fail() { echo "$1" >&2; exit 1; }

# Ties a process to this one: neither outlives it, nor starts when it already died
# before the signal was armed.
# shellcheck disable=SC2016 # expanded by the inner shell
die_with_parent=(setpriv --pdeathsig KILL sh -c '[ "$PPID" = "$0" ] && exec "$@"' "$$")

# daemon NAME COMMAND…: starts a process in the background, with a log.
daemon() {
  "${die_with_parent[@]}" "${@:2}" </dev/null >"$1.log" 2>&1 &
  names[$!]=$1
}

# fail_with_log NAME: says why, with the end of its log.
fail_with_log() {
  tail -n 20 "$1.log" >&2
  fail "$1 ended; $dir/$1.log ends as above"
}

# task NAME COMMAND…: like daemon, but waits for its success.
task() {
  daemon "$@"
  local pid=$!
  wait "$pid" || fail_with_log "$1"
  unset "names[$pid]"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# A socket file in DIR, open to nobody else, needs neither ports nor certificates.
# Its address is relative because a socket's path must be shorter than DIR may be.
start_etcd() {
  daemon etcd etcd --data-dir etcd --logger zap --log-level warn \
    --listen-client-urls unix://etcd.sock:0 --advertise-client-urls unix://etcd.sock:0 \
    --listen-peer-urls unix://peer.sock:0 --initial-advertise-peer-urls unix://peer.sock:0 \
    --initial-cluster default=unix://peer.sock:0
}

# Of a flag that is given twice the last one counts.
read -ra extra_apiserver_flags <<<"${EGRESS_SANDBOX_APISERVER:-}"

# No endpoints are published for the `kubernetes` service: loopback is refused there.
start_apiserver() {
  daemon apiserver "$bin/kube-apiserver" --etcd-servers unix://etcd.sock:0 \
    --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$1" \
    --endpoint-reconciler-type none --service-cluster-ip-range 10.96.0.0/16 \
    --tls-cert-file apiserver.crt --tls-private-key-file apiserver.key \
    --client-ca-file ca.crt --token-auth-file tokens.csv \
    --authorization-mode RBAC --allow-privileged --profiling=false \
    --service-account-issuer https://kubernetes.default.svc \
    --service-account-signing-key-file service-account.key \
    --service-account-key-file service-account.key \
    "${extra_apiserver_flags[@]}"
}

# Room for a thousand gateways at once: the defaults are 20 requests a second. Nobody
# reports the stand-in's node as alive, so nobody shall look whether it is.
start_controller_manager() {
  daemon controller-manager "$bin/kube-controller-manager" \
    --kubeconfig controller-manager.kubeconfig --use-service-account-credentials \
    --service-account-private-key-file service-account.key --root-ca-file ca.crt \
    '--controllers=*,-nodelifecycle' --leader-elect=false --port 0 --secure-port 0 --profiling=false \
    --controller-start-interval 0 --kube-api-qps 1000 --kube-api-burst 2000
}

# apiserver_ready PORT: false when it ended instead, a daemon's death being fatal.
apiserver_ready() {
  local pid=$! url=https://127.0.0.1:$1/readyz deadline=$((SECONDS + 60))
  until curl --silent --fail --output /dev/null --max-time 2 \
    --cacert ca.crt --cert admin.crt --key admin.key "$url"; do
    kill -0 "$pid" 2>/dev/null || return 1
    ((SECONDS < deadline)) || fail "apiserver was not ready after a minute; see $dir/apiserver.log"
    sleep 0.1
  done
}

# Between picking a free port and listening on it, another process may take it.
start_api() {
  local attempt
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    start_apiserver "$port"
    apiserver_ready "$port" && return
    grep -q 'address already in use' apiserver.log || fail_with_log apiserver
    wait "$!" || unset "names[$!]"
    echo "port $port was taken meanwhile; attempt $attempt" >&2
  done
  fail 'found no free port'
}

start_etcd
"$here/pki.sh" . 2>pki.log || fail_with_log pki
start_api
"$here/kubeconfig.sh" . "https://127.0.0.1:$port" admin >kubeconfig
"$here/kubeconfig.sh" . "https://127.0.0.1:$port" controller-manager >controller-manager.kubeconfig

# The kinds come first: the garbage collector looks for new ones only every half minute.
export KUBECONFIG=kubeconfig
task crds "$here/istio.sh" crds "$crds"
start_controller_manager
daemon kubelet python3 "$here/kubelet.py" . "$port"
task mesh "$here/istio.sh" mesh "$istio"
touch ready

wait -n -p pid || true
fail_with_log "${names[$pid]}"
