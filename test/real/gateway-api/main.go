// The conformance tests of Gateway API, listed: name, features and manifests of each, as JSON.
package main

import (
	"encoding/json"
	"os"
	"sort"

	"sigs.k8s.io/gateway-api/conformance/tests"
)

type conformanceTest struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Features    []string `json:"features"`
	Manifests   []string `json:"manifests"`
	Provisional bool     `json:"provisional,omitempty"`
}

func main() {
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
