// Stands in for a fork of go-http-auth that is not served: what Traefik's middlewares call. Basic authentication works as
// the fork's does; digest authentication refuses everybody.
module github.com/abbot/go-http-auth

go 1.26.0

require (
	github.com/GehirnInc/crypt v0.0.0-20230320061759-8cc1b52080c5
	golang.org/x/crypto v0.38.0
)
