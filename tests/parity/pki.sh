#!/usr/bin/env bash
# pki.sh DIR: makes the certificates that the parity test's servers and users show, and some that nobody should trust.
set -euo pipefail
umask 077
cd "$1"

# The configuration is empty, or else the machine's own would add a second set of extensions.
request() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
    -config <(printf '[req]\ndistinguished_name = none\n[none]\n') "$@" 2>/dev/null
}

# authority NAME SUBJECT
authority() {
  request -days 2 -subj "$2" -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$1.key" -out "$1.crt"
}

# certificate NAME SUBJECT EXTENSION…: signed by the first authority.
certificate() {
  local name=$1 subject=$2 extensions=() extension
  for extension in basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature "${@:3}"; do
    extensions+=(-addext "$extension")
  done
  request -days "${days:-2}" -CA ca.crt -CAkey ca.key -subj "$subject" "${extensions[@]}" \
    -keyout "$name.key" -out "$name.crt"
}

authority ca '/CN=parity authority'
authority other-ca '/CN=another authority'

server=extendedKeyUsage=serverAuth
client=extendedKeyUsage=clientAuth
certificate server /CN=server "$server" \
  subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost,DNS:api.parity.test,DNS:inner.parity.test
certificate other-name /CN=other-name "$server" subjectAltName=DNS:other.parity.test
certificate common-name /CN=localhost "$server"
certificate uri-name /CN=localhost "$server" subjectAltName=URI:spiffe://localhost,email:a@localhost
certificate wildcard /CN=wildcard "$server" 'subjectAltName=DNS:*.internal'
certificate alice /O=team/CN=alice "$client"
certificate bob /CN=bob "$client"

# Made before there are tools that sign into the past: valid until a second after it was made.
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=expired -keyout expired.key \
  -config <(printf '[req]\ndistinguished_name = none\n[none]\n') 2>/dev/null |
  openssl x509 -req -CA ca.crt -CAkey ca.key -days -1 -out expired.crt 2>/dev/null \
    -extfile <(printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n')

# Bundles as people have them.
{
  echo 'This text is for people.'
  cat alice.key other-ca.crt
  echo '-----BEGIN NOTHING-----'
  echo 'AAAA'
  echo '-----END NOTHING-----'
  cat ca.crt
} >bundle.crt
echo 'This is no certificate.' >not-pem
: >empty
