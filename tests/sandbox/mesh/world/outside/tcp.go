package main

import (
	"bufio"
	"io"
	"net"
	"strings"
)

// serveTCP sends the greeting, then echoes each line.
func (s *server) serveTCP(listener net.Listener, port int, greeting string) error {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go s.repeat(connection, port, greeting)
	}
}

func (s *server) repeat(connection net.Conn, port int, greeting string) {
	defer connection.Close()
	io.WriteString(connection, greeting)
	lines := bufio.NewReader(connection)
	for first := true; ; first = false {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if first {
			seen := s.event("data", port, connection.RemoteAddr())
			seen.Data = strings.TrimSpace(line)
			s.recorder.record(seen)
		}
		if _, err := io.WriteString(connection, line); err != nil {
			return
		}
	}
}
