#!/usr/bin/env bash
# pki.sh DIR: makes a sandbox's own certificate authority and all that it signs.
# The authority's key is thrown away: nothing else can ever be signed by it.
set -euo pipefail
umask 077
cd "$1"

# P-256, because finding an RSA key can take a second. The configuration is
# empty, or else the machine's own would add a second set of extensions.
request() {
  openssl req -x509 -days 3650 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
    -config <(printf '[req]\ndistinguished_name = none\n[none]\n') "$@"
}

# certificate NAME SUBJECT [EXTENSION…]
certificate() {
  local name=$1 subject=$2 extensions=() extension
  for extension in basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature "${@:3}"; do
    extensions+=(-addext "$extension")
  done
  request -CA ca.crt -CAkey ca.key -subj "$subject" "${extensions[@]}" \
    -keyout "$name.key" -out "$name.crt"
}

request -subj '/CN=kubectl-egress sandbox' -addext basicConstraints=critical,CA:TRUE \
  -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.crt

certificate apiserver /CN=kube-apiserver extendedKeyUsage=serverAuth \
  subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc
certificate admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
certificate controller-manager /CN=system:kube-controller-manager extendedKeyUsage=clientAuth
rm ca.key

# Signs and checks the tokens of service accounts; a 1.20 server reads no PKCS #8 there.
openssl ecparam -name prime256v1 -genkey -noout -out service-account.key

# A token with the rights of admin's certificate, to test that way of logging in.
openssl rand -hex 16 >token
echo "$(<token),admin-by-token,admin-by-token,system:masters" >tokens.csv
