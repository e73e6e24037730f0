// Gateway API's conformance suite, as it is published. `list`: its tests, as JSON. `run`: the tests, against the cluster of
// KUBECONFIG, with the suite's own flags.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/gateway-api/conformance"
	"sigs.k8s.io/gateway-api/conformance/tests"
	"sigs.k8s.io/gateway-api/conformance/utils/suite"
)

type conformanceTest struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Features    []string `json:"features"`
	Manifests   []string `json:"manifests"`
	Provisional bool     `json:"provisional,omitempty"`
}

func main() {
	if len(os.Args) < 2 || os.Args[1] != "run" {
		list()
		return
	}
	os.Args = append(os.Args[:1], os.Args[2:]...)
	testing.Main(
		func(_, _ string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "Conformance", F: run}},
		nil, nil,
	)
}

func list() {
	out := []conformanceTest{}
	for _, t := range tests.ConformanceTests {
		features := []string{}
		for _, f := range t.Features {
			features = append(features, string(f))
		}
		out = append(out, conformanceTest{t.ShortName, t.Description, features, t.Manifests, t.Provisional})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(out); err != nil {
		panic(err)
	}
}

// only leaves the other tests out.
func only(names []string) {
	chosen := []suite.ConformanceTest{}
	for _, t := range tests.ConformanceTests {
		if slices.Contains(names, t.ShortName) {
			chosen = append(chosen, t)
		}
	}
	tests.ConformanceTests = chosen
}

func run(t *testing.T) {
	options := conformance.DefaultOptions(t)
	// The API server of this harness reads JSON, and as fast as it is asked.
	options.RestConfig.ContentType = "application/json"
	options.RestConfig.QPS = -1
	var err error
	options.Client, err = client.New(options.RestConfig, options.ClientOptions)
	require.NoError(t, err)
	if server := os.Getenv("SIMULATE"); server != "" {
		options.RoundTripper = simulated{server}
		options.GRPCClient = simulatedGRPC{simulated{server}}
		options.WebSocketDialer = simulatedWebSocket{simulated{server}}
	}
	if names := os.Getenv("RUN"); names != "" {
		only(strings.Split(names, ","))
	}
	options.Hook = func(t *testing.T, test suite.ConformanceTest, _ *suite.ConformanceTestSuite) {
		result := "PASS"
		if t.Failed() {
			result = "FAIL"
		} else if t.Skipped() {
			result = "SKIP"
		}
		// Go prints the results of subtests when the last of them has ended.
		fmt.Printf("\nRESULT %s %s\n", result, test.ShortName)
	}
	conformance.RunConformanceWithOptions(t, options)
}
