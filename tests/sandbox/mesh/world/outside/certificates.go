package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"sync"
	"time"
)

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// loadCA loads a CA from PATH.crt and PATH.key.
func loadCA(path string) (*authority, error) {
	pair, err := tls.LoadX509KeyPair(path+".crt", path+".key")
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s.key is not an EC key", path)
	}
	return &authority{pair.Leaf, key}, nil
}

// createCA creates a CA, and writes it to PATH.crt and PATH.key.
func createCA(path, name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	if err := writePEM(path+".crt", "CERTIFICATE", der, 0o644); err != nil {
		return nil, err
	}
	if err := writePEM(path+".key", "PRIVATE KEY", keyDER, 0o600); err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &authority{certificate, key}, err
}

func writePEM(path, kind string, der []byte, mode os.FileMode) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}

// issuer issues the certificates of one host, one for each requested name.
type issuer struct {
	kind    certificate
	signer  *authority
	clients *x509.CertPool // who signs client certificates; nil if none is required
	lock    sync.Mutex
	issued  map[string]*tls.Certificate
}

func newIssuer(kind certificate, public, private *authority) *issuer {
	one := &issuer{kind: kind, signer: public, issued: map[string]*tls.Certificate{}}
	switch kind {
	case privateCA:
		one.signer = private
	case clientCertificateRequired:
		one.clients = x509.NewCertPool()
		one.clients.AddCert(private.certificate)
	}
	return one
}

// certificateFor returns the certificate for a name; it is issued at the first request.
func (i *issuer) certificateFor(name string) (*tls.Certificate, error) {
	i.lock.Lock()
	defer i.lock.Unlock()
	if found, ok := i.issued[name]; ok {
		return found, nil
	}
	made, err := i.issue(name)
	if err == nil {
		i.issued[name] = made
	}
	return made, err
}

func (i *issuer) issue(name string) (*tls.Certificate, error) {
	until := time.Now().AddDate(0, 1, 0)
	switch i.kind {
	case expired:
		until = time.Now().Add(-time.Hour)
	case otherName:
		name = "another.test"
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    time.Now().AddDate(0, 0, -1),
		NotAfter:     until,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, i.signer.certificate, key.Public(), i.signer.key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
