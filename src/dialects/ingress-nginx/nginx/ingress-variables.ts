// $namespace, $ingress_name, $service_name and $service_port of a location: getIngressInformation in
// internal/ingress/controller/template/template.go (kubernetes/ingress-nginx controller-v1.15.1).

import type { IngressBackend } from '../../../resources/ingress.js';
import type { Location } from '../controller/locations.js';
import { CATCH_ALL } from '../controller/server.js';

export type IngressVariables = Readonly<Record<'namespace' | 'ingress_name' | 'service_name' | 'service_port', string>>;

export function ingressVariables(location: Location, host: string): IngressVariables {
  const { ingress } = location;
  if (!ingress) return { namespace: '', ingress_name: '', service_name: '', service_port: '' };
  const path = location.ingressPath || '/';
  const rule = ingress.view.rules
    .filter((r) => (r.host || CATCH_ALL) === host)
    .flatMap((r) => r.paths)
    .find((p) => (p.path || '/') === path && p.backend?.service);
  const backend = rule?.backend ?? ingress.view.defaultBackend;
  return {
    namespace: ingress.namespace,
    ingress_name: ingress.name,
    service_name: backend?.service?.name ?? '',
    service_port: portText(backend),
  };
}

function portText(backend: IngressBackend | undefined): string {
  const port = backend?.service?.port;
  return port ? ('number' in port ? String(port.number) : port.name) : '';
}
