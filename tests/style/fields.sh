#!/usr/bin/env bash
# The README's table of the file form has a row for each field that the program reads, with the flag that says the same,
# and no other. The argument is a build folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1/src/kubectl-egress
. tests/style/report.sh

# Every word that may be a field's name; which of them are, and where, the program is asked.
words=$(grep -oE '"[A-Za-z]+"' src/mesh/egress_manifest.cpp | tr -d '"' | grep -vxE 'apiVersion|kind' | sort -u)
form='apiVersion: kubectl-egress/v1alpha1, kind: EgressGateway'

# Those of the words that the program does not know inside of the mapping PATH ("" is the form itself).
find_unknown() {
  local inside path=$1
  inside=$(sed 's/.*/"&": null/' <<<"$words" | paste -sd, -)
  while [[ -n $path ]]; do
    inside="${path##*.}: {$inside}"
    [[ $path == *.* ]] && path=${path%.*} || path=''
  done
  "$program" create a -f - --dry-run=client <<<"{$form, $inside}" 2>&1 |
    grep -oE "unknown field \"${1:+$1\\.}[A-Za-z]+\"" | sed -E 's/.*[".](.*)"/\1/' | sort || true
}

# fields PATH: the fields inside of it, those in mappings by their whole path. What knows every word is no mapping.
fields() {
  local field unknown_words
  unknown_words=$(find_unknown "$1")
  if [[ -z $unknown_words ]]; then
    echo "$1"
  else
    while read -r field; do fields "${1:+$1.}$field"; done < <(comm -23 <(echo "$words") <(echo "$unknown_words"))
  fi
}

# field and flag of each row of the table; a row may be for several fields, and a field of spec goes without that word.
rows() {
  awk -F'|' '
    /^\| field \|/ { inside = 1; next }
    !/^\|/ { inside = 0 }
    inside && $2 ~ /`/ {
      flag = $3 ~ /`/ ? $3 : ""
      gsub(/[` ]/, "", flag)
      while (match($2, /`[^`]+`/)) {
        print substr($2, RSTART + 1, RLENGTH - 2), flag
        $2 = substr($2, RSTART + RLENGTH)
      }
    }' README.md
}

# The same of each flag, as the program's table has it.
flags() {
  tr '\n' ' ' <src/cli/egress_flags.cpp | grep -oE 'Flag\{ *[a-z]+, "--[a-z-]+", "[A-Za-z.]+"' |
    sed -E 's/.*"(--[^"]*)", "(.*)"/\2 \1/'
  echo "authorization.opa.policyFrom.configMap --opa-policy"
  echo "authorization.opa.policy --opa-policy"
}

form_fields=$(fields '' | sed 's/^spec\.//' | sort)
report "the program is asked for its fields" "$(grep -qx tls.mode <<<"$form_fields" || echo "it tells of no tls.mode: $form_fields")"
report "README.md has a row for each field of the file form, and no other (< the program, > README.md)" \
  "$(diff <(echo "$form_fields") <(rows | cut -d' ' -f1 | sort) | grep '^[<>]' || true)"
report "README.md names the flag beside each field that has one (< the program, > README.md)" \
  "$(diff <(flags | sort) <(rows | grep -e '--' | sort) | grep '^[<>]' || true)"
exit $failed
