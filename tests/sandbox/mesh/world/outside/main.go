// External hosts, which record what arrives.
//
//	outside list   prints the domain and the address of each
//	outside DIR    runs them
//
// DIR holds public-ca.crt and public-ca.key, which sign the certificates that the images trust. The program creates
// private-ca.crt and private-ca.key there, appends one JSON object for each event to outside.jsonl, and creates
// outside.ready when all hosts listen. A host answers with 503 while the file down/NAME exists.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: outside DIR|list")
		os.Exit(2)
	}
	if os.Args[1] == "list" {
		for _, one := range hosts {
			fmt.Println(one.domain, one.address)
		}
		return
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "outside:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	public, err := loadCA(filepath.Join(dir, "public-ca"))
	if err != nil {
		return err
	}
	private, err := createCA(filepath.Join(dir, "private-ca"), "private CA of the external hosts")
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(dir, "outside.jsonl"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	recorder := &recorder{log: log}
	ended := make(chan error)
	for _, one := range hosts {
		if err := newServer(one, dir, recorder, public, private).start(ended); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "outside.ready"), nil, 0o644); err != nil {
		return err
	}
	return <-ended
}
