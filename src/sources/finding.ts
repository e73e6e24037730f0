// A diagnostic of this folder, from its entry in the table of codes.

import type { Diagnostic } from '../diagnostics/index.js';
import { SOURCE_CODES, type SourceCode } from './codes.js';

export const finding = (what: SourceCode, message: string, place: Diagnostic['place']): Diagnostic => ({
  code: SOURCE_CODES[what].code,
  severity: SOURCE_CODES[what].severity,
  message,
  place,
});
