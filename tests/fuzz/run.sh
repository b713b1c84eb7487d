#!/usr/bin/env bash
# run.sh [SECONDS [TARGET…]]: feeds the readers of what others write with random input, each for so many seconds (20),
# two at a time, from the inputs in corpus/ on. Before that, every input that was once too much is replayed. Prints a
# line "ok …" or "not ok …" for each reader. To look for longer, ten minutes each:
#
#   tests/fuzz/run.sh 600
#
# An input that fails is kept in build-sanitized/found: fix the reader, and add the input to regressions/TARGET/.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
build=$PWD/build-sanitized

export seconds=${1:-20} here build
shift $(($# > 0))
if ((!$#)); then
  set -- "$here"/*.cpp
  set -- "${@##*/}"
  set -- "${@%.cpp}"
fi

python3 -B tests/runner/builds.py build-sanitized "${@/#/tests/fuzz/fuzz_}" >&2

# What is undefined ends a run as a crash does.
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# The build is not optimized: the longest JSONPath that is not refused (jsonpath_evaluation.cpp, most_steps) took 9 s here.
# What grows without bound is found by memory.
export limits="-timeout=30 -rss_limit_mb=512 -max_len=4096 -print_final_stats=1"

# fuzz TARGET
# shellcheck disable=SC2086 # the limits are words
fuzz() {
  local target=$1 program=$build/tests/fuzz/fuzz_$1 log=$build/fuzz-$1.log regressions=() dictionary=()
  mkdir -p "$build/grown/$target" "$build/found"
  [[ ! -d $here/regressions/$target ]] || regressions=("$here/regressions/$target"/*)
  [[ ! -f $here/$target.dict ]] || dictionary=(-dict="$here/$target.dict")
  if ((${#regressions[@]})) && ! "$program" $limits "${regressions[@]}" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "not ok fuzz $target: an input that was mended once is too much again"
  elif ! "$program" $limits -max_total_time="$seconds" "${dictionary[@]}" \
    -artifact_prefix="$build/found/$target-" "$build/grown/$target" "$here/corpus/$target" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "not ok fuzz $target: $(grep -m 1 -E 'ERROR|SUMMARY|does not hold' "$log"), $(tail -n 3 "$log" | grep -o '/.*found/.*')"
  else
    echo "ok fuzz $target: $(awk '/number_of_executed_units/ {print $2}' "$log" | tail -n 1) inputs in $seconds s"
  fi
}
export -f fuzz

printf '%s\n' "$@" | xargs -P 2 -I{} bash -c 'fuzz {}' | tee "$build/fuzz.txt"
! grep -q '^not ok' "$build/fuzz.txt"
