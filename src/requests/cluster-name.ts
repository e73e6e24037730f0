// Istio's names of clusters: `outbound|8080|v1|reviews.default.svc.cluster.local` (pilot/pkg/model/service.go,
// BuildSubsetKey; with dots and underscores for SNI: `outbound_.8080_.v1_.reviews…`).

import type { ResultDestination } from '../model/index.js';

/** Undefined for a name of another kind. */
export function destinationOfCluster(cluster: string): ResultDestination | undefined {
  const m = /^outbound(?:\||_\.)(\d+)(?:\||_\.)(.*?)(?:\||_\.)(.+)$/.exec(cluster);
  if (!m) return undefined;
  return { host: m[3]!, port: Number(m[1]), ...(m[2] ? { subset: m[2] } : {}) };
}
