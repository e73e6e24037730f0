import type { Unsupported } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import type { Workload } from './workloads.js';
export function unsupportedOf(_c: Catalog, _w: Workload): Unsupported[] {
  return [];
}
