package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"

	"sigs.k8s.io/gateway-api/conformance/utils/roundtripper"
)

// simulated asks the harness what `meshgw simulate` says of a request, in place of sending it.
type simulated struct{ server string }

type question struct {
	Address           string              `json:"address"`
	URL               string              `json:"url"`
	Host              string              `json:"host"`
	Protocol          string              `json:"protocol"`
	Method            string              `json:"method"`
	Headers           map[string][]string `json:"headers"`
	ServerName        string              `json:"serverName,omitempty"`
	ServerCertificate string              `json:"serverCertificate,omitempty"`
	ClientCertificate string              `json:"clientCertificate,omitempty"`
	Body              string              `json:"body,omitempty"`
}

type answer struct {
	// Why there is no answer: the connection was refused or closed.
	Error string `json:"error"`
	// The gateway asked for a client certificate.
	AsksForCertificate bool                          `json:"asksForCertificate"`
	Status             int                           `json:"status"`
	Protocol           string                        `json:"protocol"`
	Headers            map[string][]string           `json:"headers"`
	Request            *roundtripper.CapturedRequest `json:"request"`
	Certificates       string                        `json:"certificates"`
}

func (s simulated) CaptureRoundTrip(request roundtripper.Request) (*roundtripper.CapturedRequest, *roundtripper.CapturedResponse, error) {
	asked := question{
		Address: request.URL.Host, URL: request.URL.String(), Host: request.Host, Protocol: request.Protocol,
		Method: request.Method, Headers: request.Headers, ServerName: request.ServerName,
		ServerCertificate: string(request.ServerCertificate), Body: request.Body,
	}
	if asked.Method == "" {
		asked.Method = http.MethodGet
	}
	if hook := request.GetClientCertificateHook; hook != nil {
		certificate, err := hook(&tls.CertificateRequestInfo{})
		if err != nil {
			return nil, nil, err
		}
		asked.ClientCertificate = pemOf(certificate.Certificate)
	}
	said, err := s.ask(asked)
	if err != nil {
		return nil, nil, err
	}
	return captured(asked, said)
}

func (s simulated) ask(asked question) (answer, error) {
	body, err := json.Marshal(asked)
	if err != nil {
		return answer{}, err
	}
	response, err := http.Post(s.server, "application/json", bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	var said answer
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		return answer{}, err
	}
	if said.Error != "" {
		return answer{}, errors.New(said.Error)
	}
	return said, nil
}

func captured(asked question, said answer) (*roundtripper.CapturedRequest, *roundtripper.CapturedResponse, error) {
	request := said.Request
	if request == nil {
		request = &roundtripper.CapturedRequest{Method: asked.Method}
	}
	response := &roundtripper.CapturedResponse{StatusCode: said.Status, Protocol: said.Protocol, Headers: said.Headers}
	for rest := []byte(said.Certificates); len(rest) > 0; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, nil, err
		}
		response.PeerCertificates = append(response.PeerCertificates, certificate)
	}
	if err := verified(asked, response.PeerCertificates); err != nil {
		return nil, nil, err
	}
	if !roundtripper.IsRedirect(said.Status) {
		return request, response, nil
	}
	from, err := http.NewRequest(http.MethodGet, asked.URL, nil)
	if err != nil {
		return nil, nil, err
	}
	to, err := (&http.Response{Header: said.Headers, Request: from}).Location()
	if err != nil {
		return nil, nil, fmt.Errorf("redirect without a Location: %w", err)
	}
	response.RedirectRequest = &roundtripper.RedirectRequest{
		Scheme: to.Scheme, Host: to.Hostname(), Port: to.Port(), Path: to.Path,
	}
	return request, response, nil
}

func pemOf(certificates [][]byte) string {
	var out bytes.Buffer
	for _, der := range certificates {
		_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	return out.String()
}

// verified checks the gateway's certificate as a client would.
func verified(asked question, certificates []*x509.Certificate) error {
	if len(certificates) == 0 {
		return nil
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(asked.ServerCertificate))
	_, err := certificates[0].Verify(x509.VerifyOptions{DNSName: asked.ServerName, Roots: roots})
	return err
}
