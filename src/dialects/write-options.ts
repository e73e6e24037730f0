// What the user decides about a translation, for writers.

import type { ImplementationName } from '../model/index.js';

/** Whose Gateway API is meant (`--implementation`). */
export type Implementation = ImplementationName;

export interface WriteOptions {
  readonly defaultTlsSecret?: { readonly namespace: string; readonly name: string };
  /** The gateway workload that the output binds to, for targets that name one: its namespace and labels. Default `istio=ingressgateway`. */
  readonly targetGateway?: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly allowExperimental?: boolean;
  readonly allowEnvoyFilter?: boolean;
  /** Rules set the headers about the client that the source's engine sends and Envoy does not. */
  readonly forwardedHeaders?: boolean;
  /** Rules whose protection the target cannot express are written without it, not closed. */
  readonly failOpen?: boolean;
  /** The same for single features, as the report names them. */
  readonly openFor?: readonly string[];
  /** Whose Gateway API is written. Default Istio's. */
  readonly implementation?: Implementation;
}
