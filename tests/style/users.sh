#!/usr/bin/env bash
# tests/users.md answers every one of its 25 problems: each row names tests that exist, word for word, or says why
# it is for later. Prints a line "ok …" or "not ok …" for each rule.
set -euo pipefail
cd "$(dirname "$0")/../.."

problems=25

. tests/style/report.sh

# The names of all test cases, a line each; a long one is written as several literals.
test_names() {
  find tests -name '*_test.cpp' -exec cat {} + | tr '\n' ' ' |
    grep -oE 'TEST_CASE\( *("([^"\\]|\\.)*" *)+\)' | sed -E 's/" +"//g; s/^[^"]*"//; s/" *\)$//; s/\\"/"/g'
}

# What is wrong with a row's last cell.
faults() {
  local names name
  names=$(grep -oE '`[^`]+`' <<<"$1" | tr -d '`' || true)
  [[ -n $names || $1 =~ later:\ .+ ]] || echo "it names neither a test nor what is for later"
  while read -r name; do
    [[ -z $name ]] || grep -qxF -- "$name" <<<"$tests" || echo "no test is called: $name"
  done <<<"$names"
}

tests=$(test_names)
rows=$(grep -E '^\| *[0-9]+ *\|' tests/users.md)
report "users.md has the rows 1 to $problems, in order" \
  "$(diff <(seq $problems) <(cut -d'|' -f2 <<<"$rows" | tr -d ' ') || true)"
while IFS='|' read -r _ number problem _ shown _; do
  report "problem $((number)),$(sed 's/ *$//' <<<"$problem"): is answered" "$(faults "$shown")"
done <<<"$rows"

exit $failed
