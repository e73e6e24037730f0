package http01

import "time"

// PathPrefix is where RFC 8555 puts the answer to an HTTP challenge.
const PathPrefix = "/.well-known/acme-challenge/"

type ChallengeOption func()

func SetDelay(time.Duration) ChallengeOption { return func() {} }
