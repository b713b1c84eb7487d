package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// connectionKey is the key of a request's connection in its context.
type connectionKey struct{}

// httpServer serves HTTP/1.1 and HTTP/2, negotiated by TLS or with prior knowledge.
func (s *server) httpServer(port int) *http.Server {
	one := &http.Server{
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handle(w, r, port) }),
		Protocols: new(http.Protocols),
		ConnContext: func(ctx context.Context, connection net.Conn) context.Context {
			return context.WithValue(ctx, connectionKey{}, connection)
		},
		// net/http reports failed handshakes only in its log.
		ErrorLog: log.New(errorWriter{s, port}, "", 0),
	}
	one.SetKeepAlivesEnabled(!s.host.closesConnections)
	one.Protocols.SetHTTP1(true)
	one.Protocols.SetHTTP2(true)
	one.Protocols.SetUnencryptedHTTP2(true)
	return one
}

func (s *server) handle(w http.ResponseWriter, r *http.Request, port int) {
	if s.host.fast {
		return
	}
	if s.host.hangs {
		<-r.Context().Done()
		return
	}
	time.Sleep(s.host.delay)
	io.Copy(io.Discard, r.Body)
	seen := s.event("request", port, r.Context().Value(connectionKey{}).(net.Conn).RemoteAddr())
	seen.Protocol, seen.Method, seen.Host, seen.Path, seen.Headers = r.Proto, r.Method, r.Host, r.URL.RequestURI(), r.Header
	if r.TLS != nil {
		seen.SNI, seen.ALPN = r.TLS.ServerName, r.TLS.NegotiatedProtocol
		if len(r.TLS.PeerCertificates) > 0 {
			seen.ClientCertificate = r.TLS.PeerCertificates[0].Subject.String()
		}
	}
	seen.Status = s.status(r.Host)
	s.recorder.record(seen)
	answer(w, r, seen)
}

func (s *server) status(authority string) int {
	name, _, _ := strings.Cut(authority, ":")
	if _, err := os.Stat(filepath.Join(s.down, filepath.Base(name))); err == nil {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// answer sends the recorded event, or an empty message to a gRPC client.
func answer(w http.ResponseWriter, r *http.Request, seen event) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Trailer", "Grpc-Status")
		w.Write(make([]byte, 5))
		w.Header().Set("Grpc-Status", "0")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(seen.Status)
	json.NewEncoder(w).Encode(seen)
}

// errorWriter records each line of a server's error log.
type errorWriter struct {
	server *server
	port   int
}

func (w errorWriter) Write(line []byte) (int, error) {
	w.server.recorder.record(event{Event: "error", Domain: w.server.host.domain, Port: w.port, Error: strings.TrimSpace(string(line))})
	return len(line), nil
}
