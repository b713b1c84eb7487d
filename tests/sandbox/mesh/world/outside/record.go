package main

import (
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"time"
)

// event is something that happened at a host: a connection, a request, or a failed TLS handshake.
type event struct {
	Time              float64     `json:"time"` // seconds since 1970
	Event             string      `json:"event"`
	Domain            string      `json:"domain"`
	Port              int         `json:"port"`
	Source            string      `json:"source"` // address and port
	SNI               string      `json:"sni,omitempty"`
	ALPN              string      `json:"alpn,omitempty"`
	ClientCertificate string      `json:"clientCertificate,omitempty"` // its subject
	Protocol          string      `json:"protocol,omitempty"`
	Method            string      `json:"method,omitempty"`
	Host              string      `json:"host,omitempty"`
	Path              string      `json:"path,omitempty"`
	Headers           http.Header `json:"headers,omitempty"`
	Data              string      `json:"data,omitempty"` // the first line of a TCP connection
	Status            int         `json:"status,omitempty"`
	Error             string      `json:"error,omitempty"`
}

type recorder struct {
	lock sync.Mutex
	log  *os.File
}

func (r *recorder) record(e event) {
	e.Time = float64(time.Now().UnixMicro()) / 1e6
	line, err := json.Marshal(e)
	if err != nil {
		panic(err) // an event holds nothing that JSON cannot express
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	r.log.Write(append(line, '\n'))
}
