#!/usr/bin/env bash
# requirements.sh: exits with 0 if this machine can run a mesh sandbox, and otherwise says in one sentence what is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/cgroups.sh"

missing() {
  echo "a mesh sandbox needs $1"
  exit 1
}

# check_kernel: uses the kernel features that a node needs.
check_kernel() {
  unshare --mount --net --pid --fork --uts --ipc --cgroup --kill-child sh -c '
    mount -t tmpfs tmpfs /mnt && mkdir /mnt/lower /mnt/upper /mnt/work /mnt/merged &&
      mount -t overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/merged || exit 11
    ip link add node0 type bridge && ip link add one type veth peer name two || exit 12
    echo "table ip try { chain try { type nat hook prerouting priority 0; ct state new counter; }; }" | nft -f - || exit 13' 2>/dev/null
}

((EUID == 0)) || missing 'root, because it creates containers, networks and cgroups'
for tool in ip nft iptables unshare setpriv; do
  command -v "$tool" >/dev/null || missing "the program $tool, which tests/packages.sh mesh installs"
done
[[ -n $(cgroup_version) ]] || missing 'cgroups, version 1 or 2, mounted on /sys/fs/cgroup'
groups=$(mktemp)
status=0
create_cgroups "kubectl-egress-try-$$" >"$groups" 2>/dev/null || status=$?
remove_cgroups "$groups"
rm "$groups"
((status == 0)) || missing 'the right to create cgroups, with all controllers if they are of version 2'
status=0
check_kernel || status=$?
case $status in
  0) ;;
  11) missing 'a kernel with overlayfs' ;;
  12) missing 'a kernel with bridges and veth devices' ;;
  13) missing 'a kernel with nftables' ;;
  *) missing 'the right to create namespaces' ;;
esac
