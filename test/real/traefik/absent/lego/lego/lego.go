package lego

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/go-acme/lego/v5/acme"
	"github.com/go-acme/lego/v5/certificate"
	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/challenge/dns01"
	"github.com/go-acme/lego/v5/challenge/http01"
	"github.com/go-acme/lego/v5/challenge/tlsalpn01"
	"github.com/go-acme/lego/v5/registration"
)

const DirectoryURLLetsEncrypt = ""

var errAbsent = errors.New("no ACME in this build")

type Config struct {
	CADirURL, UserAgent string
	HTTPClient          *http.Client
	Certificate         struct{ Timeout time.Duration }
}

func NewConfig(any) *Config { return &Config{} }

type Client struct {
	Certificate  Certifier
	Challenge    Solvers
	Registration Registrar
}

func NewClient(*Config) (*Client, error) { return nil, errAbsent }

func CreateCertPool([]string, bool) (*x509.CertPool, error) { return nil, errAbsent }

type Certifier struct{}

func (Certifier) Obtain(context.Context, certificate.ObtainRequest) (*certificate.Resource, error) {
	return nil, errAbsent
}

func (Certifier) Renew(context.Context, certificate.Resource, *certificate.RenewOptions) (*certificate.Resource, error) {
	return nil, errAbsent
}

type Solvers struct{}

func (Solvers) SetDNS01Provider(challenge.Provider, ...dns01.ChallengeOption) error { return errAbsent }

func (Solvers) SetHTTP01Provider(challenge.Provider, ...http01.ChallengeOption) error {
	return errAbsent
}

func (Solvers) SetTLSALPN01Provider(challenge.Provider, ...tlsalpn01.ChallengeOption) error {
	return errAbsent
}

type Registrar struct{}

func (Registrar) Register(context.Context, registration.RegisterOptions) (*acme.ExtendedAccount, error) {
	return nil, errAbsent
}

func (Registrar) RegisterWithExternalAccountBinding(context.Context, registration.RegisterEABOptions) (*acme.ExtendedAccount, error) {
	return nil, errAbsent
}
