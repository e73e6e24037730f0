// What the controller would write into the status of Gateway API objects, and where Istio reads them otherwise than the
// specification. The dialect knows (computeStatus, specDifferences); lint has the codes.

import { formatPath, type Origin } from '../../model/index.js';
import { documents, httpRoute, kubernetesGateway, service } from '../examples.js';
import type { Rule } from '../rule.js';
import { statusRefusals } from '../status-refusals.js';

const SHOP = service('selector: {app: shop}\nports: [{name: http, port: 80}]');
const listener = (more: string) => kubernetesGateway(`gatewayClassName: istio\nlisteners: [{name: web, ${more}}]`);
const rewrite = (prefix: string) =>
  documents(
    SHOP,
    listener('port: 80, protocol: HTTP'),
    httpRoute(
      `parentRefs: [{name: shop}]\nrules:\n- matches: [{path: {type: PathPrefix, value: ${prefix}}}]\n  filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}]\n  backendRefs: [{name: shop, port: 80}]`,
    ),
  );
const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${formatPath(path)}`;

export const rules: readonly Rule[] = [
  {
    code: 'MGW0147',
    name: 'gateway-api-refused',
    severity: 'warning',
    category: 'note',
    title: 'The controller refuses a Gateway, a listener or a route of the Gateway API',
    docs: () => ({
      happens: 'The status shows it after `kubectl apply`; the part that is refused serves nothing, or answers 500.',
      instead: 'Fix what the condition names.',
      bad: listener('port: 443, protocol: HTTPS, tls: {certificateRefs: [{kind: ConfigMap, name: cert}]}'),
      good: listener('port: 80, protocol: HTTP'),
    }),
    check: ({ catalog, dialects, notes, broken }, report) => {
      // The reader's own notes (MGW0141, MGW0145) say the same at the same place.
      const said = new Set(notes.map(({ origin }) => keyOf(origin)));
      for (const { message, origin, severity } of statusRefusals(dialects?.statuses(catalog) ?? [])) {
        const key = keyOf(origin);
        if (said.has(key) || broken(origin.resource)) continue;
        said.add(key);
        report({ message, at: origin, severity });
      }
    },
  },
  {
    code: 'MGW0148',
    name: 'istio-differs-from-specification',
    severity: 'info',
    category: 'migration',
    title: 'Istio deviates from the Gateway API specification here',
    docs: () => ({
      happens:
        'Another implementation answers some requests differently. `--implementation standard` shows the answers of the specification.',
      instead: 'Rules on which both agree, where the files are to move between implementations.',
      bad: rewrite('/'),
      good: rewrite('/old'),
    }),
    check: ({ catalog, dialects }, report) => {
      for (const { spec, implementation, origin } of dialects?.specificationDifferences(catalog) ?? [])
        report({
          message: `Istio differs from the specification here. Istio: ${implementation} The specification: ${spec}`,
          at: origin,
        });
    },
  },
];
