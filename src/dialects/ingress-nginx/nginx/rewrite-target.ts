// `rewrite "(?i)path" target break` of a location (buildProxyPass in template.go, kubernetes/ingress-nginx controller-v1.15.1):
// the target replaces the whole path. A target that begins with a scheme makes nginx redirect instead
// (http://nginx.org/en/docs/http/ngx_http_rewrite_module.html#rewrite).

import type { Redirect, Rewrite, Unsupported } from '../../../model/index.js';
import { PcreError } from '../../pcre.js';
import type { Location } from '../controller/locations.js';
import { rewriteOf } from '../pcre/match.js';

export interface RewriteTarget {
  readonly rewrite?: Rewrite;
  readonly redirect?: Redirect;
}

export function rewriteTarget(location: Location, unsupported: (item: Unsupported) => void): RewriteTarget {
  const { settings } = location;
  const target = settings?.rewrite.target ?? '';
  if (!settings || target === '' || target === location.path) return {};
  const origin = settings.annotations.origin('rewrite-target');
  const variable = /\$\{?[A-Za-z_]\w*/.exec(target);
  if (variable) {
    unsupported({
      feature: 'annotation.rewrite-target',
      detail: `the value of ${variable[0]} in the target is not known`,
      effect: 'change',
      origin,
    });
  }
  // One digit after the dollar is the capture; digits behind it are text.
  const substitution = target.replace(/\$\{?([1-9])\}?/g, '\\$1');
  try {
    const absolute = /^(https?):\/\/([^/\\]*)(.*)$/.exec(substitution);
    if (!absolute) return { rewrite: { path: rewriteOf(location.path, substitution), origin } };
    const [, scheme, host = '', path = ''] = absolute;
    return {
      redirect: {
        kind: 'redirect',
        status: 302,
        scheme: scheme === 'https' ? 'https' : 'http',
        host,
        path: rewriteOf(location.path, path || '/'),
      },
    };
  } catch (error) {
    // The same pattern has made the location itself unsupported.
    if (error instanceof PcreError) return {};
    throw error;
  }
}
