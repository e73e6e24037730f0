package auth

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/GehirnInc/crypt"
	_ "github.com/GehirnInc/crypt/apr1_crypt"
	_ "github.com/GehirnInc/crypt/md5_crypt"
	"golang.org/x/crypto/bcrypt"
)

type SecretProvider func(user, realm string) string

type BasicAuth struct {
	Realm   string
	Secrets SecretProvider
}

// RequireAuth answers 401.
func (a *BasicAuth) RequireAuth(w http.ResponseWriter, _ *http.Request) {
	challenge(w, fmt.Sprintf("Basic realm=%q", a.Realm))
}

// CheckSecret says whether a password has a hash of htpasswd: bcrypt, {SHA}, APR1 or MD5 crypt.
func CheckSecret(password, secret string) bool {
	switch {
	case strings.HasPrefix(secret, "{SHA}"):
		sum := sha1.Sum([]byte(password))
		return subtle.ConstantTimeCompare([]byte(secret[5:]), []byte(base64.StdEncoding.EncodeToString(sum[:]))) == 1
	case strings.HasPrefix(secret, "$2"):
		return bcrypt.CompareHashAndPassword([]byte(secret), []byte(password)) == nil
	case crypt.IsHashSupported(secret):
		return crypt.NewFromHash(secret).Verify(secret, []byte(password)) == nil
	}
	return false
}

type DigestAuth struct{ realm string }

func NewDigestAuthenticator(realm string, _ SecretProvider) *DigestAuth { return &DigestAuth{realm} }

func (*DigestAuth) CheckAuth(*http.Request) (user string, info *string) { return "", nil }

func (a *DigestAuth) RequireAuth(w http.ResponseWriter, _ *http.Request) {
	challenge(w, fmt.Sprintf("Digest realm=%q", a.realm))
}

func (a *DigestAuth) RequireAuthStale(w http.ResponseWriter, r *http.Request) { a.RequireAuth(w, r) }

func DigestAuthParams(string) map[string]string { return nil }

func challenge(w http.ResponseWriter, scheme string) {
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("WWW-Authenticate", scheme)
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = w.Write([]byte("401 Unauthorized\n"))
}
