// The age of an object. Files that were never applied carry no creationTimestamp: they count as created at one moment
// (fixtures/truth/README.md: 2026-01-01T00:00:00Z), so that name and namespace decide between them.

import type { Resource } from '../model/index.js';
import { compareText } from './fields.js';

const UNDATED = Date.UTC(2026, 0, 1);

/** In ms since the epoch. */
export const createdAt = (resource: Resource): number => resource.createdAt ?? UNDATED;

/** Oldest first, then by name, then by namespace: configCompareByCreationTime in Istio's pilot/pkg/model/config.go. */
export function compareAge(
  a: { readonly createdAt: number; readonly name: string; readonly namespace: string },
  b: { readonly createdAt: number; readonly name: string; readonly namespace: string },
): number {
  return a.createdAt - b.createdAt || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}
