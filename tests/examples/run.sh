#!/usr/bin/env bash
# Runs each example that the plugin's help shows, exactly as printed, with the plugin that is first on PATH, on the
# sandbox that it is run in; each must end with 0. Prints a line "ok …" or "not ok …" for each. By hand:
#
#   tests/sandbox/sandbox.sh run -- tests/examples/run.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ -n ${EGRESS_SANDBOX_DIR:-} ]] || { echo 'run.sh: this needs a sandbox, see its head' >&2; exit 2; }
. "$here/../style/report.sh"
. "$here/../style/help.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# A user's kubeconfig: its context has a namespace of its own.
cp "$KUBECONFIG" kubeconfig
export KUBECONFIG=$work/kubeconfig
kubectl create namespace shop >/dev/null
kubectl config set-context --current --namespace=shop >/dev/null

# A home, with the folders in which shells look for what completes.
export HOME=$work
mkdir -p ~/.zfunc ~/.config/fish/completions

# What examples name: a team that may use a gateway, the certificate to show to a bank, and a file.
kubectl create namespace pay >/dev/null
kubectl create serviceaccount api -n pay >/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=shop \
  -keyout tls.key -out tls.crt 2>/dev/null
kubectl create secret generic bank-client --from-file=tls.crt --from-file=tls.key --from-file=ca.crt=tls.crt >/dev/null
cat >gateways.yaml <<'END'
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata:
  name: httpbin
spec:
  hosts: [httpbin.org]
---
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata:
  name: payments
  labels: {team: shop}
spec:
  hosts: [payments.example.com]
END

# prepare EXAMPLE: what it takes for granted. A gateway that is to be made is not there, any other is.
prepare() {
  case $1 in
    'kubectl egress create '*) kubectl egress delete httpbin payments bank --ignore-not-found --drain=0s ;;
    'kubectl egress delete '*' -n egress '*)
      kubectl egress delete httpbin payments --ignore-not-found --drain=0s
      kubectl egress apply -f gateways.yaml -n egress
      ;;
    'kubectl egress version'* | 'kubectl egress options'* | *'kubectl egress completion'*) ;;
    *) kubectl egress apply -f gateways.yaml ;;
  esac >prepared 2>&1 || { echo "it could not be prepared:" && cat prepared; }
}

# find_problem EXAMPLE: what is wrong with it.
find_problem() {
  prepare "$1"
  bash -o pipefail -c "$1" >out 2>err </dev/null || { echo "it ended with $?:" && cat out err; }
  # One that would edit what is not there any more ends well, too.
  [[ $1 != *'| sed '* ]] || grep -qx 'egressgateway/httpbin configured' out || { echo 'it changed nothing:' && cat out; }
  [[ -s out ]] || [[ $1 =~ ' diff '|' completion ' ]] || echo 'it printed nothing'
}

check() {
  local example
  while read -r example <&3; do
    report "${*:1}: $example" "$(find_problem "$example")"
  done 3< <("$@" | examples)
}

check kubectl egress --help
check kubectl egress options --help
for command in $(commands kubectl egress); do
  check kubectl egress "$command" --help
done
exit "$failed"
