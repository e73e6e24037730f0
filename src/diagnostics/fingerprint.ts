// A finding is the same one when lines move: code, object and field count, not the line.

import { createHash } from 'node:crypto';
import type { LocatedDiagnostic } from './located.js';

/** One for each finding, in order; several findings of one code about one field are numbered. 32 hexadecimal digits. */
export function fingerprints(diagnostics: readonly LocatedDiagnostic[]): string[] {
  const seen = new Map<string, number>();
  return diagnostics.map((d) => {
    const about = d.resource
      ? [d.resource.kind, d.resource.namespace, d.resource.name]
      : [d.position.file, d.source?.trim() ?? ''];
    const key = [d.code, ...about, d.path].join('\n');
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return createHash('sha256').update(`${key}\n${count}`).digest('hex').slice(0, 32);
  });
}
