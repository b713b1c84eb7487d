package main

import "time"

// host is a host outside the mesh. Its domain and all subdomains resolve to its address, so each test can use its own name.
type host struct {
	domain            string
	address           string
	tls               []int // ports with HTTPS
	http              []int // ports with HTTP
	echo              []int // TCP ports that echo each line
	greeting          []int // TCP ports that send a greeting, then echo each line
	certificate       certificate
	closesConnections bool          // closes each connection after an answer
	fast              bool          // answers with an empty body, without a record
	hangs             bool          // accepts requests, but never answers
	delay             time.Duration // before each answer
}

// certificate says which certificate a host shows.
type certificate int

const (
	trusted                   certificate = iota // signed by the public CA, for the requested name
	expired                                      // signed by the public CA, but expired
	otherName                                    // signed by the public CA, for another name
	privateCA                                    // signed by the private CA
	clientCertificateRequired                    // as trusted; the client needs a certificate signed by the private CA
)

var (
	https     = []int{443, 8443}
	databases = []int{3306, 5671} // the ports of MySQL and AMQP, here with TLS
	plain     = []int{80, 8080}
)

var hosts = []host{
	{domain: "good.test", address: "192.0.2.10", tls: append(databases, https...), http: plain, echo: []int{9000}, greeting: []int{9001}},
	{domain: "expired.test", address: "192.0.2.11", tls: https, certificate: expired},
	{domain: "othername.test", address: "192.0.2.12", tls: https, certificate: otherName},
	{domain: "private.test", address: "192.0.2.13", tls: https, certificate: privateCA},
	{domain: "mutual.test", address: "192.0.2.14", tls: https, certificate: clientCertificateRequired, closesConnections: true},
	{domain: "plain.test", address: "192.0.2.15", http: plain},
	{domain: "refuses.test", address: "192.0.2.16"},
	{domain: "hangs.test", address: "192.0.2.17", tls: https, http: plain, hangs: true},
	{domain: "fast.test", address: "192.0.2.19", tls: https, http: plain, fast: true},
	{domain: "slow.test", address: "192.0.2.18", tls: https, http: plain, delay: 3 * time.Second},
}
