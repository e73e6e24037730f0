// Runs the rules over the objects of a run. One walk per object serves all field rules; a rule about several objects
// gets the whole context. Positions are not looked up here: only findings that are printed need them.

import type { Diagnostic } from '../diagnostics/index.js';
import { isPosition } from '../diagnostics/index.js';
import { formatPath, type Origin, own, type Resource } from '../model/index.js';
import { type Level, type LintConfig, levelOf, searchedLevel } from './config.js';
import type { LintContext } from './context.js';
import { type FieldProblem, fieldWalk } from './field-walk.js';
import type { Finding, Rule } from './rule.js';

export interface LintInput extends Omit<LintContext, 'broken'> {
  readonly rules: readonly Rule[];
  readonly config?: LintConfig;
  /** Told how much is done, 0..1; the walk over the objects counts half. */
  readonly progress?: (share: number) => void;
  /** Findings about the shape of an object: `validateResource` of sources. */
  readonly validate?: (resource: Resource) => readonly Diagnostic[];
  /** What was found about objects before, under the same configuration. */
  readonly memory?: LintMemory;
  /** The rest: unreadable documents, findings of dialects about their annotations. */
  readonly more?: readonly Diagnostic[];
}

/** Problems of single fields, by object: an object that is the same one again has the same. */
export interface LintMemory {
  readonly shapes: WeakMap<Resource, readonly Diagnostic[]>;
  readonly fields: WeakMap<Resource, readonly FieldProblem<Active>[]>;
}

/** A rule and its level, off aside. */
interface Active {
  readonly rule: Rule;
  readonly level: Exclude<Level, 'off'>;
}

/** All findings, in the order of the objects; suppressions are not looked at. */
export function lint(input: LintInput): Diagnostic[] {
  const config = input.config ?? {};
  const active = input.rules
    .map((rule) => ({ rule, level: searchedLevel(rule.code, levelOf(rule, config), config) }))
    .filter((entry): entry is Active => entry.level !== 'off');
  const found: Diagnostic[] = [];

  const diagnose = (rule: Rule, level: Exclude<Level, 'off'>, finding: Finding): Diagnostic => ({
    code: rule.code,
    severity: level === rule.severity ? (finding.severity ?? level) : level,
    message: finding.message,
    place: finding.at,
    ...(finding.about ? { about: finding.about } : {}),
    ...(rule.istio ? { istio: rule.istio } : {}),
    ...(rule.kiali ? { kiali: rule.kiali } : {}),
    ...(finding.related ? { related: finding.related } : {}),
    ...(finding.witness ? { witness: finding.witness } : {}),
    ...(finding.fix ? { fix: finding.fix } : {}),
  });

  const errors = new Set<Resource>();
  const shape = new Map<Resource, Set<string>>();
  const take = (diagnostic: Diagnostic) => {
    const level = configured(config, diagnostic);
    if (level === 'off') return;
    found.push(level === diagnostic.severity ? diagnostic : { ...diagnostic, severity: level });
    if (isPosition(diagnostic.place)) return;
    remember(shape, diagnostic.place);
    if (level === 'error') errors.add(diagnostic.place.resource);
  };
  for (const diagnostic of input.more ?? []) take(diagnostic);
  const objects = objectsIn(input.catalog);
  if (input.validate)
    for (const resource of objects) for (const diagnostic of input.validate(resource)) take(diagnostic);

  const walk = fieldWalk(active.flatMap((owner) => (owner.rule.fields ?? []).map((check) => ({ owner, check }))));
  const problemsOf = remembering(walk, input.memory);
  for (const [i, resource] of objects.entries()) {
    if (i % 256 === 0) input.progress?.((0.5 * i) / objects.length);
    const said = shape.get(resource);
    for (const problem of problemsOf(resource)) {
      // The schema has said something about this very value: once is enough.
      if (said?.has(formatPath(problem.path))) continue;
      const finding = findingOf(problem, resource);
      const { rule, level } = problem.owner;
      if ((finding.severity ?? rule.severity) === 'error') errors.add(resource);
      found.push(diagnose(rule, level, finding));
    }
  }

  const context: LintContext = { ...input, broken: (resource) => errors.has(resource) };
  for (const [i, { rule, level }] of active.entries()) {
    rule.check?.(context, (finding) => found.push(diagnose(rule, level, finding)));
    input.progress?.(0.5 + (0.5 * (i + 1)) / active.length);
  }
  return found;
}

/** The walk; of an object that was walked before its problems then. */
function remembering(
  walk: ReturnType<typeof fieldWalk<Active>>,
  memory: LintMemory | undefined,
): (resource: Resource) => readonly FieldProblem<Active>[] {
  return (resource) => {
    const known = memory?.fields.get(resource);
    if (known) return known;
    const problems: FieldProblem<Active>[] = [];
    walk(resource, (problem) => problems.push(problem));
    memory?.fields.set(resource, problems);
    return problems;
  };
}

function findingOf({ message, path, problem }: FieldProblem<Active>, resource: Resource): Finding {
  const { about, fix, severity } = typeof problem === 'object' ? problem : {};
  return {
    message,
    at: { resource, path },
    ...(about ? { about } : {}),
    ...(fix ? { fix } : {}),
    ...(severity ? { severity } : {}),
  };
}

/** What is wrong in itself is reported of replaced objects too: they may be somebody's other environment. */
export const objectsIn = ({ all, replaced }: LintInput['catalog']): readonly Resource[] => [
  ...all,
  ...replaced.map(({ resource }) => resource),
];

function remember(places: Map<Resource, Set<string>>, { resource, path }: Origin): void {
  const paths = places.get(resource) ?? new Set();
  places.set(resource, paths.add(formatPath(path)));
}

/** The level that the configuration gives a finding that no rule of ours made. */
const configured = (config: LintConfig, diagnostic: Diagnostic): Level =>
  searchedLevel(diagnostic.code, own(config.rules, diagnostic.code) ?? diagnostic.severity, config);
