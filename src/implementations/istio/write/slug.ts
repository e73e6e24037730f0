// Names of objects from hosts.

/** A name for Kubernetes from a host: `*.example.com` → `any-example-com`. */
export const slug = (host: string): string =>
  (host === '*'
    ? 'all-hosts'
    : host
        .replace(/^\*\./, 'any-')
        .replace(/[^a-z0-9-]+/g, '-')
        .replace(/^-+|-+$/g, '')) || 'host';
