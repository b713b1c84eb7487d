// Sends requests at a steady rate until standard input is closed, then prints their results as JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	rate := flag.Int("rate", 20, "requests a second")
	kept := flag.Bool("kept", false, "reuse one connection instead of opening one per request")
	version := flag.Int("http", 1, "HTTP version: 1 or 2")
	address := flag.String("tcp", "", "HOST:PORT of a TCP echo server to use instead of HTTP")
	timeout := flag.Duration("timeout", 10*time.Second, "for each request")
	flag.Parse()
	if flag.NArg() != 1 && *address == "" {
		fmt.Fprintln(os.Stderr, "usage: caller [FLAGS] URL")
		flag.PrintDefaults()
		os.Exit(2)
	}
	var send sender
	if *address != "" {
		send = newTCP(*address, *kept, *timeout)
	} else {
		send = newHTTP(flag.Arg(0), *kept, *version == 2, *timeout)
	}
	json.NewEncoder(os.Stdout).Encode(run(send, *rate, endOf(os.Stdin)))
}

// endOf returns a channel that is closed at the end of the input.
func endOf(input io.Reader) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		io.Copy(io.Discard, input)
		close(ended)
	}()
	return ended
}
