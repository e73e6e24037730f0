package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"golang.org/x/net/websocket"
)

// simulatedWebSocket asks whether the upgrade reaches a backend; the backend's part, the suite's own echo of frames, is played here.
type simulatedWebSocket struct{ simulated }

func (s simulatedWebSocket) Dial(remote, protocol, origin string) (*websocket.Conn, error) {
	to, err := url.Parse(remote)
	if err != nil {
		return nil, err
	}
	to.Scheme = "http"
	said, err := s.ask(question{
		Address: to.Host, URL: to.String(), Protocol: "HTTP", Method: http.MethodGet,
		Headers: map[string][]string{"connection": {"Upgrade"}, "upgrade": {"websocket"}},
	})
	if err != nil {
		return nil, err
	}
	if said.Request == nil {
		return nil, fmt.Errorf("status %d", said.Status)
	}
	if said.Request.Path != to.Path {
		return nil, errors.New("the echo speaks WebSocket at /ws alone")
	}
	backend := httptest.NewServer(websocket.Handler(func(ws *websocket.Conn) { _, _ = io.Copy(ws, ws) }))
	return websocket.Dial(strings.Replace(backend.URL, "http", "ws", 1), protocol, origin)
}
