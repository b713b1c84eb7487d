# Sourced: shows on stderr how long something has been running.

clock=''

on_terminal() { [[ -t 2 && ${TERM:-dumb} != dumb ]]; }

# start_clock TEXT [LOG]: shows TEXT and the elapsed seconds, every second in place on a terminal, every minute as a
# line in a log. If LOG has ninja's output, a terminal shows its progress as well.
start_clock() {
  run_clock "$@" &
  clock=$!
}

stop_clock() {
  [[ -n $clock ]] || return 0
  kill "$clock" 2>/dev/null || true
  wait "$clock" 2>/dev/null || true
  clock=''
  ! on_terminal || printf '\r\033[K' >&2
}

run_clock() {
  local text=$1 log=${2-} start=$SECONDS elapsed
  # The clock must not outlive a script that was killed.
  while kill -0 $$ 2>/dev/null; do
    elapsed=$((SECONDS - start))
    if on_terminal; then
      printf '\r\033[K%s%s%d s' "$text" "$(ninja_progress "$log")" $elapsed >&2
    elif ((elapsed && elapsed % 60 == 0)); then
      printf '%s%d s so far\n' "$text" $elapsed >&2
    fi
    sleep 1
  done
}

# The last "[12/345] " in a log of ninja.
ninja_progress() {
  [[ ! -s $1 ]] || grep -oE '^\[[0-9]+/[0-9]+\] ' "$1" | tail -n 1
}
