// What Kubernetes' API server does with the kinds that it knows itself: its own code fills in defaults and checks.
package main

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	genericrequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
)

// How objects of a kind are created; kinds that are not here are taken as they are.
var creation = map[schema.GroupKind]rest.RESTCreateStrategy{
	{Kind: "ConfigMap"}: configmap.Strategy,
	{Kind: "Namespace"}: namespace.Strategy,
	{Kind: "Secret"}:    secret.Strategy,
	{Kind: "Service"}:   service.Strategy,
	{Group: "networking.k8s.io", Kind: "Ingress"}:      ingress.Strategy,
	{Group: "networking.k8s.io", Kind: "IngressClass"}: ingressclass.Strategy,
}

// create gives back `object` with its defaults, or the API server's reason to refuse it. What clients cannot set, such
// as a status, stays: other controllers have set it since.
func create(object runtime.Object) error {
	strategy, ok := creation[object.GetObjectKind().GroupVersionKind().GroupKind()]
	if !ok {
		return nil
	}
	legacyscheme.Scheme.Default(object)
	internal, err := legacyscheme.Scheme.UnsafeConvertToVersion(object.DeepCopyObject(), runtime.InternalGroupVersioner)
	if err != nil {
		return err
	}
	return rest.BeforeCreate(strategy, genericrequest.WithNamespace(context.Background(), internal.(metav1.Object).GetNamespace()), internal)
}

// allocate gives the n-th Service an address, as the API server's storage does before it checks.
func allocate(s *corev1.Service, n int) {
	if s.Spec.Type == corev1.ServiceTypeExternalName {
		return
	}
	if s.Spec.ClusterIP == "" {
		s.Spec.ClusterIP = fmt.Sprintf("10.96.%d.%d", n/250, n%250+1)
	}
	if len(s.Spec.ClusterIPs) == 0 {
		s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	}
}
