// Istio's control plane as a program of lines: each line on stdin is a file of objects, each line on descriptor 3 what
// Istio generates for its gateways, and which objects the API server or Istio's webhook refuses.
// Its arguments are files with CRDs.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"istio.io/istio/pkg/log"
)

type question struct {
	ID   string `json:"id"`
	YAML string `json:"yaml"`
	// Gateways asked for: "k=v,k=v" (a workload in istio-system), or "namespace/name" of a Gateway API Gateway.
	Gateways []string `json:"gateways"`
	// A certificate that every referenced Secret holds.
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
	// Seconds after which the answer is an error.
	Limit int `json:"limit"`
}

type verdict struct {
	Object string `json:"object"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

type answer struct {
	ID       string                `json:"id"`
	Error    string                `json:"error,omitempty"`
	Rejected []verdict             `json:"rejected,omitempty"`
	Warnings []verdict             `json:"warnings,omitempty"`
	Gateways map[string]*generated `json:"gateways,omitempty"`
}

// Questions answered at once.
const workers = 2

func main() {
	// Istio logs to stdout, from its initialisation on: the answers have a descriptor of their own.
	results := os.NewFile(3, "answers")
	silent := log.DefaultOptions()
	silent.SetDefaultOutputLevel("all", log.NoneLevel)
	silent.OutputPaths = []string{"stderr"}
	must(log.Configure(silent))
	crds, err := readCRDs(os.Args[1:])
	must(err)

	questions := make(chan question)
	var out sync.Mutex
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for q := range questions {
				line, err := json.Marshal(inTime(q, func() answer { return answerTo(q, crds) }))
				if err != nil {
					line, _ = json.Marshal(answer{ID: q.ID, Error: err.Error()})
				}
				out.Lock()
				_, _ = results.Write(append(line, '\n'))
				out.Unlock()
			}
		})
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			q := question{}
			must(json.Unmarshal(line, &q))
			questions <- q
		}
		if err != nil {
			break
		}
	}
	close(questions)
	working.Wait()
}

// Istio's fake server cannot be interrupted: one that takes longer is left to itself.
func inTime(q question, work func() answer) answer {
	done := make(chan answer, 1)
	go func() { done <- work() }()
	select {
	case a := <-done:
		return a
	case <-time.After(time.Duration(q.Limit) * time.Second):
		return answer{ID: q.ID, Error: fmt.Sprintf("no answer within %d s", q.Limit)}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
