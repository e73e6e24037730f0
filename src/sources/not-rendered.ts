// Folders that are not rendered here: charts, and what kustomize builds. A tree may have a hundred of them: then one finding says it.

import { type Diagnostic, isPosition } from '../diagnostics/index.js';
import { SOURCE_CODES } from './codes.js';
import { finding } from './finding.js';

export const chartFinding = (chart: string): Diagnostic =>
  finding(
    'notRendered',
    `this folder is a Helm chart: its templates are not read; render them: helm template ${chart} | meshgw lint -, or --helm ${chart}`,
    at(chart),
  );

/** `file` is the kustomization, `folder` what kustomize is given. */
export const kustomizedFinding = (file: string, folder: string): Diagnostic =>
  finding(
    'notRendered',
    `kustomize builds this folder: its files are read one by one, without patches, prefixes and generators (only its namespace counts); what is applied: kustomize build ${folder} | meshgw lint -, or -k ${folder}`,
    at(file),
  );

/** Folders of one kind that are named one by one. */
const FEW = 4;

/** The findings, with one at the first place for many folders of one kind. */
export function joinedNotRendered(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const folders = found.filter(({ code }) => code === SOURCE_CODES.notRendered.code);
  if (folders.length <= FEW) return found;
  const joined = new Map<Diagnostic, Diagnostic | undefined>();
  for (const kind of [folders.filter(isKustomized), folders.filter((folder) => !isKustomized(folder))]) {
    const [first] = kind;
    if (!first || kind.length <= FEW) continue;
    for (const folder of kind) joined.set(folder, undefined);
    joined.set(first, { ...first, message: isKustomized(first) ? manyKustomized(kind) : manyCharts(kind) });
  }
  return found.flatMap((diagnostic) => (joined.has(diagnostic) ? (joined.get(diagnostic) ?? []) : diagnostic));
}

/** Whether it is about the folder of a kustomization. */
export const isKustomized = ({ code, place }: Diagnostic): boolean =>
  code === SOURCE_CODES.notRendered.code && isPosition(place) && /(^|\/)kustomization\.ya?ml$/.test(place.file);

const manyKustomized = ({ length }: readonly Diagnostic[]): string =>
  `kustomize builds this folder and ${length - 1} more: their files are read one by one, without patches, prefixes and generators (only the namespaces count); what is applied: kustomize build FOLDER | meshgw lint -, or -k FOLDER`;

const manyCharts = ({ length }: readonly Diagnostic[]): string =>
  `this folder and ${length - 1} more are Helm charts: their templates are not read; render them: helm template CHART | meshgw lint -, or --helm CHART`;

const at = (file: string) => ({ file, line: 1, column: 1 });
