#!/usr/bin/env bash
# Every C++ file stands as clang-format puts it, and every script passes bash's own check.
set -euo pipefail
cd "$(dirname "$0")/../.."

failed=0
report() {
  if [[ -z $2 ]]; then
    echo "ok $1"
  else
    echo "not ok $1"
    sed 's/^/  /' <<<"$2"
    failed=1
  fi
}

report "clang-format" \
  "$(git ls-files '*.cpp' '*.hpp' | xargs clang-format --dry-run --Werror 2>&1 | grep 'error:' || true)"
report "scripts parse" \
  "$(git ls-files '*.sh' .ci/run | while read -r script; do bash -n "$script" 2>&1 || true; done)"
exit $failed
