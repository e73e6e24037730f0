// CORS as the location does it: template CORS in rootfs/etc/nginx/template/nginx.tmpl and buildCorsOriginRegex in
// template.go (kubernetes/ingress-nginx controller-v1.15.1). `if` blocks in the rewrite phase: a preflight is answered
// before anything else of the location, and the headers are on every answer, redirects and refusals included.

import type { HeaderMatcher, HeaderOps, Origin } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import type { CorsSettings } from '../annotations/cors-settings.js';
import type { Step } from './steps.js';

const ANY_ORIGIN = '*';

export function withCors(cors: CorsSettings | undefined, origin: Origin, steps: readonly Step[]): readonly Step[] {
  if (!cors || cors.origins.length === 0) return steps;
  const any = cors.origins.length === 1 && cors.origins[0] === ANY_ORIGIN;
  const allowed: readonly HeaderMatcher[] = any ? [] : [{ name: 'origin', value: originMatcher(cors.origins), origin }];
  const headers = corsHeaders(cors, any, origin);
  const preflight: Step = {
    headers: [{ name: ':method', value: { kind: 'exact', value: 'OPTIONS' }, origin }, ...allowed],
    action: { kind: 'direct-response', status: 204 },
    responseHeaders: headers,
    origin,
  };
  const answered = (step: Step): Step => ({
    ...step,
    headers: [...(step.headers ?? []), ...allowed],
    responseHeaders: { ...headers, set: [...(step.responseHeaders?.set ?? []), ...(headers.set ?? [])] },
  });
  return [
    preflight,
    ...steps.flatMap((step) => (step.bare ? [step] : any ? [answered(step)] : [answered(step), step])),
  ];
}

function corsHeaders(cors: CorsSettings, any: boolean, origin: Origin): HeaderOps {
  const set: (readonly [string, string])[] = [['access-control-allow-origin', any ? '*' : '%REQ(origin)%']];
  if (cors.credentials) set.push(['access-control-allow-credentials', 'true']);
  set.push(['access-control-allow-methods', plainTemplate(cors.methods)]);
  set.push(['access-control-allow-headers', plainTemplate(cors.headers)]);
  if (cors.exposeHeaders !== '') set.push(['access-control-expose-headers', plainTemplate(cors.exposeHeaders)]);
  set.push(['access-control-max-age', String(cors.maxAge)]);
  return { set, origin };
}

/** Caseless and open at the beginning: an origin that ends with an allowed one is allowed too. */
function originMatcher(origins: readonly string[]): HeaderMatcher['value'] {
  const patterns = origins.map((o) => `(${quoteRegex(o).replace('\\*', '[A-Za-z0-9\\-]+')})`);
  return { kind: 'regex', pattern: `(?i)(?s:.*)(${patterns.join('|')})` };
}
