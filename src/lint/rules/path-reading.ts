// Paths that a gateway reads otherwise than most people do: a string prefix that goes on in the middle of a name, and
// stars in the paths of an Ingress of class istio (field notes 5.1; httpMatch in
// pilot/pkg/config/kube/ingress/virtualservices.go, Istio of 2026-08-22; fixtures/truth/ingress).

import {
  type GatewayRequest,
  type Json,
  type JsonObject,
  type Origin,
  originOf,
  own,
  type Resource,
} from '../../model/index.js';
import { objectOf, stringOf } from '../../resources/fields.js';
import type { LintContext } from '../context.js';
import { eachRoute, exampleRequest, type RoutePlace } from '../example-request.js';
import { documents, gateway, ingress, virtualService } from '../examples.js';
import type { Rule } from '../rule.js';

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const routed = (prefix: string) =>
  documents(
    GATEWAY,
    virtualService(
      `hosts: [shop.example.com]\ngateways: [shop]\nhttp: [{match: [{uri: {prefix: ${prefix}}}], route: [{destination: {host: shop}}]}]`,
    ),
  );
const istioPath = (path: string, type: string) =>
  ingress(
    `ingressClassName: istio\nrules:\n- host: shop.example.com\n  http:\n    paths: [{path: '${path}', pathType: ${type}, backend: {service: {name: shop, port: {number: 80}}}}]`,
  );

/** The field of the object, as it was written. */
function written({ resource, path }: Origin): JsonObject | undefined {
  let value: Json | undefined = resource.object;
  for (const key of path) value = own(value as JsonObject | null | undefined, String(key));
  return objectOf(value);
}

/** A request that the route itself answers, where that can be asked. */
function proven(place: RoutePlace, path: string, { answer }: LintContext): GatewayRequest | undefined {
  const request = exampleRequest(place, path);
  return request && answer?.(place.gateway, request)?.route === place.route ? request : undefined;
}

/** `/statuses` of `/status`, `/carts` of `/cart`, `/reviews2` of `/reviews`: something that looks like a name. */
const longer = (prefix: string): string =>
  prefix + (/(?:us|ss|x|ch|sh)$/.test(prefix) ? 'es' : /[a-rt-z]$/.test(prefix) ? 's' : '2');

/** A habit needs no finding for each of thousands of objects: the last of so many in one file says how many there are. */
const MOST_IN_FILE = 20;

export const rules: readonly Rule[] = [
  {
    code: 'MGW0156',
    name: 'prefix-takes-longer-names',
    severity: 'info',
    category: 'reachability',
    title: 'A prefix without a trailing slash also matches longer names',
    docs: () => ({
      happens: 'A prefix is compared as text: /status also matches /statuses and /status-page.',
      instead:
        'Two matches, `exact: /status` and `prefix: /status/`, where only the path itself and what is below it are meant; the Gateway API and Ingress mean that by Prefix.',
      bad: routed('/status'),
      good: routed('/status/'),
    }),
    check: (context, report) => {
      // One finding for each object: the first such rule; how many more there are is said.
      const found = new Map<Resource, { place: RoutePlace; prefix: string; others: Set<string> }>();
      eachRoute(context.gateways, (place) => {
        const { match, action, origin } = place.route;
        if (match.path?.kind !== 'prefix' || match.path.ignoreCase || action.kind === 'redirect') return;
        // What a controller answers by itself (/healthz of ingress-nginx) comes from no field of an object.
        if (origin.path.length === 0) return;
        const prefix = match.path.value;
        // What is no path takes nothing at all (MGW0165).
        if (!prefix.startsWith('/') || prefix.length < 2 || !/[A-Za-z0-9]$/.test(prefix)) return;
        const known = found.get(origin.resource);
        if (!known) found.set(origin.resource, { place, prefix, others: new Set() });
        else if (known.prefix !== prefix) known.others.add(prefix);
      });
      const inFile = new Map<string, number>();
      const fileOf = (resource: Resource) => resource.document.file;
      const objects = [...found.keys()];
      for (const [resource, { place, prefix, others }] of found) {
        const count = (inFile.get(fileOf(resource)) ?? 0) + 1;
        inFile.set(fileOf(resource), count);
        if (count > MOST_IN_FILE) continue;
        const more = count < MOST_IN_FILE ? 0 : objects.filter((r) => fileOf(r) === fileOf(resource)).length - count;
        const example = longer(prefix);
        const witness = proven(place, example, context);
        const [other] = others;
        report({
          message: `the prefix ${prefix} also matches ${example}, not only what is below ${prefix}/${other === undefined ? '' : others.size === 1 ? ` (and so does ${other})` : ` (so do ${other} and ${others.size - 1} more of this object)`}${more > 0 ? `; ${more} more objects of this file have such prefixes` : ''}`,
          at: place.route.matchOrigin ?? place.route.origin,
          ...(witness ? { witness } : {}),
        });
      }
    },
  },
  {
    code: 'MGW0158',
    name: 'istio-ingress-star',
    severity: 'info',
    category: 'migration',
    title: 'An asterisk in the path of an Ingress of class istio',
    docs: () => ({
      happens:
        'Istio removes `/*` and `.*` from the end of an ImplementationSpecific path and reads the rest as a prefix of path segments: /status/* matches /status and /status/200, but not /statuses. Any other asterisk is literal.',
      instead: 'pathType: Prefix with the path itself, which every controller reads alike.',
      bad: istioPath('/status/*', 'ImplementationSpecific'),
      good: istioPath('/status', 'Prefix'),
    }),
    check: (context, report) => {
      const said = new Set<string>();
      eachRoute(context.gateways, (place) => {
        const at = place.route.origin;
        if (place.gateway.controlPlane !== 'istio' || at.resource.kind !== 'Ingress') return;
        const entry = written(at);
        const path = stringOf(entry?.path);
        const type = stringOf(entry?.pathType);
        if (path === undefined || !path.includes('*') || type === 'Exact' || type === 'Prefix') return;
        // Alone they take everything, as most people expect.
        if (path === '*' || path === '/*' || path === '.*') return;
        const key = `${at.resource.order} ${at.path.join('.')}`;
        if (said.has(key)) return;
        said.add(key);
        const stem = /^(.*)(?:\/\*|\.\*)$/s.exec(path)?.[1];
        const witness = proven(place, stem ?? path, context);
        report({
          message:
            stem === undefined
              ? `the asterisk is literal here: only the path ${path} itself matches`
              : `Istio reads ${path} as a prefix of path segments: it matches ${stem} itself and what is below ${stem}/, but not ${longer(stem)}`,
          at: entry?.path === undefined ? at : originOf(at.resource, ...at.path, 'path'),
          ...(witness ? { witness } : {}),
        });
      });
    },
  },
];
