# Sourced: the steps of a long build. The script sets `title`, which begins its messages, and `build`, a directory of its
# own that holds the log and is removed when the script ends.

. "$(dirname "${BASH_SOURCE[0]}")/clock.sh"

current='' # the step that runs
advice=''  # printed if it fails

say() { echo "$title: $*" >&2; }
die() { say "$@"; exit 1; }

# start_build: creates the directory of the build, and reports a failure of any later step.
start_build() {
  rm -rf "$build"
  mkdir -p "$build"
  # bash may still redirect stderr to the log when a command of a step ends the script.
  exec {stderr}>&2
  trap finish_build EXIT
}

# step WHAT COMMAND…: runs COMMAND with its output in the log, and says how long it took.
step() {
  local start=$SECONDS
  current=$1
  on_terminal || say "$current"
  start_clock "$title: $current: "
  "${@:2}" >>"$build/log" 2>&1
  stop_clock
  say "$current: done in $((SECONDS - start)) s"
  current='' advice=''
}

finish_build() {
  local status=$?
  exec 2>&$stderr
  stop_clock
  if ((status)) && [[ -n $current ]]; then
    tail -n 20 "$build/log" >&2 || true
    say "$current failed; its output ends as above"
    [[ -z $advice ]] || echo "$advice" >&2
  fi
  rm -rf "$build"
}

# lock_build FILE: waits until no other process builds the same.
lock_build() {
  mkdir -p "$(dirname "$1")"
  exec 8>"$1"
  flock --nonblock 8 || { say 'waiting for another build'; flock 8; }
}
