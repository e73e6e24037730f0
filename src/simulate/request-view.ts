// What every predicate and template reads of a request.

import type { GatewayRequest } from '../model/index.js';

export interface RequestView {
  readonly request: GatewayRequest;
  readonly method: string;
  /** The scheme of the connection, as matchers, redirects and `x-forwarded-proto` see it. */
  readonly scheme: 'http' | 'https';
  /** The client showed a certificate that the listener asks for, and the engine tells destinations of it. */
  readonly certified: boolean;
  /** Host header as it came, with its port. */
  readonly authority: string;
  /** What virtual hosts are matched by. */
  readonly host: string;
  /** As the engine sees it, without query. */
  readonly path: string;
  /** From `?` on, or empty. */
  readonly query: string;
  /** Path and query that go upstream where no rewrite applies. */
  readonly forward: string;
  /** Client address. */
  readonly source: string;
  /** Claims of the verified token, where a policy found one. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
  /** Value of a header (lower-case name; pseudo headers and `host` too), lines joined with `,`; undefined: absent. */
  header(name: string): string | undefined;
  /** The lines of a header as the client sent them; empty: absent. */
  lines(name: string): readonly string[];
  /** Whether several lines of this header are one value; else matchers test each, and templates read the first. */
  joins(name: string): boolean;
  /** Matchers that test lines one by one want all of them to match. */
  readonly testsEveryLine: boolean;
  /** First occurrence of a query parameter, as the engine reads it; undefined: absent. */
  parameter(name: string): string | undefined;
  /** The occurrences of a query parameter that the engine looks at. */
  parameters(name: string): readonly string[];
}
