// Package ext stands in for a module of Traefik's repository that is not published: the extension points of its
// configuration, empty in the open-source build.
package ext

// HTTP has no extensions.
type HTTP struct{}

// Router has no extensions.
type Router struct{}
