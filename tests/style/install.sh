#!/usr/bin/env bash
# `meson install` puts everything where it belongs. The argument is a build folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/style/report.sh
. tests/style/help.sh

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
DESTDIR=$tree meson install -C "$1" --no-rebuild --quiet

for file in bin/kubectl-egress bin/kubectl_complete-egress; do
  report "meson install puts $file there, to be run" "$([[ -x $tree/usr/local/$file ]] || echo missing)"
done
for file in bash-completion/completions/kubectl-egress zsh/site-functions/_kubectl-egress \
  fish/vendor_completions.d/kubectl-egress.fish; do
  report "meson install puts share/$file there" "$([[ -f $tree/usr/local/share/$file ]] || echo missing)"
done

for page in kubectl-egress $(commands "$tree/usr/local/bin/kubectl-egress" | sed 's/^/kubectl-egress-/'); do
  page=share/man/man1/$page.1
  report "meson install puts $page there" "$([[ -s $tree/usr/local/$page ]] || echo missing)"
done

export PATH=$tree/usr/local/bin:$PATH
report "kubectl's way to complete answers" "$(kubectl_complete-egress cr | grep -q '^create' || echo 'no create')"
for shell in bash zsh fish; do
  file=$(find "$tree/usr/local/share" -path "*$shell*" -name '*kubectl-egress*')
  report "completion $shell prints what is installed" "$(kubectl-egress completion $shell | cmp - "$file" 2>&1)"
done
report "bash completes" "$(bash -c '
  . "$1/usr/local/share/bash-completion/completions/kubectl-egress"
  COMP_LINE="kubectl-egress insp" COMP_POINT=19 COMP_WORDS=(kubectl-egress insp) COMP_CWORD=1 COMP_TYPE=9
  _kubectl_egress
  [[ ${COMPREPLY[*]} == inspect ]] || echo "got: ${COMPREPLY[*]}"' - "$tree")"
exit $failed
