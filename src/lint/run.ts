// `meshgw lint` as a function: findings of everything that was read, suppressed, located, sorted and counted.

import {
  type Diagnostic,
  isPosition,
  type LintSummary,
  type LocatedDiagnostic,
  shortened,
} from '../diagnostics/index.js';
import type { ReadNote } from '../dialects/dialect.js';
import { type Assumption, type EffectiveGateway, formatPath, own, type Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { isKustomized, joinedNotRendered, lineText, locateKey, placeOf } from '../sources/index.js';
import { shapeCheck } from '../sources/schema/shape-check.js';
import { atLevelsOfFiles, type Level, type LintConfig, levelOf, summaryOf } from './config.js';
import type { LintContext } from './context.js';
import { type LintMemory, lint, objectsIn } from './engine.js';
import { ruleCodes, unknownRule } from './explain.js';
import { rules } from './rules/index.gen.js';
import { suppressed } from './suppressions.js';
import { withoutUnrendered } from './unrendered.js';

/** What the command has read. */
export interface LintLoaded {
  readonly sources: {
    readonly resources: readonly Resource[];
    readonly diagnostics: readonly Diagnostic[];
    readonly files: number;
  };
  readonly catalog: Catalog;
  readonly gateways: readonly EffectiveGateway[];
  readonly notes: readonly ReadNote[];
  readonly assumptions?: readonly Assumption[];
}

export interface LintOptions {
  readonly config?: LintConfig;
  /** For certificates that expire, ms since the epoch; absent: dates are not looked at. */
  readonly now?: number;
  /** Further findings, of whoever read the files. */
  readonly more?: readonly Diagnostic[];
  /** Of runs before, under the same configuration; it is added to. */
  readonly memory?: LintMemory;
  /** Told how much of the rules is done, 0..1. */
  readonly progress?: (share: number) => void;
  /** What only dialects and the simulator know (src/api/lint-knowledge.ts). */
  readonly dialects?: NonNullable<LintContext['dialects']>;
  readonly answer?: NonNullable<LintContext['answer']>;
}

export interface LintResult {
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly summary: LintSummary;
}

/** Kinds of Istio whose CRD rules are all said by field rules (ports, hosts, durations, certificate sources), in better words. */
const COVERED_KINDS = new Set(['VirtualService', 'DestinationRule', 'Gateway']);

/** Of Kubernetes itself: no CRD. */
const BUILT_IN = new Set(['', 'networking.k8s.io', 'extensions', 'discovery.k8s.io']);

/** The CRD of the kind carries rules (CEL, unique items) that no field rule covers. */
const hasCrd = (resource: Resource): boolean =>
  !BUILT_IN.has(resource.group) && !(resource.group.endsWith('istio.io') && COVERED_KINDS.has(resource.kind));

/** Two rules ask for the same object. */
async function crdOnce(): Promise<Required<Pick<LintContext, 'crd' | 'celSyntax'>>> {
  const { celSyntax, crdProblems } = await import('./cel.js');
  const known = new Map<Resource, ReturnType<typeof crdProblems>>();
  const crd = (resource: Resource) => {
    if (!hasCrd(resource)) return [];
    const problems = known.get(resource) ?? crdProblems(resource);
    known.set(resource, problems);
    return problems;
  };
  return { crd, celSyntax };
}

/** Whether an object stands in the folder of a kustomization that was not built. */
function belowKustomizations(found: readonly Diagnostic[]): (resource: Resource) => boolean {
  const folders = found
    .filter(isKustomized)
    .map(({ place }) => placeOf(place).file)
    .map((file) => file.slice(0, file.lastIndexOf('/') + 1));
  return ({ document }) => folders.some((folder) => document.file.startsWith(folder));
}

/** Of objects that are known from before nothing is asked again. */
async function shapesOf(resources: readonly Resource[], memory: LintMemory | undefined) {
  if (!memory) return shapeCheck(resources);
  const check = await shapeCheck(resources.filter((resource) => !memory.shapes.has(resource)));
  return (resource: Resource): readonly Diagnostic[] => {
    const known = memory.shapes.get(resource);
    if (known) return known;
    const problems = check(resource);
    memory.shapes.set(resource, problems);
    return problems;
  };
}

/** Findings without positions and before suppressions. */
export async function lintFindings(loaded: LintLoaded, options: LintOptions): Promise<Diagnostic[]> {
  const config = withCodes(options.config ?? {});
  const validate = await shapesOf(objectsIn(loaded.catalog), options.memory);
  const crd = loaded.sources.resources.some(hasCrd) ? await crdOnce() : undefined;
  const found = lint({
    ...loaded,
    ...options,
    unbuilt: belowKustomizations(loaded.sources.diagnostics),
    config,
    rules,
    validate,
    more: [...joinedNotRendered(loaded.sources.diagnostics), ...(options.more ?? [])],
    ...crd,
  });
  // An object that was assumed is in no file.
  const inFiles = found.filter(({ place }) => isPosition(place) || !place.resource.assumed);
  return withoutUnrendered(inFiles, loaded.sources.files);
}

/** Names of rules as codes. Errors: CannotRunError for a rule that does not exist. */
function withCodes(config: LintConfig): LintConfig {
  if (!config.rules && !config.overrides) return config;
  const codes = ruleCodes();
  const byCode = (levels: Readonly<Record<string, Level>>) =>
    Object.fromEntries(
      Object.entries(levels).map(([key, level]) => {
        const code = codes.get(key);
        if (!code) throw unknownRule(key);
        return [code, level];
      }),
    );
  return {
    ...config,
    ...(config.rules ? { rules: byCode(config.rules) } : {}),
    ...(config.overrides ? { overrides: config.overrides.map((o) => ({ ...o, rules: byCode(o.rules) })) } : {}),
  };
}

/** Codes that the configuration turns off for files that no override fits. */
function offCodes(config: LintConfig): (code: string) => boolean {
  const off = new Set(rules.filter((rule) => levelOf(rule, config) === 'off').map(({ code }) => code));
  return (code) => off.has(code) || own(config.rules, code) === 'off';
}

export async function runLint(loaded: LintLoaded, options: LintOptions = {}): Promise<LintResult> {
  const found = (await lintFindings(loaded, options)).map(located);
  const config = withCodes(options.config ?? {});
  const reported = suppressed(found, loaded.sources.resources);
  const diagnostics = atLevelsOfFiles(reported, config, (d) => d.position.file, offCodes(config)).sort(byPlace);
  return {
    diagnostics,
    summary: {
      files: loaded.sources.files,
      resources: loaded.sources.resources.length,
      ...summaryOf(diagnostics),
    },
  };
}

const byPlace = (a: LocatedDiagnostic, b: LocatedDiagnostic): number =>
  compare(a.position.file, b.position.file) ||
  a.position.line - b.position.line ||
  a.position.column - b.position.column ||
  compare(a.code, b.code) ||
  compare(a.message, b.message);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function located(diagnostic: Diagnostic): LocatedDiagnostic {
  const { place, about, related, message, ...rest } = diagnostic;
  const position = about === 'key' && !isPosition(place) ? locateKey(place) : placeOf(place);
  const source = isPosition(place) ? undefined : lineText(place, position.line);
  return {
    ...rest,
    message: shortened(message),
    position,
    path: isPosition(place) ? '' : shortened(formatPath(place.path)),
    ...(isPosition(place) ? {} : { resource: nameOf(place.resource) }),
    ...(source === undefined ? {} : { source }),
    ...(related
      ? { related: related.map((r) => ({ message: shortened(r.message), position: placeOf(r.place) })) }
      : {}),
  };
}

/** Names stand beside every finding. */
const nameOf = ({ kind, namespace, name }: Resource) => ({
  kind: shortened(kind),
  namespace: shortened(namespace),
  name: shortened(name),
});
