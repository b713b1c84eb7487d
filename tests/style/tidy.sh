#!/usr/bin/env bash
# clang-tidy over every source file, or over the piece of them in EGRESS_TEST_PIECE. Prints a line "ok …" or "not ok …"
# for each file. With --list, prints the files instead.
set -euo pipefail
cd "$(dirname "$0")/../.."

# A configuration of its own: clang's, and without the precompiled headers, which need a build.
export build=build-tidy

files() { git ls-files 'src/*.cpp' | python3 -B tests/runner/share.py; }

if [[ ${1-} == --list ]]; then
  files
  exit
fi
[[ -f $build/build.ninja ]] || CC=clang CXX=clang++ meson setup "$build" -Dtests=false -Db_pch=false >/dev/null

check() {
  local findings
  # clang-tidy counts the warnings in other people's headers on stderr.
  if findings=$(clang-tidy -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option "$1" 2>/dev/null); then
    echo "ok clang-tidy $1"
  else
    echo "not ok clang-tidy $1"$'\n'"$findings"
    return 1
  fi
}
export -f check

files | xargs -P "${JOBS:-2}" -I{} bash -c 'check "$@"' - {} || exit 1
