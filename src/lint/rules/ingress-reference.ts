// Do the Services, ports and Secrets that an Ingress names exist? Missing where what the files hold counts as all there is
// and none fits (istioctl has no analyzer for Ingress at all).

import type { Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { NAME_OF_CLOSED } from '../../resources/closed-rules.js';
import { numberOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { type IngressBackend, ingressKinds, upgradeIngress } from '../../resources/ingress.js';
import { knowsService, serviceHost } from '../../resources/services.js';
import { documents, ingress, service } from '../examples.js';
import type { Rule } from '../rule.js';
import { together } from '../together.js';

const SHOP = service('selector: {app: shop}\nports: [{name: http, port: 80}]');
const to = (backend: string) =>
  ingress(
    `rules:\n- host: shop.example.com\n  http:\n    paths: [{path: /, pathType: Prefix, backend: {service: {${backend}}}}]`,
  );

/** The AWS Load Balancer Controller reads an annotation in place of a Service where the port has this name. */
const isAction = ({ service }: IngressBackend): boolean =>
  service?.port !== undefined && 'name' in service.port && service.port.name === 'use-annotation';

function eachBackend(catalog: Catalog, use: (backend: IngressBackend, resource: Resource) => void): void {
  for (const resource of ingressKinds.flatMap((kind) => catalog.ofKind(kind))) {
    const view = upgradeIngress(resource);
    const backends = [view.defaultBackend, ...view.rules.flatMap((rule) => rule.paths.map((p) => p.backend))];
    for (const backend of backends) if (backend?.service && !isAction(backend)) use(backend, resource);
  }
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0107',
    name: 'ingress-service-not-found',
    severity: 'error',
    category: 'reference',
    title: 'The Service of an Ingress does not exist',
    docs: () => ({
      happens: 'Such requests get 503.',
      instead: 'The name of a Service in the namespace of the Ingress.',
      bad: documents(SHOP, to('name: shopp, port: {number: 80}')),
      good: documents(SHOP, to('name: shop, port: {number: 80}')),
    }),
    check: ({ catalog }, report) => {
      const { isHostMissing } = together(catalog);
      eachBackend(catalog, ({ service: target, nameOrigin }, resource) => {
        const { namespace } = resource;
        if (!target || target.name === '' || catalog.find('/Service', namespace, target.name)) return;
        if (!knowsService(catalog, namespace, target.name)) return;
        if (target.name === NAME_OF_CLOSED) {
          const message = `the rule is closed until somebody decides what protects it: nobody has the Service ${target.name}, so that its requests get 503`;
          report({ message, at: nameOrigin, severity: 'warning' });
          return;
        }
        const certain = isHostMissing(resource, serviceHost(namespace, target.name));
        report({
          message: certain
            ? `the Service ${namespace}/${target.name} does not exist: it is not among the Services and ServiceEntries of the files; such requests get 503`
            : `the Service ${namespace}/${target.name} is not among the Services of the files: if it does not exist, such requests get 503`,
          at: nameOrigin,
          ...(certain ? {} : { severity: 'warning' }),
        });
      });
    },
  },
  {
    code: 'MGW0109',
    name: 'ingress-port-not-found',
    severity: 'error',
    category: 'reference',
    title: 'The Service of an Ingress does not have that port',
    docs: () => ({
      happens: 'Such requests get 503, or the path is left out.',
      instead: 'A port of the Service, by its number or its name (not `targetPort`).',
      bad: documents(SHOP, to('name: shop, port: {number: 8080}')),
      good: documents(SHOP, to('name: shop, port: {number: 80}')),
    }),
    check: ({ catalog }, report) => {
      const { areTogether } = together(catalog);
      eachBackend(catalog, ({ service: target, portOrigin }, resource) => {
        const { namespace } = resource;
        const found = target && catalog.find('/Service', namespace, target.name);
        const wanted = target?.port;
        if (!found || !wanted || stringOf(specOf(found).type) === 'ExternalName') return;
        const ports = objectsOf(specOf(found).ports);
        if (
          ports.some((p) =>
            'number' in wanted ? numberOf(p.port) === wanted.number : stringOf(p.name) === wanted.name,
          )
        )
          return;
        const has = ports.map((p) => [numberOf(p.port), stringOf(p.name)].filter(Boolean).join(' ')).join(', ');
        report({
          message: `the Service ${namespace}/${found.name} has no port ${'number' in wanted ? wanted.number : `named ${wanted.name}`} (it has ${has || 'none'}): such requests get 503, or the path is left out`,
          at: portOrigin,
          related: [{ message: 'its ports', place: { resource: found, path: ['spec', 'ports'] } }],
          ...(areTogether(resource, found) ? {} : { severity: 'warning' }),
        });
      });
    },
  },
];
