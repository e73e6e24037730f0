// What Istio's fake discovery server sends to a gateway once every controller is done.
package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	metadatafake "k8s.io/client-go/metadata/fake"
	k8stesting "k8s.io/client-go/testing"
	"sigs.k8s.io/gateway-api/pkg/consts"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/constants"
	crdvalidation "istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/host"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/config/schema/gvr"
	kubelib "istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
	"istio.io/istio/pkg/test"
)

type generated struct {
	Listeners []json.RawMessage `json:"listeners"`
	Routes    []json.RawMessage `json:"routes"`
	Clusters  []string          `json:"clusters"`
	// Those that a DestinationRule shapes, whole.
	Ruled []json.RawMessage `json:"ruled"`
}

func answerTo(q question, crds *crdvalidation.Validator) (a answer) {
	a = answer{ID: q.ID, Gateways: map[string]*generated{}}
	defer func() {
		if r := recover(); r != nil {
			a.Error = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	admitted, err := admit(q, crds, &a)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	if len(q.Gateways) == 0 {
		return a
	}
	err = test.Wrap(func(t test.Failer) {
		server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
			KubernetesObjects:  admitted.objects,
			Configs:            admitted.configs,
			MeshConfig:         admitted.mesh,
			KubeClientModifier: func(client kubelib.Client) { install(t, client) },
		})
		settle(server)
		for _, id := range q.Gateways {
			a.Gateways[id] = generate(server, id)
		}
	})
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

// The CRDs of the Gateway API: Istio looks at some kinds only where their CRD says that it is new enough. They are there before Istio
// starts: objects of kinds that appear later come when it is found to stand still. The fake server makes some of them again and says
// no version: it is added to whatever is made.
func install(t test.Failer, client kubelib.Client) {
	annotations := map[string]string{consts.BundleVersionAnnotation: consts.BundleVersion}
	client.Metadata().(*metadatafake.FakeMetadataClient).PrependReactor("*", "customresourcedefinitions",
		func(action k8stesting.Action) (bool, runtime.Object, error) {
			if made, ok := action.(interface{ GetObject() runtime.Object }); ok {
				if crd, ok := made.GetObject().(metav1.Object); ok {
					crd.SetAnnotations(annotations)
				}
			}
			return false, nil, nil
		})
	for _, of := range []schema.GroupVersionResource{
		gvr.TLSRoute, gvr.TCPRoute, gvr.BackendTLSPolicy, gvr.ListenerSet, gvr.GRPCRoute, gvr.HTTPRoute,
	} {
		clienttest.MakeCRDWithAnnotations(t, client, of, annotations)
	}
}

// The Ingress and Gateway API controllers compute in the background: done is when nothing was updated for a while and
// everything that was has been pushed.
func settle(s *xds.FakeDiscoveryServer) {
	last, since := int64(-1), time.Now()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		updates := s.Discovery.InboundUpdates.Load()
		if updates != last || s.Discovery.CommittedUpdates.Load() < updates {
			last, since = updates, time.Now()
		} else if time.Since(since) > 60*time.Millisecond {
			return
		}
	}
}

func generate(s *xds.FakeDiscoveryServer, id string) *generated {
	proxy := &model.Proxy{Type: model.Router, ConfigNamespace: constants.IstioSystemNamespace, Labels: map[string]string{}}
	namespace, name, isKubernetes := strings.Cut(id, "/")
	if isKubernetes {
		proxy.ConfigNamespace = namespace
		proxy.Labels["gateway.networking.k8s.io/gateway-name"] = name
	} else {
		for _, pair := range strings.Split(id, ",") {
			k, v, _ := strings.Cut(pair, "=")
			proxy.Labels[k] = v
		}
	}
	proxy.Metadata = &model.NodeMetadata{Labels: proxy.Labels, Namespace: proxy.ConfigNamespace, IstioVersion: "1.31.0"}
	proxy.ID = "gateway." + proxy.ConfigNamespace
	s.SetupProxy(proxy)
	if isKubernetes {
		proxy.ServiceTargets = serviceOf(s, namespace, name)
		proxy.SetGatewaysForProxy(s.PushContext())
	}
	out := &generated{}
	listeners := s.Listeners(proxy)
	for _, l := range listeners {
		out.Listeners = append(out.Listeners, asJSON(l))
	}
	for _, r := range s.RoutesFromListeners(proxy, listeners) {
		out.Routes = append(out.Routes, asJSON(r))
	}
	for _, c := range s.Clusters(proxy) {
		out.Clusters = append(out.Clusters, c.Name)
		// Istio says in its metadata which DestinationRule it comes from.
		if config := asJSON(c); strings.Contains(string(config), "/destination-rule/") {
			out.Ruled = append(out.Ruled, config)
		}
	}
	return out
}

// The Service that Istio would deploy for a Gateway, each listener's port untranslated: Istio chooses what a workload
// serves by its Service.
func serviceOf(s *xds.FakeDiscoveryServer, namespace, name string) []model.ServiceTarget {
	targets := []model.ServiceTarget{}
	seen := map[string]bool{}
	for _, c := range s.Store().List(gvk.Gateway, "") {
		parent := c.Annotations[constants.InternalParentNames]
		if !strings.HasPrefix(parent, "Gateway/"+name+"/") || !strings.HasSuffix(parent, "."+namespace) {
			continue
		}
		for _, hostname := range strings.Split(c.Annotations[model.InternalGatewayServiceAnnotation], ",") {
			for _, server := range c.Spec.(*networking.Gateway).Servers {
				port := server.Port.Number
				key := fmt.Sprintf("%s:%d", hostname, port)
				if seen[key] {
					continue
				}
				seen[key] = true
				at := strings.Split(hostname+"..", ".")[1]
				targets = append(targets, model.ServiceTarget{
					Service: &model.Service{
						Hostname:   host.Name(hostname),
						Attributes: model.ServiceAttributes{Name: strings.Split(hostname, ".")[0], Namespace: at},
					},
					Port: model.ServiceInstancePort{
						ServicePort: &model.Port{Name: fmt.Sprintf("p%d", port), Port: int(port)},
						TargetPort:  port,
					},
				})
			}
		}
	}
	return targets
}

func asJSON(m proto.Message) json.RawMessage {
	b, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		panic(err)
	}
	return b
}
