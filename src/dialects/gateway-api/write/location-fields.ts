// A Location that a dialect writes as a whole, as the parts of a RequestRedirect: one to the same host under another scheme
// (Istio's httpsRedirect), to a path of the same host (ingress-nginx's app-root), or to a fixed URL.

import { literalText } from './literal-text.js';
import { isHostname } from './names.js';

export interface LocationFields {
  readonly fields: Readonly<Record<string, unknown>>;
  /** What differs from the Location as it was. */
  readonly loss: string;
}

const SAME_HOST = '%REQ(:authority)%';
const SAME_PATH = '%REQ(:path)%';
const PORT_LOSS = 'a port in the Host header may be left out of the Location';
const QUERY_LOSS = 'the Location has a path, and keeps the query of the request';

const fullPath = (path: string) => ({ path: { type: 'ReplaceFullPath', replaceFullPath: path } });

/** Nothing where more is taken from the request. */
export function locationFields(location: string): LocationFields | undefined {
  const [, scheme, rest] = /^(https?):\/\/(.*)$/s.exec(location) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  if (rest === SAME_HOST + SAME_PATH) return { fields: { scheme }, loss: PORT_LOSS };
  if (rest.startsWith(SAME_HOST)) {
    const path = literalText(rest.slice(SAME_HOST.length));
    return path?.startsWith('/') ? { fields: { scheme, ...fullPath(path) }, loss: QUERY_LOSS } : undefined;
  }
  const url = literalText(rest);
  const [, host, port, path] = /^([a-z0-9.-]+)(?::([0-9]{1,5}))?(\/.*)?$/s.exec(url ?? '') ?? [];
  if (host === undefined || !isHostname(host)) return undefined;
  const fields = {
    scheme,
    hostname: host,
    ...fullPath(path ?? '/'),
    ...(port !== undefined && { port: Number(port) }),
  };
  return { fields, loss: QUERY_LOSS };
}
