// Certificates: is the Secret that a server names there, in the namespace where the gateway looks for it, and does it
// hold a certificate that can be used? pkg/config/analysis/analyzers/gateway/secret.go (IST0161) and
// pilot/pkg/credentials/kube/secrets.go (Istio of 2026-08-22) for the names of the keys.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type Origin, originOf, own, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { objectOf, objectsOf, specOf, stringMapOf, stringOf, stringsOf } from '../../resources/fields.js';
import { ingressKinds, upgradeIngress } from '../../resources/ingress.js';
import { mayBeWritten } from '../../resources/made-elsewhere.js';
import { hasContents, isOutline, leavesOut } from '../../resources/secrets.js';
import type { LintContext } from '../context.js';
import { documents, gateway } from '../examples.js';
import type { Rule } from '../rule.js';
import { selects, workloads } from '../selectors.js';
import { istioGateways } from '../virtual-service-parts.js';

interface Use {
  /** Of the field that names the Secret. */
  readonly at: Origin;
  readonly name: string;
  /** Where the Secret is looked for; undefined: the workload's namespace is not known. */
  readonly namespace: string | undefined;
  readonly hosts: readonly string[];
}

/** Credential names of Istio servers; a `kubernetes://` prefix is the default. */
function gatewayUses(catalog: Catalog): Use[] {
  const all = workloads(catalog);
  return istioGateways(catalog).flatMap((resource) => {
    const spec = specOf(resource);
    const selector = stringMapOf(spec.selector);
    const namespaces = new Set(all.filter((w) => selects(selector, w.labels)).map((w) => w.namespace));
    const namespace = namespaces.size === 1 ? [...namespaces][0] : undefined;
    return objectsOf(spec.servers).flatMap((server, i): Use[] => {
      const tls = objectOf(server.tls);
      const mode = stringOf(tls?.mode);
      if (!mode || !['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode)) return [];
      const hosts = stringsOf(server.hosts).map((h) => h.slice(h.indexOf('/') + 1));
      const single = stringOf(tls?.credentialName);
      const names: readonly (readonly [string, (string | number)[]])[] = single
        ? [[single, ['credentialName']]]
        : stringsOf(tls?.credentialNames).map((name, j) => [name, ['credentialNames', j]] as const);
      return names
        .filter(([name]) => !name.includes('://') || name.startsWith('kubernetes://'))
        .map(([name, path]) => ({
          at: originOf(resource, 'spec', 'servers', i, 'tls', ...path),
          name: name.replace('kubernetes://', ''),
          namespace,
          hosts,
        }));
    });
  });
}

function ingressUses(catalog: Catalog): Use[] {
  return ingressKinds
    .flatMap((kind) => catalog.ofKind(kind))
    .flatMap((resource) =>
      upgradeIngress(resource).tls.flatMap((entry): Use[] =>
        entry.secretName
          ? [
              {
                at: { resource, path: [...entry.origin.path, 'secretName'] },
                name: entry.secretName,
                namespace: resource.namespace,
                hosts: entry.hosts,
              },
            ]
          : [],
      ),
    );
}

function listenerUses(catalog: Catalog): Use[] {
  return catalog.ofKind('gateway.networking.k8s.io/Gateway').flatMap((resource) =>
    objectsOf(specOf(resource).listeners).flatMap((listener, i) =>
      objectsOf(objectOf(listener.tls)?.certificateRefs).flatMap((ref, j): Use[] => {
        const name = stringOf(ref.name);
        if (!name || (stringOf(ref.kind) ?? 'Secret') !== 'Secret') return [];
        const hostname = stringOf(listener.hostname);
        return [
          {
            at: originOf(resource, 'spec', 'listeners', i, 'tls', 'certificateRefs', j),
            name,
            namespace: stringOf(ref.namespace) ?? resource.namespace,
            hosts: hostname ? [hostname] : [],
          },
        ];
      }),
    ),
  );
}

interface Found extends Use {
  readonly secret: Resource;
}

/** Uses whose Secret is in the files. A gateway whose namespace is not known takes the only Secret of that name. */
function eachUse(
  catalog: Catalog,
  use: (found: Found) => void,
  absent?: (missing: Use, elsewhere: readonly Resource[]) => void,
): void {
  const secrets = catalog.ofKind('/Secret');
  if (!secrets.length) return;
  const named = new Map<string, Resource[]>();
  for (const secret of secrets) {
    const list = named.get(secret.name);
    if (list) list.push(secret);
    else named.set(secret.name, [secret]);
  }
  for (const wanted of [...gatewayUses(catalog), ...ingressUses(catalog), ...listenerUses(catalog)]) {
    const list = named.get(wanted.name) ?? [];
    const secret =
      wanted.namespace === undefined
        ? list.length === 1
          ? list[0]
          : undefined
        : list.find((s) => s.namespace === wanted.namespace);
    if (secret) use({ ...wanted, secret });
    else absent?.(wanted, list);
  }
}

/** Certificate and key of a Secret as text; undefined where they are not in it. */
function pair(secret: Resource): { certificate: string | undefined; key: string | undefined } {
  const data = objectOf(secret.object.data) ?? {};
  const plain = objectOf(secret.object.stringData) ?? {};
  const value = (...names: string[]): string | undefined => {
    for (const name of names) {
      const text =
        stringOf(own(plain, name)) ??
        (stringOf(own(data, name)) === undefined
          ? undefined
          : Buffer.from(stringOf(own(data, name))!, 'base64').toString('latin1'));
      if (text) return text;
    }
    return undefined;
  };
  return { certificate: value('tls.crt', 'cert'), key: value('tls.key', 'key') };
}

/** The leaf certificate, or why there is none. A file of more than 1 MiB is not looked at. */
function leaf(pem: string): X509Certificate | string {
  if (pem.length > 1024 * 1024) return 'it is larger than 1 MiB';
  try {
    return new X509Certificate(pem);
  } catch {
    return 'it is not a PEM certificate';
  }
}

/** Every host is one that the certificate names. Wildcards of both sides stand for one label. */
function names(certificate: X509Certificate, host: string): boolean {
  const alternatives = (certificate.subjectAltName ?? '').split(',').map((s) =>
    s
      .trim()
      .replace(/^(?:DNS|IP Address):/, '')
      .toLowerCase(),
  );
  const wanted = host.toLowerCase();
  const dot = wanted.indexOf('.');
  return alternatives.includes(wanted) || (dot > 0 && alternatives.includes(`*${wanted.slice(dot)}`));
}

const DAY = 24 * 3600 * 1000;

function unusable(secret: Resource, { now }: LintContext): string | undefined {
  if (!hasContents(secret) && !isOutline(secret)) return undefined;
  const { certificate, key } = pair(secret);
  if (certificate === undefined) return 'it has no tls.crt';
  if (key === undefined && !leavesOut(secret, 'tls.key') && !leavesOut(secret, 'key')) return 'it has no tls.key';
  const parsed = leaf(certificate);
  if (typeof parsed === 'string') return `tls.crt cannot be used: ${parsed}`;
  if (now !== undefined && Date.parse(parsed.validTo) < now)
    return `its certificate expired on ${new Date(parsed.validTo).toISOString().slice(0, 10)}`;
  if (now !== undefined && Date.parse(parsed.validFrom) > now)
    return `its certificate is valid only from ${new Date(parsed.validFrom).toISOString().slice(0, 10)}`;
  return key === undefined ? undefined : wrongKey(parsed, key);
}

function wrongKey(certificate: X509Certificate, key: string): string | undefined {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key)) ? undefined : 'tls.key does not belong to tls.crt';
  } catch {
    return 'tls.key is not a PEM private key';
  }
}

const secret = (certificate: string, namespace = 'istio-system') =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: shop-cert, namespace: ${namespace}}\ntype: kubernetes.io/tls\nstringData: {tls.crt: ${certificate}, tls.key: …}\n`;
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: gateway-1\n  namespace: istio-system\n  labels: {istio: ingressgateway}\n';
const https = (host = 'shop.example.com') =>
  gateway(
    `selector: {istio: ingressgateway}\nservers:\n- port: {number: 443, name: https, protocol: HTTPS}\n  hosts: [${host}]\n  tls: {mode: SIMPLE, credentialName: shop-cert}`,
  );

export const rules: readonly Rule[] = [
  {
    code: 'MGW0115',
    name: 'secret-not-found',
    severity: 'warning',
    category: 'reference',
    istio: 'IST0101',
    title: 'The Secret of a certificate is not where the gateway reads it',
    docs: () => ({
      happens:
        'The listener has no certificate: the gateway closes every connection (Istio), or shows a self-signed one (nginx).',
      instead:
        'The Secret in the namespace of the gateway workload (Istio), or of the Ingress. Secrets are often kept out of the files: only Secrets of that name in another namespace, or of that namespace under other names, make this a finding.',
      bad: documents(POD, secret('…', 'default'), https()),
      good: documents(POD, secret('…'), https()),
      abridged: true,
    }),
    check: ({ catalog }, report) =>
      eachUse(
        catalog,
        () => undefined,
        ({ at, name, namespace }, elsewhere) => {
          if (namespace === undefined || !elsewhere.length || mayBeWritten(catalog, namespace, name)) return;
          report({
            message: `the Secret ${name} is looked for in the namespace ${namespace}, but it is in ${elsewhere.map((s) => s.namespace).join(', ')}`,
            at,
            related: elsewhere.slice(0, 3).map((s) => ({ message: 'the Secret', place: originOf(s) })),
          });
        },
      ),
  },
  {
    code: 'MGW0116',
    name: 'certificate-unusable',
    severity: 'error',
    category: 'security',
    istio: 'IST0161',
    title: 'A Secret without a usable certificate and key',
    docs: () => ({
      happens: 'Clients cannot connect: the gateway refuses the pair, or browsers refuse the certificate.',
      instead: 'A valid certificate with its own key, as tls.crt and tls.key.',
      bad: documents(secret('(expired yesterday)'), https()),
      good: documents(secret('(valid for a year)'), https()),
      abridged: true,
    }),
    check: (context, report) =>
      eachUse(context.catalog, ({ at, secret: found }) => {
        const why = unusable(found, context);
        if (why)
          report({
            message: `the Secret ${found.namespace}/${found.name} cannot be used: ${why}`,
            at,
            related: [{ message: 'the Secret', place: originOf(found) }],
          });
      }),
  },
  {
    code: 'MGW0117',
    name: 'certificate-host-mismatch',
    severity: 'warning',
    category: 'security',
    title: 'A certificate does not name a host that it is used for',
    docs: () => ({
      happens: 'Clients refuse the connection for that host.',
      instead: 'A certificate with the host among its subject alternative names.',
      bad: documents(secret('(for shop.example.com)'), https('blog.example.org')),
      good: documents(secret('(for shop.example.com)'), https()),
      abridged: true,
    }),
    check: (context, report) =>
      eachUse(context.catalog, ({ at, hosts, secret: found }) => {
        const { certificate } = pair(found);
        const parsed = certificate === undefined ? '' : leaf(certificate);
        if (typeof parsed === 'string') return;
        const wrong = hosts.filter((host) => host !== '' && host !== '*' && !names(parsed, host));
        if (wrong.length)
          report({
            message: `the certificate of ${found.namespace}/${found.name} does not name ${wrong.join(', ')} (it names ${parsed.subjectAltName ?? 'no host'})`,
            at,
            related: [{ message: 'the Secret', place: originOf(found) }],
          });
      }),
  },
  {
    code: 'MGW0118',
    name: 'certificate-expires-soon',
    severity: 'info',
    category: 'security',
    title: 'A certificate expires within 30 days',
    docs: () => ({
      happens: 'After that clients cannot connect.',
      instead: 'Renew it.',
      bad: documents(secret('(expires in a week)'), https()),
      good: documents(secret('(valid for a year)'), https()),
      abridged: true,
    }),
    check: ({ catalog, now }, report) => {
      if (now === undefined) return;
      eachUse(catalog, ({ at, secret: found }) => {
        const { certificate } = pair(found);
        const parsed = certificate === undefined ? '' : leaf(certificate);
        if (typeof parsed === 'string') return;
        const left = Date.parse(parsed.validTo) - now;
        if (left >= 0 && left < 30 * DAY)
          report({
            message: `the certificate of ${found.namespace}/${found.name} expires on ${new Date(parsed.validTo).toISOString().slice(0, 10)}`,
            at,
          });
      });
    },
  },
];
