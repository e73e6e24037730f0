// Which requests go to the canary: route_to_alternative_balancer in rootfs/etc/nginx/lua/balancer.lua
// (kubernetes/ingress-nginx controller-v1.15.1): header, then cookie, then a draw by weight.

import type { HeaderMatcher, Origin, StringMatcher, Unsupported } from '../../../model/index.js';
import { PcreError } from '../../pcre.js';
import type { Upstream } from '../controller/upstreams.js';
import { searchMatcher } from '../pcre/match.js';

export type Choice = 'main' | 'canary' | { readonly canaryPercent: number };

export interface CanaryStep {
  readonly headers: readonly HeaderMatcher[];
  readonly choice: Choice;
  readonly origin: Origin;
}

export function canarySteps(
  canary: NonNullable<Upstream['canary']>,
  unsupported: (item: Unsupported) => void,
): readonly CanaryStep[] {
  const { annotations } = canary.ingress.settings;
  const steps: CanaryStep[] = [];
  const add = (annotation: string, name: string, value: StringMatcher, choice: Choice): void => {
    const origin = annotations.origin(annotation);
    steps.push({ headers: [{ name, value, origin }], choice, origin });
  };
  if (canary.header !== '') {
    // The variable $http_x_y stands for the header x-y; headers with an underscore do not come in.
    const name = canary.header.toLowerCase().replaceAll('_', '-');
    if (canary.headerValue !== '') {
      add('canary-by-header-value', name, { kind: 'exact', value: canary.headerValue }, 'canary');
    } else if (canary.headerPattern !== '') {
      const pattern = headerPattern(canary, unsupported);
      if (pattern) add('canary-by-header-pattern', name, pattern, 'canary');
    } else {
      add('canary-by-header', name, { kind: 'exact', value: 'always' }, 'canary');
      add('canary-by-header', name, { kind: 'exact', value: 'never' }, 'main');
    }
  }
  if (canary.cookie !== '') {
    add('canary-by-cookie', 'cookie', cookieMatcher(canary.cookie, 'always'), 'canary');
    add('canary-by-cookie', 'cookie', cookieMatcher(canary.cookie, 'never'), 'main');
  }
  const total = Math.max(100, canary.weightTotal);
  const percent = Math.min(100, Math.max(0, (canary.weight / total) * 100));
  const choice = percent === 0 ? 'main' : percent === 100 ? 'canary' : { canaryPercent: percent };
  steps.push({
    headers: [],
    choice,
    origin: annotations.origin(annotations.has('canary-weight') ? 'canary-weight' : 'canary'),
  });
  return steps;
}

function headerPattern(
  canary: NonNullable<Upstream['canary']>,
  unsupported: (item: Unsupported) => void,
): StringMatcher | undefined {
  try {
    return searchMatcher(canary.headerPattern);
  } catch (error) {
    if (!(error instanceof PcreError)) throw error;
    const origin = canary.ingress.settings.annotations.origin('canary-by-header-pattern');
    const what =
      error.cause === 'invalid'
        ? 'nginx cannot read the pattern, so that it never matches'
        : 'whether the pattern matches is unknown; it is treated as not matching';
    unsupported({
      feature: 'annotation.canary-by-header-pattern',
      detail: `${what}: ${error.message} at character ${error.at + 1}`,
      effect: 'routing',
      origin,
    });
    return undefined;
  }
}

/**
 * The Cookie header gives this cookie this value: ngx_http_parse_multi_header_lines in nginx 1.22
 * (src/http/ngx_http_parse.c). Parts end with `;` or `,`; the first part of the name decides, whatever its case; the
 * value goes to the next `;`. Behind a name without `=` one more character is lost, be it the end of the part.
 */
export function cookieMatcher(name: string, value: string): StringMatcher {
  const letters = [...name.toLowerCase()].map(oneOfCases);
  const other = letters.reduceRight((rest, { one, set }, i) => {
    // Spaces before a part have been skipped.
    const space = i === 0 ? ' ' : '';
    return `(?:[^;,${set}${space}][^;,]*|${one}${rest})?`;
  }, ' *[^= ][^;,]*');
  return {
    kind: 'regex',
    pattern: `(?:${other}[;,] *)*${letters.map((l) => l.one).join('')} *= *${value}(?:;(?s:.*))?`,
  };
}

function oneOfCases(letter: string): { readonly one: string; readonly set: string } {
  const upper = letter.toUpperCase();
  const escaped = letter.replace(/[\\^$.|?*+()[\]{}-]/, '\\$&');
  return upper === letter ? { one: escaped, set: escaped } : { one: `[${letter}${upper}]`, set: letter + upper };
}
