#!/usr/bin/env bash
# tests/users.md answers every one of its 25 problems: a test bears the row's number in the line above it, or the row
# says what is for later. The last column names the files of those tests. Prints a line "ok …" or "not ok …" for each
# rule.
set -euo pipefail
cd "$(dirname "$0")/../.."

problems=25

. tests/style/report.sh

# "NUMBER FILE" for each row that a test answers: the numbers of the line `// users.md: 7, 12` above the test.
find_answers() {
  local file numbers number
  while IFS=: read -r file _ _ numbers; do
    for number in ${numbers//,/ }; do echo "$number ${file#tests/}"; done
  done <<<"$(grep -rn --include='*_test.cpp' '^// users\.md:' tests)" | sort -u
}

# Lines of that form that no test follows, or that name no row.
find_misplaced() {
  local file
  while read -r file; do
    awk -v file="$file" -v most="$problems" '
      tag != "" && !/^TEST_CASE\(/ { print file ":" NR - 1 ": no test follows: " tag }
      { tag = /^\/\/ users\.md:/ ? $0 : "" }
      tag != "" {
        if (tag !~ /^\/\/ users\.md: [0-9]+(, [0-9]+)*$/) print file ":" NR ": not a list of numbers: " tag
        count = split(substr(tag, 14), numbers, /, /)
        for (i = 1; i <= count; ++i)
          if (numbers[i] < 1 || numbers[i] > most) print file ":" NR ": no such row: " numbers[i]
      }' "$file"
  done <<<"$(grep -rl --include='*_test.cpp' 'users\.md:' tests)"
}

# What is wrong with the last cell of a row.
find_problems() {
  local number=$1 shown=$2 named tagged
  named=$(grep -oE '`[^`]+`' <<<"$shown" | tr -d '`' | sort -u || true)
  tagged=$(awk -v number="$number" '$1 == number { print $2 }' <<<"$answers")
  [[ -n $tagged || $shown =~ later:\ .+ ]] || echo "no test bears its number, and nothing is said to be for later"
  diff <(sed '/^$/d' <<<"$named") <(sed '/^$/d' <<<"$tagged") | sed -n 's/^</named, but no test there bears the number:/p; s/^>/not named:/p'
}

answers=$(find_answers)
rows=$(grep -E '^\| *[0-9]+ *\|' tests/users.md)
report "users.md has the rows 1 to $problems, in order" \
  "$(diff <(seq $problems) <(cut -d'|' -f2 <<<"$rows" | tr -d ' ') || true)"
report "every line that names rows of users.md stands above a test" "$(find_misplaced)"
while IFS='|' read -r _ number problem _ shown _; do
  report "problem $((number)),$(sed 's/ *$//' <<<"$problem"): is answered" "$(find_problems $((number)) "$shown" || true)"
done <<<"$rows"

exit $failed
