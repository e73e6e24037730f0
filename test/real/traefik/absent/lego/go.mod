// Stands in for the ACME client of Traefik: its DNS providers need modules that are not served, and no certificate is
// asked for here. The names are those that Traefik compiles against; nothing but the name of the TLS protocol is used.
module github.com/go-acme/lego/v5

go 1.26.0
