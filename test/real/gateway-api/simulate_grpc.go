package main

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	pb "sigs.k8s.io/gateway-api/conformance/echo-basic/grpcechoserver"
	"sigs.k8s.io/gateway-api/conformance/utils/grpc"
	"sigs.k8s.io/gateway-api/conformance/utils/roundtripper"
)

// simulatedGRPC is the same for calls of gRPC.
type simulatedGRPC struct{ simulated }

func (simulatedGRPC) Close() {}

func (s simulatedGRPC) SendRPC(_ *testing.T, address string, expected grpc.ExpectedResponse, _ time.Duration) (*grpc.Response, error) {
	method := "/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/"
	switch {
	case expected.EchoRequest != nil:
		method += "Echo"
	case expected.EchoTwoRequest != nil:
		method += "EchoTwo"
	default:
		method += "EchoThree"
	}
	asked := question{
		Address: address, URL: "http://" + address + method, Protocol: roundtripper.H2CPriorKnowledgeProtocol,
		Method: http.MethodPost, Headers: map[string][]string{"content-type": {"application/grpc"}, "te": {"trailers"}},
	}
	if given := expected.RequestMetadata; given != nil {
		asked.Host = given.Authority
		for name, value := range given.Metadata {
			asked.Headers[name] = []string{value}
		}
	}
	response := &grpc.Response{Headers: &metadata.MD{}, Trailers: &metadata.MD{}}
	said, err := s.ask(asked)
	if err != nil {
		response.Code = codes.Unavailable
		return response, nil
	}
	response.Code = codeOf(said)
	// The suite's echo knows Echo and EchoTwo.
	if response.Code == codes.OK && expected.EchoThreeRequest != nil {
		response.Code = codes.Unimplemented
	}
	if response.Code == codes.OK {
		response.Response = &pb.EchoResponse{Assertions: &pb.Assertions{
			FullyQualifiedMethod: said.Request.Path,
			Authority:            said.Request.Host,
			Context:              &pb.Context{Namespace: said.Request.Namespace, Pod: said.Request.Pod},
		}}
	}
	return response, nil
}

// codeOf: grpc-status, else what the status of HTTP means to a client of gRPC.
func codeOf(said answer) codes.Code {
	if given := said.Headers["Grpc-Status"]; len(given) > 0 {
		code, err := strconv.Atoi(given[0])
		if err != nil {
			return codes.Unknown
		}
		return codes.Code(code)
	}
	switch said.Status {
	case http.StatusOK:
		return codes.OK
	case http.StatusBadRequest:
		return codes.Internal
	case http.StatusUnauthorized:
		return codes.Unauthenticated
	case http.StatusForbidden:
		return codes.PermissionDenied
	case http.StatusNotFound:
		return codes.Unimplemented
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return codes.Unavailable
	}
	return codes.Unknown
}
