// `custom-headers`: a ConfigMap with headers for every answer (`more_set_headers`). A name or value that the controller does not take, or a
// name that its global-allowed-response-headers does not list, makes every path answer 503 (annotations/customheaders/main.go,
// kubernetes/ingress-nginx of 2026-03-20).

import type { Origin, Unsupported } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import type { Settings } from '../annotations/settings.js';
import type { ControllerConfig } from '../controller/config-map.js';

const NAME = /^[a-zA-Z\d\-_]+$/;
const VALUE = /^[a-zA-Z\d_ :;.,\\/"'?!(){}[\]@<>=\-+*#$&`|~^%]+$/;

export interface HeaderSources {
  readonly config: Pick<ControllerConfig, 'allowedResponseHeaders'>;
  readonly configMap: (reference: string, namespace: string) => Readonly<Record<string, string>> | undefined;
  readonly unsupported: (item: Unsupported) => void;
}

export type CustomHeaders =
  | { readonly set: readonly (readonly [name: string, value: string])[]; readonly origin?: Origin }
  | { readonly denied: string };

export function customHeaders(
  { customHeaders: reference, annotations }: Settings,
  { configMap, config, unsupported }: HeaderSources,
): CustomHeaders {
  if (reference === undefined) return { set: [] };
  const origin = annotations.origin('custom-headers');
  const headers = configMap(reference, annotations.resource.namespace);
  if (!headers) {
    const detail = `the headers of ConfigMap ${reference} are not known`;
    unsupported({ feature: 'annotation.custom-headers', detail, effect: 'change', origin });
    return { set: [] };
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) return { denied: `${name} is no header name` };
    if (!VALUE.test(value) || value.endsWith('\n'))
      return { denied: `the value of ${name} has characters that it may not have` };
    if (config.allowedResponseHeaders?.includes(name) === false)
      return { denied: `global-allowed-response-headers does not list ${name}` };
  }
  return {
    set: Object.entries(headers).map(([name, value]) => [name.toLowerCase(), plainTemplate(value)] as const),
    origin,
  };
}
