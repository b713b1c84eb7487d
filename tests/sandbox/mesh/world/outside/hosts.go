package main

import "time"

// A host outside the mesh. Its domain and every name below it resolve to its address, so that each test can use a name of
// its own.
type host struct {
	domain            string
	address           string
	tls               []int // ports with HTTPS
	http              []int // ports with HTTP
	echo              []int // ports whose client speaks first: the server repeats what it says
	greeting          []int // ports whose server speaks first, and then repeats what the client says
	certificate       certificate
	closesConnections bool          // closes each connection after an answer
	fast              bool          // answers with an empty body, and records nothing
	hangs             bool          // reads, and never answers
	delay             time.Duration // before each answer
}

// What is wrong with the certificate of a host.
type certificate int

const (
	trusted                   certificate = iota // signed by the CA that the images trust, for the name that the client asks for
	expired                                      // signed by it, but no longer valid
	otherName                                    // signed by it, for another name
	privateCA                                    // signed by the private CA
	clientCertificateRequired                    // as trusted, and the client has to show a certificate that the private CA signed
)

var (
	https     = []int{443, 8443}
	databases = []int{3306, 5671} // TLS on the ports of MySQL and AMQP
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
