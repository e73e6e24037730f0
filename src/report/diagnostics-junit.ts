// Findings as JUnit XML, which most CI systems show as tests: one suite per file, a failure per error or warning.

import type { LintSummary, LocatedDiagnostic } from '../diagnostics/index.js';
import { counted } from '../model/index.js';
import { sourceExcerpt } from './source-excerpt.js';
import { xml } from './xml-text.js';

export function diagnosticsJunit({
  diagnostics,
  summary,
}: {
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly summary: LintSummary;
}): string {
  const files = new Map<string, LocatedDiagnostic[]>();
  for (const d of diagnostics) {
    const list = files.get(d.position.file);
    if (list) list.push(d);
    else files.set(d.position.file, [d]);
  }
  const suites = [...files].map(([file, found]) => suite(file, found));
  const passed =
    files.size === 0
      ? [
          `  <testsuite name="meshgw lint" tests="1" failures="0">\n    <testcase classname="meshgw lint" name="${counted(summary.resources, 'resource')} without a finding"/>\n  </testsuite>`,
        ]
      : [];
  const failures = summary.errors + summary.warnings;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="meshgw lint" tests="${Math.max(1, diagnostics.length)}" failures="${failures}">`,
    ...suites,
    ...passed,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(file: string, found: readonly LocatedDiagnostic[]): string {
  const failures = found.filter((d) => d.severity !== 'info').length;
  return [
    `  <testsuite name="${xml(file)}" tests="${found.length}" failures="${failures}">`,
    ...found.map(testcase),
    '  </testsuite>',
  ].join('\n');
}

function testcase(d: LocatedDiagnostic): string {
  const about = d.resource ? `${d.resource.kind} ${d.resource.namespace}/${d.resource.name}` : d.position.file;
  const where = `${d.position.file}:${d.position.line}:${d.position.column}`;
  const open = `    <testcase classname="${xml(about)}" name="${xml(`${d.code} ${d.path || about}`)}" file="${xml(d.position.file)}" line="${d.position.line}"`;
  if (d.severity === 'info')
    return `${open}>\n      <system-out>${xml(`${where} ${d.message}`)}</system-out>\n    </testcase>`;
  return `${open}>\n      <failure type="${d.severity}" message="${xml(d.message)}">${xml(`${where}\n${sourceExcerpt(d.source ?? '', d.position.column).text}`)}</failure>\n    </testcase>`;
}
