#!/usr/bin/env bash
# The README's section on the commands says what `kubectl egress COMMAND --help` says. The argument is a build folder.
# EGRESS_ACCEPT=1 writes the section anew.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
. tests/style/report.sh
. tests/style/help.sh

begin='<!-- Written by tests/style/commands.sh from --help. -->'
end='<!-- Written until here. -->'

egress() { "$build/src/kubectl-egress" "$@"; }

# All of help, a command behind the other; a line "@ NAME" comes before each.
all_help() {
  local command
  for command in $(commands egress); do
    echo "@ $command"
    egress "$command" --help
  done
}

# Of each command its usage, its sentence and a row for each flag. Flags that a command above has, too, word for word,
# share a row.
blocks() {
  awk '
    function code(text) { return "`" text "`" }
    /^@ / { getline sentence; aliases = heading = rows = shared = ""; next }
    /^Aliases:/ { getline aliases; sub(/^[^,]*, /, "", aliases); next }
    /^Usage:/ {
      getline usage
      print "  " usage "\n\n" sentence (aliases == "" ? "" : " Also: " aliases ".") "\n"
      if (rows shared != "") print "| flag | |\n|---|---|\n" rows (shared == "" ? "" : "| " shared " | as above |\n")
      next
    }
    /^[A-Z].*:$/ { heading = substr($0, 1, length - 1); next }
    /^    -/ { flag = substr($0, 5, length - 5); next }
    /^\t/ {
      is_shared = seen[flag $0]++
      # Without a default that says nothing.
      sub(is_shared ? "=.*" : "=(false|[[][]]|\047\047)$", "", flag)
      if (is_shared) {
        shared = shared (shared == "" ? "" : ", ") code(flag)
        next
      }
      if (heading != "" && (heading != "Options" || rows != "")) rows = rows "| **" heading "** | |\n"
      heading = ""
      gsub(/[|*]/, "\\\\&")
      rows = rows "| " code(flag) " | " substr($0, 2) " |\n"
    }'
}

section() {
  echo "$begin"
  echo
  all_help | blocks
  echo "$end"
}

# README.md with the section as it is to be.
expected_readme() {
  begin=$begin end=$end section=$(section) awk '
    $0 == ENVIRON["begin"] { print ENVIRON["section"]; inside = 1 }
    !inside { print }
    $0 == ENVIRON["end"] { inside = 0 }' README.md
}

expected=$(expected_readme)
[[ -z ${EGRESS_ACCEPT:-} ]] || printf '%s\n' "$expected" >README.md
report "README.md has a section of the commands" \
  "$(for mark in "$begin" "$end"; do grep -qxF -- "$mark" README.md || echo "not there: $mark"; done)"
report "README.md says of the commands what --help says (EGRESS_ACCEPT=1 writes it)" \
  "$(diff README.md - <<<"$expected" || true)"
report "help is in ASCII" "$(all_help | LC_ALL=C grep -n '[^ -~[:space:]]' || true)"
exit $failed
