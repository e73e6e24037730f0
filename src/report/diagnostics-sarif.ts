// Findings as SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning services.

import type { Fix, Location, Log, ReportingDescriptor, Result } from 'sarif';
import { fingerprints } from '../diagnostics/fingerprint.js';
import { endColumnOf, type LocatedDiagnostic, type Severity } from '../diagnostics/index.js';
import type { Position } from '../model/index.js';

/** A rule as SARIF lists it. */
export interface RuleSummary {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  readonly happens: string;
  readonly instead: string;
  readonly category: string;
}

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;
const PAGES = 'https://github.com/meshgw/meshgw/blob/main/docs/rules/';

/** `rules`: all that may occur; only those with a result are listed. */
export function diagnosticsSarif(
  diagnostics: readonly LocatedDiagnostic[],
  rules: readonly RuleSummary[],
  version: string,
): string {
  const known = new Map(rules.map((rule) => [rule.code, rule]));
  const codes = [...new Set(diagnostics.map((d) => d.code))].sort();
  const marks = fingerprints(diagnostics);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'meshgw',
            semanticVersion: version,
            informationUri: 'https://github.com/meshgw/meshgw',
            rules: codes.map((code) => descriptor(code, known.get(code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((d, i) => result(d, codes.indexOf(d.code), marks[i]!)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(code: string, rule: RuleSummary | undefined): ReportingDescriptor {
  if (!rule) return { id: code };
  return {
    id: code,
    name: rule.name,
    shortDescription: { text: `${rule.title}.` },
    fullDescription: { text: rule.happens },
    help: { text: `${rule.happens}\n\nInstead: ${rule.instead}` },
    helpUri: `${PAGES}${code}.md`,
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: { tags: [rule.category] },
  };
}

function result(d: LocatedDiagnostic, ruleIndex: number, mark: string): Result {
  return {
    ruleId: d.code,
    ruleIndex,
    level: LEVEL[d.severity],
    message: { text: d.message },
    locations: [
      {
        ...location(d.position, endColumnOf(d)),
        ...(d.resource
          ? {
              logicalLocations: [
                {
                  fullyQualifiedName: `${d.resource.kind}/${d.resource.namespace}/${d.resource.name}${d.path ? `#${d.path}` : ''}`,
                  kind: 'resource',
                },
              ],
            }
          : {}),
      },
    ],
    partialFingerprints: { 'meshgwFinding/v1': mark },
    ...fixesOf(d),
    ...(d.related?.length
      ? { relatedLocations: d.related.map((r, id) => ({ id, ...location(r.position), message: { text: r.message } })) }
      : {}),
    ...(d.istio || d.kiali
      ? { properties: { ...(d.istio ? { istio: d.istio } : {}), ...(d.kiali ? { kiali: d.kiali } : {}) } }
      : {}),
  };
}

function fixesOf({ fix, edits, position: { file } }: LocatedDiagnostic): { fixes?: Fix[] } {
  if (!fix || !edits) return {};
  const replacements = edits.map(({ start, end, text }) => ({
    deletedRegion: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
    insertedContent: { text },
  }));
  const artifactChanges = [{ artifactLocation: { uri: uriOf(file) }, replacements }];
  return { fixes: [{ description: { text: fix.description }, artifactChanges }] };
}

function location({ file, line, column }: Position, endColumn?: number): Location {
  const end = endColumn === undefined ? {} : { endLine: line, endColumn };
  const region = { startLine: line, startColumn: column, ...end };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } };
}

const uriOf = (file: string): string =>
  file === '<stdin>' ? 'stdin' : file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
