// `mirror-target`: a copy of every request to a URL (buildMirrorLocations in template.go and annotations/mirror/main.go,
// kubernetes/ingress-nginx controller-v1.15.1).

import type { Mirror, Unsupported } from '../../../model/index.js';
import type { Settings } from '../annotations/settings.js';
import { withVariables } from './variables.js';

export function mirrorOf(settings: Settings, unsupported: (item: Unsupported) => void): Mirror | undefined {
  const { annotations } = settings;
  if (!annotations.has('mirror-target')) return undefined;
  const target = annotations.text('mirror-target').value;
  if (target === undefined) return undefined;
  const origin = annotations.origin('mirror-target');
  const url = /^(https?):\/\/([^/:$?#]+)(?::(\d{1,5}))?(.*)$/i.exec(target);
  if (!url) {
    unsupported({
      feature: 'annotation.mirror-target',
      detail: 'the destination of the mirrored request is unknown',
      effect: 'change',
      origin,
    });
    return undefined;
  }
  const [, scheme = 'http', host = '', port, rest = ''] = url;
  const secure = scheme.toLowerCase() === 'https';
  const path = withVariables(rest, {});
  return {
    destination: {
      host,
      port: port ? Number(port) : secure ? 443 : 80,
      ...(secure ? { protocol: 'https' } : {}),
      origin,
    },
    percent: 100,
    host: withVariables(annotations.text('mirror-host').value ?? host, {}).template,
    path: path.template === '' ? '/' : path.template,
    origin,
  };
}
