#!/usr/bin/env bash
# Checks that groff formats every man page without a warning, that the page of a command has every flag of its help, and that
# kubectl-egress-file(5) has every field. The argument is a build folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
. tests/style/report.sh
. tests/style/help.sh

egress() { "$build/src/kubectl-egress" "$@"; }

# check PAGE COMMAND…: the page of a command, and the command that prints its help.
check() {
  local file=$build/src/$1.1 text
  [[ -f $file ]] || { report "$1(1) exists" "no $file"; return; }
  report "groff formats $1(1) without a warning" "$(groff -man -Tutf8 -ww -z "$file" 2>&1)"
  text=$(groff -man -Tascii -P-cbou "$file")
  report "$1(1) has every flag" "$("${@:2}" | grep -oE -- '^    -.*=' | sed 's/^ *//; s/=.*//' |
    while read -r flag; do grep -qF -- "$flag=" <<<"$text" || echo "missing: $flag"; done)"
}

check kubectl-egress egress options
for command in $(commands egress); do
  check "kubectl-egress-$command" egress "$command" --help
done

file=$build/src/kubectl-egress-file.5
report "groff formats kubectl-egress-file(5) without a warning" "$(groff -man -Tutf8 -ww -z "$file" 2>&1)"
page=$(groff -man -Tascii -P-cbou "$file")
fields=$(egress explain -o jsonschema | python3 -c '
import json, sys
def paths(schema, prefix=""):
    for name, field in schema.get("properties", {}).items():
        yield prefix + name
        yield from paths(field, prefix + name + ".")
print("\n".join(paths(json.load(sys.stdin))))')
report "kubectl-egress-file(5) has every field" \
  "$(while read -r field; do grep -qE "^ +${field//./\\.}( |$)" <<<"$page" || echo "missing: $field"; done <<<"$fields")"
exit $failed
