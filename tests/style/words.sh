#!/usr/bin/env bash
# Checks the language of sources, tests, help and documents: words.txt lists words that a stranger would not understand, and
# codespell knows common misspellings. The argument is a build folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
. tests/style/report.sh
. tests/style/help.sh

# Typing errors that tests make on purpose, and names.
typos=craete,debgu,descibe,ecret,fo,ist,keypair,lsit,nam,nd,nin,te,verison

egress() { "$build/src/kubectl-egress" "$@"; }

files() {
  git ls-files -- src include tests completions README.md meson.build |
    grep -vE '^tests/(golden|fuzz/corpus|parity/kubeconfigs)|^tests/style/words\.(sh|txt)$' |
    grep -E '\.(cpp|hpp|py|sh|md|build|bash|fish|zsh|txt|yaml)$'
}

all_help() {
  local command
  egress --help
  egress options
  for command in $(commands egress); do egress "$command" --help; done
  egress explain --recursive
  egress explain check
}

mapfile -t paths < <(files)
while IFS=$'\t' read -r pattern advice; do
  [[ -n $pattern && $pattern != \#* ]] || continue
  report "no text says \"$pattern\" (use: $advice)" \
    "$({ grep -EHin -e "$pattern" -- "${paths[@]}" || true; all_help | grep -Ein -e "$pattern" || true; } | cut -c1-160 | head -n 20)"
done <tests/style/words.txt
report "codespell finds no misspelling" "$(codespell --ignore-words-list="$typos" "${paths[@]}" 2>&1 | head -n 40 || true)"
exit $failed
