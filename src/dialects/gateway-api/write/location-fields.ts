import { literalText } from '../../../model/index.js';
// A Location that a dialect writes as a whole, as the parts of a RequestRedirect: one to the same host under another scheme
// (Istio's httpsRedirect), to a path of the same host (ingress-nginx's app-root), or to a fixed URL.

import { isHostname } from './names.js';

const SAME_HOST = '%REQ(:authority)%';
const SAME_PATH = '%REQ(:path)%';

const fullPath = (path: string) => ({ path: { type: 'ReplaceFullPath', replaceFullPath: path } });

/** Nothing where more is taken from the request. */
export function locationFields(location: string): Readonly<Record<string, unknown>> | undefined {
  const [, scheme, rest] = /^(https?):\/\/(.*)$/s.exec(location) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  if (rest === SAME_HOST + SAME_PATH) return { scheme };
  if (rest.startsWith(SAME_HOST)) {
    const path = literalText(rest.slice(SAME_HOST.length));
    return path?.startsWith('/') ? { scheme, ...fullPath(path) } : undefined;
  }
  const url = literalText(rest);
  const [, host, port, path] = /^([a-z0-9.-]+)(?::([0-9]{1,5}))?(\/.*)?$/s.exec(url ?? '') ?? [];
  if (host === undefined || !isHostname(host)) return undefined;
  return {
    scheme,
    hostname: host,
    ...fullPath(path ?? '/'),
    ...(port !== undefined && { port: Number(port) }),
  };
}
