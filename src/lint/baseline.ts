// The findings that a repository has already: written once, left out afterwards, so that only new ones fail.

import { fingerprints } from '../diagnostics/fingerprint.js';
import { CannotRunError, type LocatedDiagnostic } from '../diagnostics/index.js';
import { isObject, type Json } from '../model/index.js';
import { summaryOf } from './config.js';
import type { LintResult } from './run.js';

/** The file: one line for each finding, so that a diff of it can be read. */
export function baselineText(diagnostics: readonly LocatedDiagnostic[]): string {
  const marks = fingerprints(diagnostics);
  const findings = diagnostics.map((d, i) => {
    const { resource, position, code, path } = d;
    const about = resource ? `${resource.kind} ${resource.namespace}/${resource.name}` : position.file;
    return JSON.stringify({ fingerprint: marks[i], code, about, ...(path === '' ? {} : { path }) });
  });
  return `{\n  "version": 1,\n  "findings": [${findings.map((f) => `\n    ${f}`).join(',')}\n  ]\n}\n`;
}

/** The fingerprints in a file that `baselineText` made. Throws CannotRunError where it is none. */
export function baselineOf(text: string, file: string): ReadonlySet<string> {
  const read = parsed(text, file);
  const findings = isObject(read) && read.version === 1 ? read.findings : undefined;
  if (!Array.isArray(findings))
    throw new CannotRunError(`${file} is no baseline of meshgw`, `write one: meshgw lint … --write-baseline ${file}`);
  return new Set(
    (findings as readonly Json[]).flatMap((f) =>
      isObject(f) && typeof f.fingerprint === 'string' ? [f.fingerprint] : [],
    ),
  );
}

function parsed(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new CannotRunError(`${file} is not JSON`, `write a baseline: meshgw lint … --write-baseline ${file}`, {
      cause: error,
    });
  }
}

export interface NewFindings {
  readonly result: LintResult;
  /** Findings of the baseline that are still there, and those that are not. */
  readonly known: number;
  readonly gone: number;
}

export function withoutKnown({ diagnostics, summary }: LintResult, baseline: ReadonlySet<string>): NewFindings {
  const marks = fingerprints(diagnostics);
  const left = diagnostics.filter((_, i) => !baseline.has(marks[i]!));
  const known = diagnostics.length - left.length;
  return {
    result: { diagnostics: left, summary: { ...summary, ...summaryOf(left) } },
    known,
    gone: baseline.size - known,
  };
}
