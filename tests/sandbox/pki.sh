#!/usr/bin/env bash
# pki.sh DIR [NAME ADDRESS]: creates a sandbox's own certificate authority and all that it signs, with a node's
# certificates if there is one. The authority's key is deleted: nothing else can ever be signed by it.
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

names=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc
certificate apiserver /CN=kube-apiserver extendedKeyUsage=serverAuth "subjectAltName=$names${3+,IP:$3}"
certificate admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
certificate controller-manager /CN=system:kube-controller-manager extendedKeyUsage=clientAuth
if (($# > 1)); then
  certificate scheduler /CN=system:kube-scheduler extendedKeyUsage=clientAuth
  certificate proxy /CN=system:kube-proxy extendedKeyUsage=clientAuth
  certificate node "/O=system:nodes/CN=system:node:$2" extendedKeyUsage=clientAuth
  certificate node-server "/CN=$2" extendedKeyUsage=serverAuth "subjectAltName=IP:$3,DNS:$2"
fi
rm ca.key

# Signs and checks the tokens of service accounts; a 1.20 server reads no PKCS #8 there.
openssl ecparam -name prime256v1 -genkey -noout -out service-account.key

# A token with the rights of admin's certificate, to test that way of logging in.
openssl rand -hex 16 >token
echo "$(<token),admin-by-token,admin-by-token,system:masters" >tokens.csv
