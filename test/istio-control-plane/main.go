// Istio's control plane as a program of lines: each line on stdin is a file of objects, each line on descriptor 3 what
// Istio generates for its gateways. It is compiled inside a checkout of Istio (build.ts lays it over one), so that the
// versions of all libraries are those of that Istio.
//
// What an API server would have done first is done here with Istio's own copies of the CRDs: defaults are filled in, and
// an object that the CRD or Istio's webhook refuses is left out and named.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	corev1 "k8s.io/api/core/v1"
	knetworking "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/gateway-api/pkg/consts"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/constants"
	crdvalidation "istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/host"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/config/schema/resource"
	kubelib "istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/test"
)

type question struct {
	ID   string `json:"id"`
	YAML string `json:"yaml"`
	// Gateways asked for: "k=v,k=v" (a workload in istio-system), or "namespace/name" of a Gateway API Gateway.
	Gateways []string `json:"gateways"`
	// A certificate that every referenced Secret holds.
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}

type verdict struct {
	Object string `json:"object"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

type generated struct {
	Listeners []json.RawMessage `json:"listeners"`
	Routes    []json.RawMessage `json:"routes"`
	Clusters  []string          `json:"clusters"`
}

type answer struct {
	ID       string                `json:"id"`
	Error    string                `json:"error,omitempty"`
	Rejected []verdict             `json:"rejected,omitempty"`
	Warnings []verdict             `json:"warnings,omitempty"`
	Gateways map[string]*generated `json:"gateways,omitempty"`
}

// Objects without an age count as created at this time (truth/README.md).
var born = metav1.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))

func main() {
	// Istio logs to stdout, from its initialisation on: the answers have a descriptor of their own.
	results := os.NewFile(3, "answers")
	silent := log.DefaultOptions()
	silent.SetDefaultOutputLevel("all", log.NoneLevel)
	silent.OutputPaths = []string{"stderr"}
	if err := log.Configure(silent); err != nil {
		panic(err)
	}
	source := os.Args[1]
	crds, err := crdvalidation.NewValidatorFromFilesWithOptions([]string{
		filepath.Join(source, "manifests/charts/base/files/crd-all.gen.yaml"),
		filepath.Join(source, "tests/integration/pilot/testdata/gateway-api-crd.yaml"),
	}, crdvalidation.WithoutCRDValidation())
	if err != nil {
		panic(err)
	}
	crds.SkipMissing = true

	questions := make(chan question)
	var out sync.Mutex
	var workers sync.WaitGroup
	for range 2 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for q := range questions {
				a := answerTo(q, crds)
				line, err := json.Marshal(a)
				if err != nil {
					line, _ = json.Marshal(answer{ID: q.ID, Error: err.Error()})
				}
				out.Lock()
				_, _ = results.Write(append(line, '\n'))
				out.Unlock()
			}
		}()
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			q := question{}
			if err := json.Unmarshal(line, &q); err != nil {
				panic(err)
			}
			questions <- q
		}
		if err != nil {
			break
		}
	}
	close(questions)
	workers.Wait()
}

func answerTo(q question, crds *crdvalidation.Validator) (a answer) {
	a = answer{ID: q.ID, Gateways: map[string]*generated{}}
	objects, configs, err := admit(q, crds, &a)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	if len(q.Gateways) == 0 {
		return a
	}
	err = test.Wrap(func(t test.Failer) {
		defer func() {
			if r := recover(); r != nil {
				a.Error = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{KubernetesObjects: objects, Configs: configs})
		install(t, server)
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

// The CRDs of the Gateway API: Istio looks at some kinds only where their CRD is new enough, which the fake cluster does not say.
func install(t test.Failer, s *xds.FakeDiscoveryServer) {
	for _, of := range []schema.GroupVersionResource{
		gvr.TLSRoute, gvr.TCPRoute, gvr.BackendTLSPolicy, gvr.ListenerSet, gvr.GRPCRoute, gvr.HTTPRoute,
	} {
		clienttest.MakeCRDWithAnnotations(t, s.KubeClient(), of, map[string]string{consts.BundleVersionAnnotation: consts.BundleVersion})
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

func isIstio(group string) bool { return strings.HasSuffix(group, ".istio.io") }

// What the API server with Istio's webhook lets in: objects for the fake cluster, and Istio's configuration.
func admit(q question, crds *crdvalidation.Validator, a *answer) ([]runtime.Object, []config.Config, error) {
	objects := []runtime.Object{}
	configs := []config.Config{}
	secrets := map[types.NamespacedName]bool{}
	wanted := []types.NamespacedName{}
	address := 0
	decoder := kubeyaml.NewYAMLOrJSONDecoder(strings.NewReader(q.YAML), 512*1024)
	for {
		document := json.RawMessage{}
		if err := decoder.Decode(&document); err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, err
		}
		if len(document) == 0 || string(document) == "null" {
			continue
		}
		un := &unstructured.Unstructured{}
		if err := un.UnmarshalJSON(document); err != nil {
			return nil, nil, err
		}
		kind := un.GroupVersionKind()
		clusterScoped := kind.Kind == "Namespace" || kind.Kind == "IngressClass" || kind.Kind == "GatewayClass"
		if un.GetNamespace() == "" && !clusterScoped {
			un.SetNamespace("default")
		}
		name := fmt.Sprintf("%s %s/%s", kind.Kind, un.GetNamespace(), un.GetName())
		if created := un.GetCreationTimestamp(); created.IsZero() {
			un.SetCreationTimestamp(born)
		}
		un.SetUID(types.UID(fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:32]))
		// Fills in the defaults on the way.
		if err := crds.ValidateCustomResource(un); err != nil {
			a.Rejected = append(a.Rejected, verdict{name, "CRD", err.Error()})
			continue
		}
		raw, err := json.Marshal(un.Object)
		if err != nil {
			return nil, nil, err
		}
		if isIstio(kind.Group) {
			object := crd.IstioKind{}
			if err := json.Unmarshal(raw, &object); err != nil {
				return nil, nil, err
			}
			schemaOf, ok := collections.PilotGatewayAPI().FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&kind))
			if !ok {
				a.Rejected = append(a.Rejected, verdict{name, "istio", "unknown kind " + kind.String()})
				continue
			}
			c, err := crd.ConvertObject(schemaOf, &object, "cluster.local")
			if err != nil {
				a.Rejected = append(a.Rejected, verdict{name, "istio", err.Error()})
				continue
			}
			warning, err := schemaOf.ValidateConfig(*c)
			if warning != nil {
				a.Warnings = append(a.Warnings, verdict{name, "istio", warning.Error()})
			}
			if err != nil {
				a.Rejected = append(a.Rejected, verdict{name, "istio", err.Error()})
				continue
			}
			configs = append(configs, *c)
			continue
		}
		if kind.Group == "gateway.networking.k8s.io" {
			// An API server gives every version; Istio reads one.
			if known, ok := collections.All.FindByGroupKind(config.GroupVersionKind{Group: kind.Group, Kind: kind.Kind}); ok {
				un.SetAPIVersion(kind.Group + "/" + known.GroupVersionKind().Version)
				raw, _ = json.Marshal(un.Object)
			}
		}
		object, _, err := kubelib.IstioCodec.UniversalDeserializer().Decode(raw, nil, nil)
		if err != nil {
			a.Rejected = append(a.Rejected, verdict{name, "kubernetes", err.Error()})
			continue
		}
		switch o := object.(type) {
		case *knetworking.Ingress:
			if reason := wrongWith(o); reason != "" {
				a.Rejected = append(a.Rejected, verdict{name, "kubernetes", reason})
				continue
			}
		case *corev1.Service:
			address++
			completeService(o, address)
		case *corev1.Secret:
			secrets[types.NamespacedName{Namespace: o.Namespace, Name: o.Name}] = true
			fillSecret(o, q)
		}
		if kind.Kind == "Gateway" {
			wanted = append(wanted, certificatesOf(un)...)
		}
		objects = append(objects, object)
	}
	for _, at := range wanted {
		if !secrets[at] {
			secrets[at] = true
			s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: at.Name, Namespace: at.Namespace}}
			fillSecret(s, q)
			objects = append(objects, s)
		}
	}
	sort.SliceStable(configs, func(i, j int) bool { return configs[i].GroupVersionKind.Kind < configs[j].GroupVersionKind.Kind })
	return objects, configs, nil
}

// The API server's own rules for an Ingress are in no library: those that a changed one breaks most.
func wrongWith(i *knetworking.Ingress) string {
	backends := []*knetworking.IngressBackend{i.Spec.DefaultBackend}
	if i.Spec.DefaultBackend == nil && len(i.Spec.Rules) == 0 {
		return "neither defaultBackend nor rules"
	}
	for _, r := range i.Spec.Rules {
		if strings.Contains(r.Host, "*") {
			if e := validation.IsWildcardDNS1123Subdomain(r.Host); len(e) > 0 {
				return e[0]
			}
		} else if e := validation.IsDNS1123Subdomain(r.Host); r.Host != "" && len(e) > 0 {
			return e[0]
		}
		if r.HTTP == nil {
			continue
		}
		if len(r.HTTP.Paths) == 0 {
			return "no paths"
		}
		for _, p := range r.HTTP.Paths {
			backends = append(backends, &p.Backend)
			if p.PathType == nil {
				return "no pathType"
			}
			switch *p.PathType {
			case knetworking.PathTypeExact, knetworking.PathTypePrefix:
				if !strings.HasPrefix(p.Path, "/") || wrongPath.MatchString(p.Path) {
					return "path " + p.Path
				}
			case knetworking.PathTypeImplementationSpecific:
				if p.Path != "" && !strings.HasPrefix(p.Path, "/") {
					return "path " + p.Path
				}
			default:
				return "pathType " + string(*p.PathType)
			}
		}
	}
	for _, t := range i.Spec.TLS {
		for _, h := range t.Hosts {
			if len(validation.IsDNS1123Subdomain(h)) > 0 && len(validation.IsWildcardDNS1123Subdomain(h)) > 0 {
				return "tls host " + h
			}
		}
	}
	for _, b := range backends {
		if b == nil {
			continue
		}
		if b.Service == nil || len(validation.IsDNS1035Label(b.Service.Name)) > 0 {
			return "backend"
		}
		port := b.Service.Port
		if (port.Name == "") == (port.Number == 0) || port.Number < 0 || port.Number > 65535 {
			return "port of the backend"
		}
		if port.Name != "" && len(validation.IsValidPortName(port.Name)) > 0 {
			return "port " + port.Name
		}
	}
	return ""
}

var wrongPath = regexp.MustCompile(`//|/\./|/\.\./|%2f|%2F|/\.\.?$`)

// What the API server fills into a Service.
func completeService(s *corev1.Service, n int) {
	if s.Spec.Type == "" {
		s.Spec.Type = corev1.ServiceTypeClusterIP
	}
	if s.Spec.ClusterIP == "" && s.Spec.Type != corev1.ServiceTypeExternalName {
		s.Spec.ClusterIP = fmt.Sprintf("10.96.%d.%d", n/250, n%250+1)
	}
	for i := range s.Spec.Ports {
		p := &s.Spec.Ports[i]
		if p.Protocol == "" {
			p.Protocol = corev1.ProtocolTCP
		}
		if p.TargetPort.IntVal == 0 && p.TargetPort.StrVal == "" {
			p.TargetPort.IntVal = p.Port
		}
	}
}

// Every certificate counts as present and valid (truth/README.md).
func fillSecret(s *corev1.Secret, q question) {
	if s.Type != "" && s.Type != corev1.SecretTypeTLS {
		return
	}
	s.Type = corev1.SecretTypeTLS
	s.Data = map[string][]byte{"tls.crt": []byte(q.Certificate), "tls.key": []byte(q.Key)}
}

func certificatesOf(gateway *unstructured.Unstructured) []types.NamespacedName {
	out := []types.NamespacedName{}
	listeners, _, _ := unstructured.NestedSlice(gateway.Object, "spec", "listeners")
	for _, l := range listeners {
		listener, _ := l.(map[string]any)
		refs, _, _ := unstructured.NestedSlice(listener, "tls", "certificateRefs")
		for _, r := range refs {
			ref, _ := r.(map[string]any)
			name, _ := ref["name"].(string)
			namespace, _ := ref["namespace"].(string)
			if namespace == "" {
				namespace = gateway.GetNamespace()
			}
			out = append(out, types.NamespacedName{Namespace: namespace, Name: name})
		}
	}
	return out
}
