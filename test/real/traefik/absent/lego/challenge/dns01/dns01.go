package dns01

import (
	"strings"
	"time"
)

type Options struct{ RecursiveNameservers []string }

type Client struct{}

func NewClient(*Options) *Client { return &Client{} }

func SetDefaultClient(*Client) {}

type ChallengeOption func()

func CondOptions(bool, ...ChallengeOption) ChallengeOption { return func() {} }

func DisableAuthoritativeNssPropagationRequirement() ChallengeOption { return func() {} }

func DisableRecursiveNSsPropagationRequirement() ChallengeOption { return func() {} }

func PropagationWait(time.Duration, bool) ChallengeOption { return func() {} }

func UnFqdn(name string) string { return strings.TrimSuffix(name, ".") }
