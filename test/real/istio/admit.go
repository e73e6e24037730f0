// What gets into the cluster: objects that pass the CRDs (schema, defaults, CEL), Kubernetes' own checks and Istio's webhook.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	crdvalidation "istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	kubelib "istio.io/istio/pkg/kube"
)

// Objects without an age count as created at this time, as when the recordings were made.
var born = metav1.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))

// Kinds without a CRD in these files are let in.
func readCRDs(files []string) (*crdvalidation.Validator, error) {
	crds, err := crdvalidation.NewValidatorFromFilesWithOptions(files, crdvalidation.WithoutCRDValidation())
	if err == nil {
		crds.SkipMissing = true
	}
	return crds, err
}

// A cluster that is filled: what the fake API server holds, Istio's configuration, and the Secrets it needs.
type cluster struct {
	question question
	answer   *answer
	crds     *crdvalidation.Validator
	objects  []runtime.Object
	configs  []config.Config
	services int
	secrets  map[types.NamespacedName]bool
	wanted   []types.NamespacedName
	// Of an IstioOperator; nil: Istio's defaults.
	mesh *meshconfig.MeshConfig
}

func admit(q question, crds *crdvalidation.Validator, a *answer) (*cluster, error) {
	c := &cluster{question: q, answer: a, crds: crds, secrets: map[types.NamespacedName]bool{}}
	decoder := kubeyaml.NewYAMLOrJSONDecoder(strings.NewReader(q.YAML), 512*1024)
	for {
		document := json.RawMessage{}
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if len(document) == 0 || string(document) == "null" {
			continue
		}
		un := &unstructured.Unstructured{}
		if err := un.UnmarshalJSON(document); err != nil {
			return nil, err
		}
		if err := c.add(un); err != nil {
			return nil, err
		}
	}
	for _, at := range c.wanted {
		if !c.secrets[at] {
			c.secrets[at] = true
			s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: at.Name, Namespace: at.Namespace}}
			fillSecret(s, q)
			c.objects = append(c.objects, s)
		}
	}
	sort.SliceStable(c.configs, func(i, j int) bool {
		return c.configs[i].GroupVersionKind.Kind < c.configs[j].GroupVersionKind.Kind
	})
	return c, nil
}

// configure takes the mesh configuration of an installation.
func (c *cluster) configure(un *unstructured.Unstructured) error {
	given, _, err := unstructured.NestedMap(un.Object, "spec", "meshConfig")
	if err != nil {
		return err
	}
	text, err := json.Marshal(given)
	if err == nil {
		c.mesh, err = mesh.ApplyMeshConfigDefaults(string(text))
	}
	return err
}

// add puts one object into the cluster, or its refusal into the answer.
func (c *cluster) add(un *unstructured.Unstructured) error {
	kind := un.GroupVersionKind()
	if kind.Kind == "IstioOperator" {
		return c.configure(un)
	}
	if un.GetNamespace() == "" && !clusterScoped[kind.Kind] {
		un.SetNamespace("default")
	}
	name := fmt.Sprintf("%s %s/%s", kind.Kind, un.GetNamespace(), un.GetName())
	refused := func(by string, reason error) error {
		c.answer.Rejected = append(c.answer.Rejected, verdict{name, by, reason.Error()})
		return nil
	}
	if created := un.GetCreationTimestamp(); created.IsZero() {
		un.SetCreationTimestamp(born)
	}
	un.SetUID(types.UID(fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:32]))
	// Fills in the defaults on the way.
	if err := c.crds.ValidateCustomResource(un); err != nil {
		return refused("CRD", err)
	}
	if err := checkName(un); err != nil {
		return refused("CRD", err)
	}
	if strings.HasSuffix(kind.Group, ".istio.io") {
		configured, warning, err := readIstio(un)
		if warning != nil {
			c.answer.Warnings = append(c.answer.Warnings, verdict{name, "istio", warning.Error()})
		}
		if err != nil {
			return refused("istio", err)
		}
		c.configs = append(c.configs, *configured)
		return nil
	}
	object, err := readKubernetes(un)
	if err != nil {
		return refused("kubernetes", err)
	}
	switch o := object.(type) {
	case *corev1.Service:
		c.services++
		allocate(o, c.services)
	case *corev1.Secret:
		fillSecret(o, c.question)
	}
	if err := create(object); err != nil {
		return refused("kubernetes", err)
	}
	if s, ok := object.(*corev1.Secret); ok {
		c.secrets[types.NamespacedName{Namespace: s.Namespace, Name: s.Name}] = true
	}
	if kind.Kind == "Gateway" {
		c.wanted = append(c.wanted, certificatesOf(un)...)
	}
	c.objects = append(c.objects, object)
	return nil
}

// What the API server checks of every custom resource beside its schema (pkg/registry/customresource of apiextensions-apiserver);
// kinds that it knows itself are checked by create.
func checkName(un *unstructured.Unstructured) error {
	group := un.GroupVersionKind().Group
	if !strings.HasSuffix(group, ".istio.io") && group != "gateway.networking.k8s.io" {
		return nil
	}
	metadata := field.NewPath("metadata")
	return validation.ValidateObjectMetaAccessor(un, !clusterScoped[un.GetKind()], validation.NameIsDNSSubdomain, metadata).ToAggregate()
}

var clusterScoped = map[string]bool{"Namespace": true, "IngressClass": true, "GatewayClass": true}

// What Istio's webhook says of one of its objects.
func readIstio(un *unstructured.Unstructured) (configured *config.Config, warning, refusal error) {
	raw, err := json.Marshal(un.Object)
	if err != nil {
		return nil, nil, err
	}
	object := crd.IstioKind{}
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, nil, err
	}
	kind := un.GroupVersionKind()
	schemaOf, ok := collections.PilotGatewayAPI().FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&kind))
	if !ok {
		return nil, nil, fmt.Errorf("unknown kind %s", kind)
	}
	configured, err = crd.ConvertObject(schemaOf, &object, "cluster.local")
	if err != nil {
		return nil, nil, err
	}
	warning, refusal = schemaOf.ValidateConfig(*configured)
	return configured, warning, refusal
}

func readKubernetes(un *unstructured.Unstructured) (runtime.Object, error) {
	kind := un.GroupVersionKind()
	if kind.Group == "gateway.networking.k8s.io" {
		// An API server gives every version; Istio reads one.
		if known, ok := collections.All.FindByGroupKind(config.GroupVersionKind{Group: kind.Group, Kind: kind.Kind}); ok {
			un.SetAPIVersion(kind.Group + "/" + known.GroupVersionKind().Version)
		}
	}
	raw, err := json.Marshal(un.Object)
	if err != nil {
		return nil, err
	}
	object, _, err := kubelib.IstioCodec.UniversalDeserializer().Decode(raw, nil, nil)
	return object, err
}

// Every certificate counts as present and valid, as when the recordings were made.
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
