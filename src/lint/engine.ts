// Runs the rules over the objects of a run. One walk per object serves all field rules; a rule about several objects
// gets the whole context. Positions are not looked up here: only findings that are printed need them.

import type { Diagnostic } from '../diagnostics/index.js';
import { isPosition } from '../diagnostics/index.js';
import { formatPath, type Origin, own, type Resource } from '../model/index.js';
import { type Level, type LintConfig, levelOf, searchedLevel } from './config.js';
import type { LintContext } from './context.js';
import { fieldWalk } from './field-walk.js';
import type { Finding, Rule } from './rule.js';

export interface LintInput extends Omit<LintContext, 'broken'> {
  readonly rules: readonly Rule[];
  readonly config?: LintConfig;
  /** Told how much is done, 0..1; the walk over the objects counts half. */
  readonly progress?: (share: number) => void;
  /** Findings about the shape of an object: `validateResource` of sources. */
  readonly validate?: (resource: Resource) => readonly Diagnostic[];
  /** The rest: unreadable documents, findings of dialects about their annotations. */
  readonly more?: readonly Diagnostic[];
}

/** All findings, in the order of the objects; suppressions are not looked at. */
export function lint(input: LintInput): Diagnostic[] {
  const config = input.config ?? {};
  const active = input.rules
    .map((rule) => ({ rule, level: searchedLevel(rule.code, levelOf(rule, config), config) }))
    .filter((entry): entry is { rule: Rule; level: Exclude<Level, 'off'> } => entry.level !== 'off');
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
  // What is wrong in itself is reported of replaced objects too: they may be somebody's other environment.
  const objects = [...input.catalog.all, ...input.catalog.replaced.map(({ resource }) => resource)];
  if (input.validate)
    for (const resource of objects) for (const diagnostic of input.validate(resource)) take(diagnostic);

  const walk = fieldWalk(active.flatMap((owner) => (owner.rule.fields ?? []).map((check) => ({ owner, check }))));
  for (const [i, resource] of objects.entries()) {
    if (i % 256 === 0) input.progress?.((0.5 * i) / objects.length);
    const said = shape.get(resource);
    walk(resource, ({ owner, message, path, problem }) => {
      // The schema has said something about this very value: once is enough.
      if (said?.has(formatPath(path))) return;
      const { about, fix, severity } = typeof problem === 'object' ? problem : {};
      if ((severity ?? owner.rule.severity) === 'error') errors.add(resource);
      found.push(
        diagnose(owner.rule, owner.level, {
          message,
          at: { resource, path },
          ...(about ? { about } : {}),
          ...(fix ? { fix } : {}),
          ...(severity ? { severity } : {}),
        }),
      );
    });
  }

  const context: LintContext = { ...input, broken: (resource) => errors.has(resource) };
  for (const [i, { rule, level }] of active.entries()) {
    rule.check?.(context, (finding) => found.push(diagnose(rule, level, finding)));
    input.progress?.(0.5 + (0.5 * (i + 1)) / active.length);
  }
  return found;
}

function remember(places: Map<Resource, Set<string>>, { resource, path }: Origin): void {
  const paths = places.get(resource) ?? new Set();
  places.set(resource, paths.add(formatPath(path)));
}

/** The level that the configuration gives a finding that no rule of ours made. */
const configured = (config: LintConfig, diagnostic: Diagnostic): Level =>
  searchedLevel(diagnostic.code, own(config.rules, diagnostic.code) ?? diagnostic.severity, config);
