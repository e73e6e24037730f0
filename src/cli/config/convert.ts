// `convert:` of meshgw.config.yaml: what was decided about a translation, so that it need not be asked again.

import { isScalar } from 'yaml';
import { ANSWERS, answersFor, type Decisions } from '../../convert/decided.js';
import { FEATURES, type FeatureKey } from '../../convert/features/index.js';
import { nearestName } from '../../diagnostics/index.js';
import { own, put } from '../../model/index.js';
import { entriesOf, pairsOf, type Section, startOf, wordOf } from './section.js';

export interface ConvertConfig {
  readonly decisions: Decisions;
  /** As the flags of these names. */
  readonly allowEnvoyfilter: boolean;
  readonly allowExperimental: boolean;
  readonly forwardedHeaders: boolean;
}

/** Errors: CannotRunError with file, line and column. */
export function convertConfigOf(section: Section): ConvertConfig {
  const { decisions, allowEnvoyfilter, allowExperimental, forwardedHeaders } = entriesOf(
    section,
    ['decisions', 'allowEnvoyfilter', 'allowExperimental', 'forwardedHeaders'],
    'convert.',
  );
  return {
    decisions: decisionsOf(decisions),
    allowEnvoyfilter: booleanOf(allowEnvoyfilter),
    allowExperimental: booleanOf(allowExperimental),
    forwardedHeaders: booleanOf(forwardedHeaders),
  };
}

/** Features of a reader have names of their own: `annotation.proxy-read-timeout`. */
const OWN_NAMES = /^(annotation|configmap)\../;

function decisionsOf(section: Section): Decisions {
  const decisions: Record<string, Decisions[string]> = {};
  for (const { key, value, at } of pairsOf(section)) {
    const known = own(FEATURES as Readonly<Record<string, unknown>>, key) !== undefined;
    if (!known && !OWN_NAMES.test(key)) {
      const near = nearestName(key, Object.keys(FEATURES));
      section.fail(
        at,
        `unknown feature \`${key}\` in ${section.what}${near ? `; did you mean \`${near}\`?` : ''}`,
        'the names are those of the report and of docs/convert.md',
      );
    }
    put(decisions, key, wordOf(value, known ? answersFor(key as FeatureKey) : ANSWERS));
  }
  return decisions;
}

function booleanOf(section: Section): boolean {
  const { node, what, fail } = section;
  if (!node) return false;
  const value = isScalar(node) ? node.value : undefined;
  return typeof value === 'boolean' ? value : fail(startOf(section), `${what} must be true or false`);
}
