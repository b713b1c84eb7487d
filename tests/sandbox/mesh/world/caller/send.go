package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// newHTTP sends POST requests, which net/http repeats only if the server cannot have processed them.
func newHTTP(url string, kept, http2 bool, timeout time.Duration) sender {
	shared := newClient(http2, timeout)
	return func(number int) string {
		client := shared
		if !kept {
			client = newClient(http2, timeout)
			defer client.CloseIdleConnections()
		}
		answer, err := client.Post(fmt.Sprintf("%s?request=%d", url, number), "text/plain", strings.NewReader("request"))
		if err != nil {
			return err.Error()
		}
		defer answer.Body.Close()
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return err.Error()
		}
		return fmt.Sprint(answer.StatusCode)
	}
}

// newClient returns a client with a connection pool of its own.
func newClient(http2 bool, timeout time.Duration) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 1, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP1(!http2)
	transport.Protocols.SetUnencryptedHTTP2(http2)
	return &http.Client{Transport: transport, Timeout: timeout}
}

// newTCP sends lines. On a kept connection one line waits for the answer to the line before.
func newTCP(address string, kept bool, timeout time.Duration) sender {
	var lock sync.Mutex
	var last net.Conn
	return func(number int) string {
		if !kept {
			connection, err := net.DialTimeout("tcp", address, timeout)
			if err != nil {
				return err.Error()
			}
			defer connection.Close()
			return exchange(connection, number, timeout)
		}
		lock.Lock()
		defer lock.Unlock()
		if last == nil {
			connection, err := net.DialTimeout("tcp", address, timeout)
			if err != nil {
				return err.Error()
			}
			last = connection
		}
		result := exchange(last, number, timeout)
		if result != "ok" {
			last.Close()
			last = nil
		}
		return result
	}
}

func exchange(connection net.Conn, number int, timeout time.Duration) string {
	connection.SetDeadline(time.Now().Add(timeout))
	line := fmt.Sprintf("line %d\n", number)
	if _, err := io.WriteString(connection, line); err != nil {
		return err.Error()
	}
	answer, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	if answer != line {
		return fmt.Sprintf("answered %q", answer)
	}
	return "ok"
}
