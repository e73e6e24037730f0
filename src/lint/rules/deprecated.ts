// Fields that still work, or no longer do, and should go; and values that Istio accepts and Envoy never gets.
// pkg/config/analysis/analyzers/deprecation/deprecation.go; ApplyRedirect in pilot/pkg/networking/core/route/route.go
// (Istio of 2026-08-22).

import { greatest, type Origin, originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import { httpRule } from '../examples.js';
import { at, VIRTUAL_SERVICE } from '../fields/field-rule.js';
import type { Rule } from '../rule.js';
import { virtualServices } from '../virtual-service-parts.js';

const TO_SHOP = 'route:\n- destination: {host: shop}';
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const sidecar = (spec: string) =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: default, namespace: default}\nspec:\n  outboundTrafficPolicy: {${spec}}\n`;

/** Groups that a pattern captures; `(?` begins a group that does not, unless it is named. */
function captures(pattern: string): number {
  let count = 0;
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === '\\') i++;
    else if (inClass) inClass = c !== ']';
    else if (c === '[') inClass = true;
    else if (c === '(' && (pattern[i + 1] !== '?' || /^\(\?P?</.test(pattern.slice(i, i + 4)))) count++;
  }
  return count;
}

/** Of the http rules of all VirtualServices. */
function* destinations(catalog: Catalog) {
  for (const resource of virtualServices(catalog))
    for (const [i, rule] of objectsOf(specOf(resource).http).entries())
      for (const [j, { destination }] of objectsOf(rule.route).entries()) {
        const host = stringOf(objectOf(destination)?.host) ?? '';
        const subset = stringOf(objectOf(destination)?.subset);
        yield { resource, host, subset, at: originOf(resource, 'spec', 'http', i, 'route', j, 'destination') };
      }
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0450',
    name: 'fault-percent-deprecated',
    severity: 'info',
    category: 'migration',
    istio: 'IST0002',
    title: 'fault.delay.percent is deprecated',
    docs: () => ({
      happens: 'It works, in whole percents, but a later version may remove it.',
      instead: 'percentage: {value: …}.',
      bad: httpRule(`fault: {delay: {percent: 10, fixedDelay: 1s}}\n${TO_SHOP}`),
      good: httpRule(`fault: {delay: {percentage: {value: 10}, fixedDelay: 1s}}\n${TO_SHOP}`),
    }),
    fields: at(VIRTUAL_SERVICE, 'spec.http[].fault.delay.percent', (value, { resource, path, up }) => {
      const percent = numberOf(value) ?? 0;
      if (percent <= 0) return undefined;
      const beside: Origin = { resource, path: [...path.slice(0, -1), 'percentage'] };
      const message = `percent is deprecated; write percentage: {value: ${percent}}`;
      if (objectOf(up(1))?.percentage !== undefined) return message;
      return {
        message,
        fix: {
          description: `write percentage: {value: ${percent}}`,
          edits: [
            { op: 'remove', origin: { resource, path } },
            { op: 'set', origin: beside, value: { value: percent } },
          ],
        },
      };
    }),
  },
  {
    code: 'MGW0451',
    name: 'redirect-code-without-effect',
    severity: 'error',
    category: 'field',
    title: 'A redirect code that Envoy does not send',
    docs: () => ({
      happens:
        'Istio accepts every 3xx code, but for this one it generates a route without an action, which makes Envoy refuse the whole route table.',
      instead: '301, 302, 303, 307 or 308.',
      bad: httpRule('redirect: {uri: /new, redirectCode: 300}'),
      good: httpRule('redirect: {uri: /new, redirectCode: 308}'),
    }),
    fields: at(VIRTUAL_SERVICE, 'spec.http[].redirect.redirectCode', (value) => {
      const code = numberOf(value) ?? 0;
      return code >= 300 && code <= 399 && !REDIRECTS.has(code)
        ? `Istio accepts the code ${code} and creates a route without an action for it: Envoy refuses the routes of the whole port, which keep their last good state; a restarted gateway serves none. Write 301, 302, 303, 307 or 308`
        : undefined;
    }),
  },
  {
    code: 'MGW0452',
    name: 'rewrite-group-missing',
    severity: 'warning',
    category: 'field',
    title: 'A rewrite refers to a group that its pattern does not capture',
    docs: () => ({
      happens: 'Istio and Envoy accept it, and Envoy leaves the path as it is.',
      instead: 'As many groups in match as rewrite refers to.',
      bad: httpRule(`rewrite: {uriRegexRewrite: {match: "^/a/(.*)$", rewrite: '/b/\\2'}}\n${TO_SHOP}`),
      good: httpRule(`rewrite: {uriRegexRewrite: {match: "^/a/(.*)$", rewrite: '/b/\\1'}}\n${TO_SHOP}`),
    }),
    fields: at(VIRTUAL_SERVICE, 'spec.http[].rewrite.uriRegexRewrite', (value) => {
      const { match, rewrite } = objectOf(value) ?? {};
      const groups = [...(stringOf(rewrite) ?? '').slice(0, 4096).matchAll(/\\(\d)/g)].map((m) => Number(m[1]));
      const wanted = greatest(groups, 0);
      const has = captures(stringOf(match) ?? '');
      return wanted > has
        ? {
            message: `\\${wanted} refers to a group that the pattern does not capture (it has ${has}): the path stays as it is`,
            path: ['rewrite'],
          }
        : undefined;
    }),
  },
  {
    code: 'MGW0453',
    name: 'egress-proxy-ignored',
    severity: 'info',
    category: 'migration',
    istio: 'IST0002',
    title: 'egressProxy of a Sidecar is ignored',
    docs: () => ({
      happens: 'Istio no longer reads it.',
      instead: 'A VirtualService and an egress gateway.',
      bad: sidecar('mode: ALLOW_ANY, egressProxy: {host: egress.shop.svc.cluster.local, port: {number: 80}}'),
      good: sidecar('mode: ALLOW_ANY'),
    }),
    fields: at('networking.istio.io/Sidecar', 'spec.outboundTrafficPolicy.egressProxy', () => 'egressProxy is ignored'),
  },
  {
    code: 'MGW0454',
    name: 'ingress-routes-without-subset',
    severity: 'info',
    category: 'reference',
    istio: 'IST0140',
    title: 'A route of a gateway has no subset, and another VirtualService routes the same host by subsets',
    docs: () => ({
      happens:
        'Traffic from the gateway goes to all Pods of the Service: the rules of the other VirtualService are for sidecars (hosts of Services), not for the gateway.',
      instead: 'The same subsets in the VirtualService of the gateway.',
      bad: 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: public, namespace: default}\nspec:\n  hosts: [shop.example.com]\n  gateways: [default/shop]\n  http: [{route: [{destination: {host: shop}}]}]\n---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: inside, namespace: default}\nspec:\n  hosts: [shop]\n  http: [{route: [{destination: {host: shop, subset: v1}}]}]\n',
      good: 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: public, namespace: default}\nspec:\n  hosts: [shop.example.com]\n  gateways: [default/shop]\n  http: [{route: [{destination: {host: shop, subset: v1}}]}]\n---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: inside, namespace: default}\nspec:\n  hosts: [shop]\n  http: [{route: [{destination: {host: shop, subset: v1}}]}]\n',
    }),
    check: ({ catalog }, report) => {
      const split = new Map<string, string>();
      for (const { resource, host, subset } of destinations(catalog))
        if (subset && stringsOf(specOf(resource).hosts).includes(host))
          split.set(host, `${resource.namespace}/${resource.name}`);
      if (!split.size) return;
      for (const { resource, host, subset, at } of destinations(catalog)) {
        const other = split.get(host);
        if (!other || subset || !stringsOf(specOf(resource).gateways).length) continue;
        report({
          message: `${other} routes ${host} by subsets, but that does not apply to what comes through this gateway`,
          at,
        });
      }
    },
  },
];
