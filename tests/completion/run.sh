#!/usr/bin/env bash
# Types into real bash, zsh and fish on a terminal, presses TAB, and compares the command line: with
# the plugin that is first on PATH, and by `kubectl egress` of a current kubectl, on the sandbox that it is run in.
# Prints a line "ok …" or "not ok …" for each case; with a part of a name only such cases. By hand:
#
#   tests/sandbox/sandbox.sh run -- tests/completion/run.sh [NAME]
#
#   EGRESS_TEST_KUBECTL=FILE   complete by that kubectl
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ -n ${EGRESS_SANDBOX_DIR:-} ]] || { echo 'run.sh: this needs a sandbox, see its head' >&2; exit 2; }

tool=$(command -v kubectl-egress) || { echo 'run.sh: kubectl-egress is not on PATH' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Installed as `meson install` and people do it.
mkdir -p "$folder"/bin "$folder"/share/{bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
completions=$here/../../completions
cp "$completions/kubectl-egress.bash" "$folder/share/bash-completion/completions/kubectl-egress"
cp "$completions/_kubectl-egress" "$folder/share/zsh/site-functions/"
cp "$completions/kubectl-egress.fish" "$folder/share/fish/vendor_completions.d/"
cp "$completions/kubectl_complete-egress" "$folder/bin/"
ln -s "$tool" "$folder/bin/kubectl-egress"
ln -s "$("$here/../parity/client.sh")" "$folder/bin/kubectl"

# What there is to be named.
kubectl create namespace complete-me >/dev/null
kubectl create namespace complete-edge >/dev/null
for name in payments web; do
  kubectl-egress create $name --host $name.example.org -n complete-me >/dev/null
done
kubectl create secret generic partner-client -n complete-me >/dev/null
kubectl create secret generic edge-certificate -n complete-edge >/dev/null
kubectl create configmap policy-of-shop -n complete-me >/dev/null
kubectl create serviceaccount api -n complete-me >/dev/null

# kubectl takes each file kubectl-egress-… on PATH for a command: a build's pages of the manual, too.
others=$(tr : '\n' <<<"$PATH" | grep -vxF "${tool%/*}" | paste -sd:)
PATH=$folder/bin:$others python3 -B "$here/completion.py" "$folder" "$@"
