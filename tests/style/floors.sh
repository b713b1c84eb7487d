#!/usr/bin/env bash
# Every file includes only its own floor and those below, and each library only through its door.
# Prints a line "ok …" or "not ok …" for each rule.
set -euo pipefail
cd "$(dirname "$0")/../.."

# floor=what it may include: a floor, or one header of a floor
floors=(
  "base=base"
  "http=http base"
  "render=render base"
  "kube=kube http base"
  "mesh=mesh kube/kind.hpp kube/served_resources.hpp kube/applyset.hpp kube/label_selector.hpp kube/managed_fields.hpp kube/foreign_fields.hpp base"
  "fleet=fleet mesh kube base"
  "cli=cli fleet mesh render kube http base"
)

# headers of a library=the floor that is their door
doors=("CLI/=cli" "curl/=http" "openssl/=base" "rapidjson/=base" "yaml-cpp/=base")

. tests/style/report.sh

sources() { find "src/$1" "include/egress/$1" -name '*.[ch]pp'; }

# The includes that a floor may make, as fixed strings: "egress/base/ for a floor, "egress/kube/kind.hpp for a header.
allowed_includes() {
  local word
  for word in "$@"; do
    [[ $word == *.hpp ]] || word+=/
    echo "\"egress/$word"
  done
}

for rule in "${floors[@]}"; do
  floor=${rule%%=*}
  read -ra words <<<"${rule#*=}"
  findings=$(sources "$floor" | xargs grep -Hn '#include "egress/' |
    grep -vFf <(allowed_includes "${words[@]}") || true)
  report "floor $floor includes only ${rule#*=}" "$findings"
done

for rule in "${doors[@]}"; do
  findings=$(grep -rn "#include <${rule%%=*}" src include --include='*.[ch]pp' |
    grep -vE "^(src|include/egress)/${rule#*=}/" || true)
  report "only floor ${rule#*=} includes <${rule%%=*}…>" "$findings"
done

report "no file is longer than 400 lines" \
  "$(git ls-files '*.cpp' '*.hpp' '*.sh' '*.py' | xargs wc -l | awk '$2 != "total" && $1 > 400')"
report "no file is called util, helper, manager or common" \
  "$(git ls-files | grep -iE '(^|/)[^/]*(util|helper|manager|common)[^/]*$' || true)"
report "every public header says what it declares" \
  "$(grep -rL '///' include --include='*.hpp' | grep -v istio_kinds || true)"

# A file under src/ or include/egress/ may go without that.
named=$(grep -oE '`[a-z_./-]+/[a-z_.-]+\.(cpp|hpp|sh|py|md|yaml|build)`' README.md | tr -d '`' | sort -u)
missing() { [[ -e $1 || -e src/$1 || -e include/egress/$1 ]] || echo "$1"; }
report "every file that README.md names is there" "$(for file in ${named:-README.md names none}; do missing "$file"; done)"

exit $failed
