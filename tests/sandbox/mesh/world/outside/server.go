package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"path/filepath"
)

// server is one host with all its ports.
type server struct {
	host     host
	recorder *recorder
	issuer   *issuer
	down     string // the directory that names the hosts which answer with 503
}

func newServer(one host, dir string, recorder *recorder, public, private *authority) *server {
	return &server{one, recorder, newIssuer(one.certificate, public, private), filepath.Join(dir, "down")}
}

// start listens on all ports. Errors of running servers are sent to ended.
func (s *server) start(ended chan<- error) error {
	for _, service := range []struct {
		ports []int
		serve func(net.Listener, int) error
	}{
		{s.host.http, func(l net.Listener, port int) error { return s.httpServer(port).Serve(l) }},
		{s.host.tls, s.serveTLS},
		{s.host.echo, func(l net.Listener, port int) error { return s.serveTCP(l, port, "") }},
		{s.host.greeting, func(l net.Listener, port int) error { return s.serveTCP(l, port, "220 ready\n") }},
	} {
		for _, port := range service.ports {
			listener, err := net.Listen("tcp", net.JoinHostPort(s.host.address, fmt.Sprint(port)))
			if err != nil {
				return err
			}
			go func() { ended <- service.serve(&recordedListener{listener, s, port}, port) }()
		}
	}
	return nil
}

func (s *server) serveTLS(listener net.Listener, port int) error {
	one := s.httpServer(port)
	one.TLSConfig = &tls.Config{
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			name := hello.ServerName
			if name == "" {
				name = s.host.domain
			}
			return s.issuer.certificateFor(name)
		},
	}
	if s.issuer.clients != nil {
		one.TLSConfig.ClientAuth, one.TLSConfig.ClientCAs = tls.RequireAndVerifyClientCert, s.issuer.clients
	}
	return one.ServeTLS(listener, "", "")
}

// event creates an event with the fields that all have.
func (s *server) event(kind string, port int, source net.Addr) event {
	return event{Event: kind, Domain: s.host.domain, Port: port, Source: source.String()}
}

// recordedListener records each connection.
type recordedListener struct {
	net.Listener
	server *server
	port   int
}

func (l *recordedListener) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if err == nil {
		l.server.recorder.record(l.server.event("connection", l.port, connection.RemoteAddr()))
	}
	return connection, err
}
