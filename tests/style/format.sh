#!/usr/bin/env bash
# Every C++ file stands as clang-format puts it, and every script passes bash's own check.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/style/report.sh

report "clang-format" \
  "$(git ls-files '*.cpp' '*.hpp' | xargs clang-format --dry-run --Werror 2>&1 | grep 'error:' || true)"
report "scripts parse" \
  "$(git ls-files '*.sh' .ci/run | while read -r script; do bash -n "$script" 2>&1 || true; done)"
exit $failed
