// What the tests of Envoy's router_check_tool say beside a request, as headers of names of our own: the runtime key that is on, and the
// metadata that filters left. The reader of Envoy tests them where it reads for these tests.

/** Its value is the key that is on. */
export const RUNTIME_KEY = 'x-meshgw-runtime';

/** Its values are the texts that stand there: one, or those of a list. */
export const metadataHeader = (namespace: string, path: readonly string[]): string =>
  `x-meshgw-metadata ${[namespace, ...path].join(' ')}`.toLowerCase();

/** What tests of router_check_tool ask for, which the tables of routes do not hold. */
export interface RouterCheck {
  /** Values by header (lower case) that requests of the tests have: names of clusters, where a route takes its cluster from a header. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}
