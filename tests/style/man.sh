#!/usr/bin/env bash
# Each command has a man page that groff sets without a warning, and that tells of every flag of its help. The argument
# is a build folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
. tests/style/report.sh
. tests/style/help.sh

egress() { "$build/src/kubectl-egress" "$@"; }

# check PAGE COMMAND…: the page, and the command whose help it is to tell.
check() {
  local file=$build/src/$1.1 text
  [[ -f $file ]] || { report "$1(1) is made" "no $file"; return; }
  report "groff sets $1(1) without a warning" "$(groff -man -Tutf8 -ww -z "$file" 2>&1)"
  text=$(groff -man -Tascii -P-cbou "$file")
  report "$1(1) tells of every flag" "$("${@:2}" | grep -oE -- '^    -.*=' | sed 's/^ *//; s/=.*//' |
    while read -r flag; do grep -qF -- "$flag=" <<<"$text" || echo "not of $flag"; done)"
}

check kubectl-egress egress options
for command in $(commands egress); do
  check "kubectl-egress-$command" egress "$command" --help
done
exit $failed
