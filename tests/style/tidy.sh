#!/usr/bin/env bash
# clang-tidy over every source file. The argument is a build folder with a compile_commands.json.
# Prints a line "ok …" or "not ok …" for each file.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1

check() {
  local findings
  # The build's flags may be g++'s. What stands on stderr is the count of warnings in other people's headers.
  if findings=$(clang-tidy -p "$1" --quiet --extra-arg=-Wno-unknown-warning-option "$2" 2>/dev/null); then
    echo "ok clang-tidy $2"
  else
    echo "not ok clang-tidy $2"$'\n'"$findings"
    return 1
  fi
}
export -f check

git ls-files 'src/*.cpp' | xargs -P "${JOBS:-2}" -I{} bash -c 'check "$@"' - "$build" {} || exit 1
