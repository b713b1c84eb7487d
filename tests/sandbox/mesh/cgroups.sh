# Sourced: the cgroups of a sandbox, version 1 or 2.

controllers_v2=(cpu cpuset memory pids)

# cgroup_version: prints the version of the hierarchies on /sys/fs/cgroup, 1 or 2; nothing if there are none.
cgroup_version() {
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    echo 2
  elif grep -q ' /sys/fs/cgroup/memory cgroup ' /proc/mounts; then
    echo 1
  fi
}

# create_cgroups NAME: creates an empty group in each hierarchy, and prints their directories.
create_cgroups() { "create_cgroups_v$(cgroup_version)" "$1"; }

# Below this process's own group, so that its limits also hold for the sandbox. A new cpuset accepts no process before it
# has processors and memory nodes.
create_cgroups_v1() {
  local point type name path group file
  while read -r _ point type _; do
    [[ $type == cgroup ]] || continue
    name=$(basename "$point")
    path=$(awk -F: -v a="$name" -v b="name=$name" '$2 == a || $2 == b {print $3}' /proc/self/cgroup)
    group=$point${path%/}
    mkdir "$group/$1" || return
    echo "$group/$1"
    [[ ! -e $group/cpuset.cpus ]] ||
      for file in cpuset.cpus cpuset.mems; do cat "$group/$file" >"$group/$1/$file"; done
  done </proc/mounts
}

# At the top of the hierarchy: version 2 allows no processes in a group that delegates controllers, and the group of this
# process has some.
create_cgroups_v2() {
  local controller top=/sys/fs/cgroup
  for controller in "${controllers_v2[@]}"; do
    grep -qw "$controller" $top/cgroup.subtree_control || echo "+$controller" >$top/cgroup.subtree_control || return
  done
  mkdir "$top/$1" "$top/$1/daemons" || return
  echo "$top/$1"
}

# enter_cgroups FILE: moves this process into the groups that FILE lists.
enter_cgroups() {
  local group
  while read -r group; do echo "$BASHPID" >"$group/cgroup.procs"; done <"$1"
}

# leave_cgroups PID FILE: with version 2, moves PID from the root of its new cgroup namespace to a child group, so that the
# root can delegate controllers.
leave_cgroups() {
  [[ $(cgroup_version) == 2 ]] || return 0
  while [[ $(readlink "/proc/$1/ns/cgroup") == "$(readlink /proc/self/ns/cgroup)" ]]; do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.02
  done
  echo "$1" >"$(<"$2")/daemons/cgroup.procs"
}

# remove_cgroups FILE: waits until the groups that FILE lists are empty, and removes them.
remove_cgroups() {
  local group attempts=200
  while read -r group; do
    while [[ -d $group ]] && ! find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; do
      ((attempts--)) || { echo "error: $group is still in use" >&2; return 1; }
      sleep 0.05
    done
  done < <(cat "$1" 2>/dev/null)
}

# mount_cgroups VERSION: mounts the hierarchies of this cgroup namespace on /sys/fs/cgroup.
mount_cgroups() { "mount_cgroups_v$1"; }

# Hierarchies may hold several controllers, such as cpu and cpuacct.
mount_cgroups_v1() {
  local controllers controller
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  while IFS=: read -r _ controllers _; do
    case $controllers in
      '') ;; # version 2 beside version 1
      name=*)
        mkdir "/sys/fs/cgroup/${controllers#name=}"
        mount -t cgroup -o "none,$controllers" cgroup "/sys/fs/cgroup/${controllers#name=}"
        ;;
      *)
        mkdir "/sys/fs/cgroup/$controllers"
        mount -t cgroup -o "$controllers" cgroup "/sys/fs/cgroup/$controllers"
        for controller in ${controllers//,/ }; do
          [[ -e /sys/fs/cgroup/$controller ]] || ln -s "$controllers" "/sys/fs/cgroup/$controller"
        done
        ;;
    esac
  done </proc/self/cgroup
}

# Controllers can be delegated once the root of the namespace holds no process: this one moves itself, and the supervisor
# moves `unshare`.
mount_cgroups_v2() {
  mount -t cgroup2 cgroup /sys/fs/cgroup
  echo $$ >/sys/fs/cgroup/daemons/cgroup.procs
  local attempts=100
  until echo "${controllers_v2[@]/#/+}" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null; do
    ((attempts--)) || { echo 'cannot delegate the cgroup controllers' >&2; return 1; }
    sleep 0.05
  done
}
