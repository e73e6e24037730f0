// One change of a header, applied to its lines.

import type { HeaderEdit } from './decision.js';

export const applyEdit = (
  lines: readonly string[],
  { op, value }: Pick<HeaderEdit, 'op' | 'value'>,
): readonly string[] => (op === 'remove' ? [] : op === 'set' ? [value] : [...lines, value]);
