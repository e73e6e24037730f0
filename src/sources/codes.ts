// The codes of what can be wrong with a file before its meaning is looked at. A code is never reused.

import type { Severity } from '../diagnostics/index.js';

export interface CodeEntry {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
}

/** Reading: MGW0001…; shape of an object: MGW0010…. */
export const SOURCE_CODES = {
  encoding: { code: 'MGW0001', severity: 'error', title: 'The file is not UTF-8 text' },
  tooLarge: { code: 'MGW0002', severity: 'error', title: 'The file exceeds the size limit' },
  syntax: { code: 'MGW0003', severity: 'error', title: 'The document is not valid YAML or JSON' },
  template: { code: 'MGW0004', severity: 'error', title: 'The document is a template that was not rendered' },
  duplicateKey: { code: 'MGW0005', severity: 'error', title: 'A key appears twice in one mapping' },
  expansion: { code: 'MGW0006', severity: 'error', title: 'Aliases or nesting exceed the size limit' },
  notAnObject: {
    code: 'MGW0007',
    severity: 'warning',
    title: 'The document resembles a Kubernetes object but is not one',
  },
  metadata: { code: 'MGW0008', severity: 'error', title: 'Invalid metadata' },
  notRead: { code: 'MGW0009', severity: 'error', title: 'A link or special file below a folder is not read' },
  unknownField: { code: 'MGW0010', severity: 'error', title: 'Unknown field' },
  experimentalField: { code: 'MGW0018', severity: 'warning', title: 'A field or kind that only other CRDs have' },
  wrongType: { code: 'MGW0011', severity: 'error', title: 'The value has the wrong type' },
  missingField: { code: 'MGW0012', severity: 'error', title: 'A required field is missing' },
  notAllowed: { code: 'MGW0013', severity: 'error', title: 'The value is not one of the allowed values' },
  outOfBounds: {
    code: 'MGW0014',
    severity: 'error',
    title: 'The value is outside the allowed length, count, range or pattern',
  },
  exclusiveFields: { code: 'MGW0015', severity: 'error', title: 'Fields exclude each other' },
  unknownVersion: { code: 'MGW0016', severity: 'error', title: 'The kind is not served in this API version' },
  notRendered: {
    code: 'MGW0017',
    severity: 'info',
    title: 'A chart or kustomization that was not rendered',
  },
  placeholder: { code: 'MGW0019', severity: 'info', title: 'A placeholder that another tool fills in' },
} as const satisfies Record<string, CodeEntry>;

/** Whether a code says that an object does not fit its schema; those before it say that a document was not read. */
export const isOfSchema = (code: string): boolean => code >= 'MGW0010' && code < 'MGW0100';

export type SourceCode = keyof typeof SOURCE_CODES;
