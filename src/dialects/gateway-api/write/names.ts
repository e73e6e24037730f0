// Names of the objects that are written: from hosts and ports, stable, and valid as names in Kubernetes.

/** `a-example-com`, `wildcard-example-com`, `all-hosts`. At most 50 characters, so that a number still fits. */
export function nameOfHost(host: string): string {
  if (host === '*') return 'all-hosts';
  return slug(host.replace(/^\*\./, 'wildcard.'));
}

export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 50)
    .replace(/-$/, '') || 'all';

/** The first of `name`, `name-2`, `name-3`, … that is not taken; it is taken then. */
export function unused(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${name}-${n}`;
  taken.add(candidate);
  return candidate;
}

const LABELS = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A name of a host as the CRD takes it, without a wildcard. */
export const isHostname = (host: string): boolean => host.length <= 253 && LABELS.test(host);

/** May stand in `hostnames` and in a listener; `*` stands for none. */
export const isHostPattern = (host: string): boolean => host === '*' || isHostname(host.replace(/^\*\./, ''));
