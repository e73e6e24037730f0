// Findings in each output format: the expected text is in fixtures/lint/outputs; SARIF is valid against its schema, its
// fingerprints do not move with lines, XML and workflow commands are escaped.

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { LocatedDiagnostic } from '../src/diagnostics/index.js';
import { readGateways } from '../src/dialects/read.js';
import { withEdits } from '../src/lint/edits.js';
import { ruleSummaries } from '../src/lint/explain.js';
import { runLint } from '../src/lint/run.js';
import { diagnosticsGithub } from '../src/report/diagnostics-github.js';
import { diagnosticsGitlab } from '../src/report/diagnostics-gitlab.js';
import { diagnosticsJson } from '../src/report/diagnostics-json.js';
import { diagnosticsJunit } from '../src/report/diagnostics-junit.js';
import { diagnosticsSarif } from '../src/report/diagnostics-sarif.js';
import { diagnosticsText } from '../src/report/diagnostics-text.js';
import { styleFor } from '../src/report/style.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

const outputs = 'fixtures/lint/outputs';
const input = readFileSync(`${outputs}/input.yaml`, 'utf8');

function lint(text: string, file = 'config/a b.yaml') {
  const sources = parseSource(file, text);
  const catalog = catalogOf(sources.resources);
  return runLint({ sources, catalog, ...readGateways(catalog, {}) });
}

const nothing = { diagnostics: [], summary: { files: 1, resources: 2, errors: 0, warnings: 0, infos: 0 } };

test('text', async () => {
  await expect(diagnosticsText(await lint(input), styleFor(false))).toMatchFileSnapshot(`../${outputs}/text.txt`);
  expect(diagnosticsText(nothing, styleFor(false))).toBe('No findings: 2 resources in 1 file.\n');
});

test('json', async () => {
  const result = await lint(input);
  const text = diagnosticsJson({ ...result, diagnostics: withEdits(result.diagnostics) });
  await expect(text).toMatchFileSnapshot(`../${outputs}/findings.json`);
  const { diagnostics, summary } = JSON.parse(text) as {
    diagnostics: Record<string, unknown>[];
    summary: Record<string, number>;
  };
  expect(diagnostics.length).toBe(summary.errors! + summary.warnings! + summary.infos!);
  for (const d of diagnostics)
    expect(Object.keys(d)).toEqual(
      expect.arrayContaining(['code', 'severity', 'message', 'file', 'line', 'column', 'path']),
    );
});

const schemaFile = 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';

test('sarif is valid against the schema of SARIF 2.1.0', async () => {
  const { diagnostics } = await lint(input);
  const text = diagnosticsSarif(withEdits(diagnostics), ruleSummaries(), '1.2.3');
  await expect(text).toMatchFileSnapshot(`../${outputs}/findings.sarif`);
  // The schema says draft-04 and uses nothing that draft-07 reads in another way.
  const { $schema, id, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown>;
  expect([$schema, id].map(String).join(' ')).toContain('sarif');
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  expect(validate({ version: '2.1.0' })).toBe(false);
  for (const log of [text, diagnosticsSarif([], ruleSummaries(), '1.2.3')])
    expect(validate(JSON.parse(log)), JSON.stringify(validate.errors)).toBe(true);
});

test('fingerprints of SARIF stay when lines move, and are unique', async () => {
  const prints = async (text: string) => {
    const log = JSON.parse(diagnosticsSarif((await lint(text)).diagnostics, ruleSummaries(), '1')) as {
      runs: { results: { partialFingerprints: Record<string, string> }[] }[];
    };
    return log.runs[0]!.results.map((r) => r.partialFingerprints['meshgwFinding/v1']!);
  };
  const before = await prints(input);
  expect(new Set(before).size).toBe(before.length);
  expect(await prints(`# a comment\n\n${input}`)).toEqual(before);
});

test('junit', async () => {
  const text = diagnosticsJunit(await lint(input));
  await expect(text).toMatchFileSnapshot(`../${outputs}/junit.xml`);
  expect(diagnosticsJunit(nothing)).toContain('tests="1" failures="0"');
  // Every < opens a tag of ours, every & an entity.
  expect(text.replaceAll(/<\/?(?:testsuites?|testcase|failure|system-out)\b[^<>]*>|<\?xml[^<>]*\?>/g, '')).not.toMatch(
    /[<>]/,
  );
  expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;|apos;|#\d+;)/);
});

test('github', async () => {
  const { diagnostics } = await lint(input);
  await expect(diagnosticsGithub(diagnostics)).toMatchFileSnapshot(`../${outputs}/github.txt`);
  expect(diagnosticsGithub(diagnostics).trimEnd().split('\n').length).toBe(diagnostics.length);
});

test('edits of fixes stand where the text is: applied to the file they mend it', async () => {
  const { diagnostics } = await lint(`# a comment\r\n---\n${input}`);
  const [finding] = withEdits(diagnostics).filter((d) => d.edits);
  const { line, column } = finding!.position;
  expect(finding!.edits).toEqual([
    { start: { line, column }, end: { line, column: column + 'timeouts'.length }, text: 'timeout' },
  ]);
});

test('gitlab: a report of code quality', async () => {
  const { diagnostics } = await lint(input);
  const text = diagnosticsGitlab(diagnostics);
  await expect(text).toMatchFileSnapshot(`../${outputs}/gitlab.json`);
  const report = JSON.parse(text) as { fingerprint: string; severity: string }[];
  expect(new Set(report.map((r) => r.fingerprint)).size).toBe(diagnostics.length);
  expect(JSON.parse(diagnosticsGitlab([]))).toEqual([]);
});

test('what a file says does not command the terminal, nor break XML', () => {
  const evil: LocatedDiagnostic = {
    code: 'MGW0102',
    severity: 'error',
    message: 'a\u001b[31mred\u0000\u202eb\nc\ud800',
    position: { file: 'a\u001b.yaml', line: 1, column: 1 },
    path: '',
    source: '\u001b]0;x\u0007',
  };
  const result = { diagnostics: [evil], summary: { files: 1, resources: 1, errors: 1, warnings: 0, infos: 0 } };
  const control = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;
  expect(diagnosticsText(result, styleFor(false))).not.toMatch(control);
  expect(diagnosticsJunit(result)).not.toMatch(/(?![\n\t])\p{Cc}|\p{Surrogate}/u);
  expect(diagnosticsGithub([evil]).split('\n').length).toBe(2);
});
