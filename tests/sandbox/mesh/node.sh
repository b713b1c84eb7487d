#!/usr/bin/env bash
# node.sh DIR PROGRAMS: the first process in the namespaces of a mesh sandbox. Mounts what a node needs, sets up its
# network, and starts the control plane, the node's daemons, Istio, the external hosts, and the callers. File descriptor 3
# is a socket on the host's loopback interface for clients of the API server. In here DIR is /run/node.
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sandbox=$(dirname "$here")
dir=$1 programs=$(realpath "$2")
. "$here/cgroups.sh"
. "$here/versions.sh"
version=$(cgroup_version)
address=10.10.0.1
api=https://$address:6443
export TMPDIR=/run/tmp
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
export PATH=$programs/kubernetes:$programs/istio:$programs/packages/usr/bin:$programs/packages/usr/sbin:/usr/sbin:/usr/bin:/sbin:/bin

now() { echo $(($(date +%s%N) / 1000000)); }
started=$(now)
# log_time WHAT: logs when WHAT was done.
log_time() { echo "$(($(now) - started)) ms: $*" >>times.log; }

# --- mounts ---

# The kubelet and the CNI plugins use fixed paths in /run, /var/lib and /var/log, so the sandbox has its own.
mount_directories() {
  mkdir -p "$dir"/{run,var-lib,var-log}
  mount -t tmpfs -o mode=755 tmpfs "$dir/run"
  mkdir -p "$dir"/run/{node,lock,tmp}
  mount --bind "$dir" "$dir/run/node"
  cd "$dir/run/node"
  mount --bind var-lib /var/lib
  mount --bind var-log /var/log
  mount --no-mtab --move "$dir/run" /run
  cd /run/node
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
}

# The kubelet requires these kernel settings. Files mounted over them satisfy it without changing the machine.
bind_settings() {
  local setting file
  mkdir settings
  for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    file=settings/$(basename "${setting%=*}")
    echo "${setting#*=}" >"$file"
    mount --bind "$file" "/proc/sys/${setting%=*}"
  done
  echo "nameserver $address" >daemons.resolv.conf
  # It may be a link into /run, which is empty now.
  local file
  file=$(realpath --canonicalize-missing /etc/resolv.conf)
  mkdir -p "$(dirname "$file")"
  [[ -e $file ]] || touch "$file"
  mount --bind daemons.resolv.conf "$file"
}

# --- network ---

# A bridge without ports serves as the node's network interface. Connections of the node to a Service need a route before
# kube-proxy's rules rewrite the address.
create_network() {
  hostname node
  ip link set lo up
  ip link add node0 type bridge
  ip address add $address/24 dev node0
  ip link set node0 up
  ip route add 10.96.0.0/16 dev node0
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

# --- daemons ---

declare -A names
# daemon NAME COMMAND…: starts a process in the background, with a log.
daemon() {
  setsid "${@:2}" </dev/null >"$1.log" 2>&1 3<&- &
  names[$!]=$1
}

# fail_with_log PID: shows the end of a daemon's log, and ends everything.
fail_with_log() {
  tail -n 20 "${names[$1]}.log" >&2
  echo "${names[$1]} ended; $dir/${names[$1]}.log ends as above" >&2
  exit 1
}

# wait_until SECONDS COMMAND…: until it succeeds, as long as all daemons run.
wait_until() {
  local deadline=$((SECONDS + $1)) pid
  until "${@:2}" >/dev/null 2>&1; do
    for pid in "${!names[@]}"; do kill -0 "$pid" 2>/dev/null || fail_with_log "$pid"; done
    ((SECONDS < deadline)) || { echo "timed out after $1 s: ${*:2}" >&2; exit 1; }
    sleep 0.1
  done
}

get() { curl --silent --fail --max-time 5 --cacert ca.crt --cert admin.crt --key admin.key "$api$1"; }
node_is_ready() { get /api/v1/nodes/node | jq -e 'any(.status.conditions[]; .type == "Ready" and .status == "True")'; }

start_etcd() {
  daemon etcd etcd --data-dir etcd --logger zap --log-level warn --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
    --initial-cluster default=http://127.0.0.1:2380
}

start_container_runtime() {
  sed "s,@PACKAGES@,$programs/packages," "$here/containerd.toml" >containerd.toml
  # Pods have no bridge in common, so what they send each other is routed, and passes kube-proxy's and the policies' rules
  # without a further kernel module.
  install -D -m 644 "$here/cni.conflist" cni/10-sandbox.conflist
  install -D -m 644 "$here/registry.toml" registries/_default/hosts.toml
  daemon registry python3 "$here/registry.py" "$programs/images/layout" 5000
  daemon containerd containerd --config containerd.toml
}

start_apiserver() {
  daemon apiserver kube-apiserver --etcd-servers http://127.0.0.1:2379 \
    --bind-address 0.0.0.0 --advertise-address $address --secure-port 6443 --service-cluster-ip-range 10.96.0.0/16 \
    --tls-cert-file apiserver.crt --tls-private-key-file apiserver.key --client-ca-file ca.crt \
    --token-auth-file tokens.csv --authorization-mode Node,RBAC --allow-privileged --profiling=false \
    --service-account-issuer https://kubernetes.default.svc \
    --service-account-signing-key-file service-account.key --service-account-key-file service-account.key \
    --kubelet-client-certificate admin.crt --kubelet-client-key admin.key --kubelet-certificate-authority ca.crt \
    --kubelet-preferred-address-types InternalIP \
    --requestheader-client-ca-file ca.crt --requestheader-allowed-names admin \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- --proxy-client-cert-file admin.crt --proxy-client-key-file admin.key
  for user in controller-manager scheduler proxy node; do "$sandbox/kubeconfig.sh" . $api $user >$user.kubeconfig; done
  "$sandbox/kubeconfig.sh" . "https://127.0.0.1:$(<port)" admin >kubeconfig
  "$sandbox/kubeconfig.sh" . $api admin >inside.kubeconfig
  setsid python3 "$here/port.py" forward $address 6443 </dev/null >port.log 2>&1 &
  names[$!]=port
  exec 3<&-
}

start_controllers() {
  daemon controller-manager kube-controller-manager --kubeconfig controller-manager.kubeconfig \
    --use-service-account-credentials --service-account-private-key-file service-account.key --root-ca-file ca.crt \
    --leader-elect=false --secure-port 0 --profiling=false --kube-api-qps 1000 --kube-api-burst 2000
  daemon scheduler kube-scheduler --kubeconfig scheduler.kubeconfig --leader-elect=false --secure-port 0 --profiling=false
}

start_node_daemons() {
  touch resolv.conf
  cp "$here"/{kubelet,kube-proxy}.yaml .
  dns_configuration >Corefile
  daemon kubelet kubelet --config kubelet.yaml --kubeconfig node.kubeconfig --hostname-override node \
    --node-ip $address --root-dir /var/lib/kubelet --cert-dir kubelet-pki
  daemon kube-proxy kube-proxy --config kube-proxy.yaml
  daemon dns dns -conf Corefile
  daemon network-policy python3 "$here/network_policy.py" . $address:6443
  daemon metrics-server metrics-server --kubeconfig inside.kubeconfig --authentication-kubeconfig inside.kubeconfig \
    --authorization-kubeconfig inside.kubeconfig --kubelet-certificate-authority ca.crt \
    --kubelet-preferred-address-types InternalIP --cert-dir metrics-pki --secure-port 10443 \
    --metric-resolution 10s --kubelet-request-timeout 5s
}

# dns_configuration: prints CoreDNS's configuration. The external hosts have no IPv6 addresses; names below nowhere.test do
# not exist.
dns_configuration() {
  local domain host
  cat "$here/Corefile"
  echo 'test {'
  printf '  bind %s\n  errors\n' $address
  while read -r domain host; do
    printf '  template IN A %s {\n    answer "{{ .Name }} 1 IN A %s"\n  }\n' "$domain" "$host"
  done <hosts
  printf '  template ANY ANY nowhere.test {\n    rcode NXDOMAIN\n  }\n  template ANY ANY {\n    rcode NOERROR\n  }\n}\n'
}

# The external hosts run in a network namespace behind the node.
start_outside() {
  local pid
  "$programs/world/outside" list >hosts
  cp "$programs"/images/public-ca.{crt,key} .
  mkdir -p down
  mkfifo outside.go
  daemon outside unshare --net sh -c "read -r _ <outside.go; exec '$programs/world/outside' ."
  pid=$!
  until [[ $(readlink "/proc/$pid/ns/net") != "$(readlink /proc/self/ns/net)" ]]; do sleep 0.02; done
  ip link add outside0 type veth peer name eth0 netns "$pid"
  ip address add 192.0.2.1/24 dev outside0
  ip link set outside0 up
  nsenter --target "$pid" --net sh -c 'ip link set lo up && ip link set eth0 up
    while read -r _ host; do ip address add "$host/24" dev eth0; done <hosts
    ip route add default via 192.0.2.1'
  echo >outside.go
}

# task NAME COMMAND…: runs a command to its end, with a log.
task() {
  "${@:2}" </dev/null >"$1.log" 2>&1 && return
  tail -n 20 "$1.log" >&2
  echo "$1 failed; $dir/$1.log ends as above" >&2
  exit 1
}

mount_directories
mount_cgroups "$version"
bind_settings
create_network
log_time 'mounts and network'
start_etcd
start_container_runtime
task pki "$sandbox/pki.sh" . node $address
chmod 700 . # the certificates are the sandbox's own
start_apiserver
start_outside
istio_manifest() { istioctl manifest generate -f "$here/istio.yaml" --set "tag=$istio_version" >istio-manifest.yaml; }
istio_manifest 2>istio-manifest.log &
manifest=$!
wait_until 60 get /readyz
log_time 'API server'
start_controllers
start_node_daemons
export KUBECONFIG=inside.kubeconfig KUBECACHEDIR=/run/tmp/kubectl
task cluster kubectl create --validate=false -f "$here/cluster.yaml"
wait "$manifest" || { cat istio-manifest.log >&2; exit 1; }
task istio "$here/istio.sh" istio-manifest.yaml
log_time 'Istio'
wait_until 60 node_is_ready
task callers kubectl create --validate=false -f "$here/callers.yaml"
task callers-ready kubectl wait pod --all-namespaces -l app=web --for=condition=Ready --timeout=120s
log_time 'callers'
wait_until 10 test -e outside.ready
touch ready

wait -n -p pid || true
fail_with_log "$pid"
