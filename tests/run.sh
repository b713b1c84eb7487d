#!/usr/bin/env bash
# Passes every test, from a fresh Debian 12 on: installs the packages that are missing, builds the control plane
# once, builds everything twice (g++; clang with sanitizers) with warnings as errors, and runs the unit, style, parity
# and end-to-end suites and the fuzz targets. The last line is "N passed, N failed".
#
#   EGRESS_TEST_KUBECONFIG=FILE   run the end-to-end suite on that cluster instead of on sandboxes
#   EGRESS_FAULTS_STEP=N          disturb every N-th request of the sweeps in tests/faults: 1 is each
#   EGRESS_TEST_CRDS=FILE         put these CustomResourceDefinitions into the sandboxes
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
shared=${EGRESS_SHARED_DIR:-$root/../shared}
logs=$root/build-logs
passed=0
failed=0

say() { printf '[%4ds] %s\n' $SECONDS "$*"; }

# tally NAME LOG STATUS: counts doctest's cases and the lines "ok …" and "not ok …".
tally() {
  local good bad
  good=$(awk '/^\[doctest\] test cases:/ {n += $6} /^ok / {n++} END {print n + 0}' "$2")
  bad=$(awk '/^\[doctest\] test cases:/ {n += $9} /^not ok / {n++} END {print n + 0}' "$2")
  # It ended badly without naming a test, or ran none.
  ((bad == 0 && ($3 != 0 || good == 0))) && bad=1
  passed=$((passed + good))
  failed=$((failed + bad))
  if ((bad > 0)); then
    tail -n 300 "$2"
    say "$1: $good passed, $bad FAILED"
  else
    say "$1: $good passed"
  fi
}

# suite NAME COMMAND…: runs it with its output in a log, and tallies.
suite() {
  local name=$1 log status=0
  log=$logs/${name//[^a-zA-Z0-9.]/-}.log
  shift
  "$@" >"$log" 2>&1 || status=$?
  tally "$name" "$log" "$status"
}

# build DIR MESON-OPTION…: configured once, then brought up to date. A build that fails is a test that fails.
build() {
  local dir=$1
  shift
  say "building in $dir"
  local how=setup
  # Configured for another reason, or by an older version of this.
  [[ ! -f $dir/build.ninja ]] || how=configure
  meson "$how" "$dir" -Dwerror=true "$@" >"$logs/setup.log" 2>&1 ||
    { tail -n 50 "$logs/setup.log" && not_built "$dir"; }
  ninja -C "$dir" --quiet >&2 || not_built "$dir"
}

not_built() {
  say "$1 could not be built"
  finish 1
}

# finish MORE-FAILED: the last line, and the end.
finish() {
  failed=$((failed + $1))
  echo "$passed passed, $failed failed"
  exit $((failed > 0))
}

# What a set of CustomResourceDefinitions decides: whether every object is taken, and taken whole.
schema_cases="--test-case=*takes every mode*,*stored whole*,*the main job*,*the article*"

# end_to_end NAME BUILD ISTIO [CRDS [CASES]]: the suite through real kubectl, on a sandbox of its own.
end_to_end() {
  local name=$1 dir=$root/$2
  local -x PATH=$dir/src:$PATH
  if [[ -n ${EGRESS_TEST_KUBECONFIG:-} ]]; then
    KUBECONFIG=$EGRESS_TEST_KUBECONFIG suite "$name" "$dir/tests/e2e-tests"
  else
    suite "$name" tests/sandbox/sandbox.sh run --istio "$3" ${4:+--crds "$4"} -- "$dir/tests/e2e-tests" \
      ${5:+"$5"}
  fi
}

# faults STEP SWEEP…: some of tests/faults, by default with that step.
faults() {
  [[ -z ${EGRESS_TEST_KUBECONFIG:-} ]] || return 0
  local -x PATH=$root/build-tests/src:$PATH EGRESS_FAULTS_STEP=${EGRESS_FAULTS_STEP:-$1}
  suite "faults, ${*:2}" tests/sandbox/sandbox.sh run --istio 1.30 -- tests/faults/run.sh "${@:2}"
}

# Each example of --help, as it is printed, and what the README shows.
examples() {
  [[ -z ${EGRESS_TEST_KUBECONFIG:-} ]] || return 0
  local -x PATH=$root/build-tests/src:$PATH
  suite "examples" tests/sandbox/sandbox.sh run --istio 1.30 -- tests/examples/run.sh
  suite "terminal" tests/sandbox/sandbox.sh run --istio 1.30 -- tests/terminal/run.sh
  suite "README" tests/sandbox/sandbox.sh run --istio 1.30 -- tests/examples/readme.py
}

# TAB in real shells.
completion() {
  [[ -z ${EGRESS_TEST_KUBECONFIG:-} ]] || return 0
  tests/packages.sh shells
  local -x PATH=$root/build-tests/src:$PATH
  suite "completion" tests/sandbox/sandbox.sh run --istio 1.30 -- tests/completion/run.sh
}

sanitized() {
  local -x ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
  "$@"
}

mkdir -p "$logs"
tests/packages.sh build sandbox style parity fuzz bench
[[ -n ${EGRESS_TEST_KUBECONFIG:-} ]] || tests/sandbox/control-plane.sh >/dev/null
# Linked as it is released, so that what is tested is what people get.
build build-tests -Dbuildtype=debugoptimized -Dportable=true
suite "unit" build-tests/tests/unit-tests
suite "growth" build-tests/tests/growth/growth-tests
suite "style floors" tests/style/floors.sh
suite "style users" tests/style/users.sh
suite "style format" tests/style/format.sh
suite "style commands" tests/style/commands.sh build-tests
suite "style fields" tests/style/fields.sh build-tests
suite "style man" tests/style/man.sh build-tests
suite "install" tests/style/install.sh build-tests
suite "release" tests/release/krew.sh build-tests
suite "source archive" tests/release/dist.sh build-tests
PATH=$root/build-tests/src:$PATH suite "parity" tests/parity/run.sh
say "fuzzing, after its build"
suite "fuzz" tests/fuzz/run.sh

# clang-tidy takes minutes; the end-to-end suites, which mostly wait, go on beside it.
say "clang-tidy is under way"
setsid tests/style/tidy.sh build-tests >"$logs/style-tidy.log" 2>&1 &
tidy=$!
trap 'kill -- -$tidy 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

EGRESS_CURRENT_KUBECTL=$(tests/parity/client.sh)
EGRESS_CURRENT_HELM=$(tests/parity/client.sh helm) || true
export EGRESS_CURRENT_KUBECTL EGRESS_CURRENT_HELM
end_to_end "e2e, Istio 1.30" build-tests 1.30
examples
completion
faults 0 make_before_break permissions strangers crash_sweep race fleet_sweep
faults 8 fault_sweep
grep -hs '^covered' "$logs"/faults*.log || true
[[ -n ${EGRESS_TEST_KUBECONFIG:-} ]] ||
  PATH=$root/build-tests/src:$PATH suite "bench" \
    env EGRESS_BENCH_CHECK=1 tests/sandbox/sandbox.sh run --istio 1.30 -- tests/bench/run.sh
[[ -n ${EGRESS_TEST_KUBECONFIG:-} ]] ||
  PATH=$root/build-tests/src:$PATH suite "bench, crowded server" \
    env EGRESS_BENCH_CROWDED=1 EGRESS_SANDBOX_APISERVER="$(tr '\n' ' ' <tests/bench/crowded.flags)" \
    tests/sandbox/sandbox.sh run --istio 1.30 -- tests/bench/run.sh
end_to_end "e2e, Istio 1.7" build-tests 1.7
if [[ -d $shared/reference && -z ${EGRESS_TEST_KUBECONFIG:-}${EGRESS_TEST_CRDS:-} ]]; then
  end_to_end "e2e, Istio 1.30.3's own CRDs" build-tests 1.30 "$shared/reference/istio-1.30.3/crds.yaml" \
    "$schema_cases"
  end_to_end "e2e, Istio 1.7.0's own CRDs" build-tests 1.7 "$shared/reference/istio-1.7.0/crds.yaml" \
    "$schema_cases"
fi

export CC=clang CXX=clang++
build build-sanitized -Dbuildtype=debug -Db_sanitize=address,undefined -Db_lundef=false \
  -Dcpp_args="-fsanitize-ignorelist=$root/tests/sanitizers.txt"
sanitized suite "unit, sanitized" build-sanitized/tests/unit-tests
PATH=$root/build-sanitized/src:$PATH sanitized suite "parity, sanitized" tests/parity/run.sh
sanitized end_to_end "e2e, sanitized" build-sanitized 1.30

status=0
wait $tidy || status=$?
tally "style clang-tidy" "$logs/style-tidy.log" $status
say "done"
finish 0
