#!/usr/bin/env bash
# Checks that README.md lists every command with the summary of its help. The argument is a build folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
. tests/style/report.sh
. tests/style/help.sh

egress() { "$build/src/kubectl-egress" "$@"; }

# A row of the table for each command of the root's help.
expected_rows() {
  egress --help | awk '/^Commands:/ {inside = 1; next} /^$/ {inside = 0}
    inside {name = $1; sub(/^ *[a-z]+ +/, ""); print "| `" name "` | " $0 " |"}'
}

rows() { sed -n '/^## Commands$/,/^## /p' README.md | grep '^| `'; }

all_help() {
  local command
  egress --help
  for command in $(commands egress); do egress "$command" --help; done
}

report "README.md lists the commands of --help (< --help, > README.md)" "$(diff <(expected_rows) <(rows) || true)"
report "help is in ASCII" "$(all_help | LC_ALL=C grep -n '[^ -~[:space:]]' || true)"
report "no summary ends with a full stop" "$(expected_rows | grep '\. |$' || true)"
exit $failed
