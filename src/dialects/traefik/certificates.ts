// Certificates that Traefik loads: of `spec.tls` of Ingresses and IngressRoutes (getCertificates, getTLSHTTP), and the one of the TLSStore
// `default` for all other names (buildTLSStores; two of them, and neither counts). A Secret that the files do not
// hold counts as being there.

import { type DomainPattern, hostText, originOf, type TlsContext } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { compareText, objectOf, objectsOf, specOf, stringOf, stringsOf } from '../../resources/fields.js';
import { ingressKinds, upgradeIngress } from '../../resources/ingress.js';
import { listed } from './api-server.js';
import type { MiddlewareContext } from './middlewares/middleware.js';
import { domainsOfRule } from './rules/normal-form.js';

export interface Certificates {
  readonly list: NonNullable<TlsContext['certificates']>;
  cover(domain: DomainPattern): boolean;
  /** Shown where no other is for the name: that of the TLSStore, or one that Traefik makes. */
  readonly usual: Pick<TlsContext, 'credentials' | 'ownCertificate' | 'origin'>;
}

type Entry = NonNullable<TlsContext['certificates']>[number];

const pattern = (host: string): DomainPattern => {
  const name = host.toLowerCase();
  return name.startsWith('*.') ? { kind: 'one-label', value: name.slice(1) } : { kind: 'exact', value: name };
};

export function certificatesIn({ catalog }: Pick<MiddlewareContext, 'catalog'>): Certificates {
  const list: Entry[] = [];
  for (const resource of ingressKinds.flatMap((kind) => catalog.ofKind(kind)))
    for (const { hosts, secretName, origin } of upgradeIngress(resource).tls)
      if (secretName && hosts.length > 0)
        list.push({
          hosts: hosts.map(pattern),
          credential: { namespace: resource.namespace, name: secretName },
          origin,
        });
  for (const [kind, namesOf] of ROUTES)
    for (const resource of listed(catalog, kind)) {
      const spec = specOf(resource);
      const tls = objectOf(spec.tls);
      const secret = stringOf(tls?.secretName);
      if (!secret) continue;
      const domains = objectsOf(tls?.domains)
        .flatMap((d) => [stringOf(d.main) ?? '', ...stringsOf(d.sans)])
        .filter((d) => d !== '');
      const named =
        domains.length > 0 ? domains : objectsOf(spec.routes).flatMap((r) => namesOf(stringOf(r.match) ?? ''));
      const hosts = named.filter((host) => host !== '*');
      if (hosts.length > 0)
        list.push({
          hosts: hosts.map(pattern),
          credential: { namespace: resource.namespace, name: secret },
          origin: originOf(resource, 'spec', 'tls', 'secretName'),
        });
    }
  // Whatever the order of the files.
  const text = ({ hosts, credential }: Entry): string => `${hosts.map(hostText).join(' ')} ${credential.name}`;
  list.sort((a, b) => compareText(text(a), text(b)));
  return {
    list,
    usual: usualIn(catalog),
    cover: (domain) =>
      domain.kind !== 'any' &&
      list.some(({ hosts }) =>
        hosts.some(
          (h) =>
            'value' in h &&
            (h.value === domain.value ||
              (h.kind === 'one-label' &&
                domain.kind === 'exact' &&
                domain.value.slice(domain.value.indexOf('.')) === h.value)),
        ),
      ),
  };
}

function usualIn(catalog: Catalog): Certificates['usual'] {
  const stores = listed(catalog, 'TLSStore').filter(({ name }) => name === 'default');
  const [only] = stores;
  const name = only && stringOf(objectOf(specOf(only).defaultCertificate)?.secretName);
  return only && name && stores.length === 1
    ? { credentials: [{ namespace: only.namespace, name }], origin: originOf(only, 'spec', 'defaultCertificate') }
    : { credentials: [], ownCertificate: true };
}

function hostsOf(rule: string): readonly string[] {
  try {
    return domainsOfRule(rule);
  } catch {
    return [];
  }
}

/** Names in the `HostSNI` matchers of a rule. */
const serverNames = (rule: string): readonly string[] =>
  [...rule.matchAll(/HostSNI\(([^)]*)\)/gi)].flatMap(([, args = '']) =>
    [...args.matchAll(/[`"]([^`"]*)[`"]/g)].map(([, name = '']) => name),
  );

/** Kinds with a Secret beside their rules. */
const ROUTES = [
  ['IngressRoute', hostsOf],
  ['IngressRouteTCP', serverNames],
] as const;
