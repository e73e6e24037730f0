// `konghq.com/rewrite`: a request-transformer of the route (MaybeRewriteURI in subtranslator/ingress.go).

import { originOf } from '../../../model/index.js';
import type { KongPlugin, KongRoute } from '../entities.js';
import { annotation } from './annotations.js';

export const rewritePlugins = (routes: readonly KongRoute[]): readonly KongPlugin[] =>
  routes.flatMap((route) => {
    const { resource } = route.origin;
    const written = annotation(resource, 'rewrite');
    if (written === undefined || route.name === `${resource.namespace}.${resource.name}`) return [];
    return [
      {
        name: 'request-transformer',
        config: { replace: { uri: template(written === '' ? '/' : written) } },
        enabled: true,
        route: route.name,
        origin: originOf(resource, 'metadata', 'annotations', 'konghq.com/rewrite'),
      },
    ];
  });

/** `$1` is a capture, `\$` a dollar sign. */
const template = (written: string): string =>
  written.replace(/\\\$|\$(\d+)/g, (_, digits?: string) => (digits === undefined ? '$' : `$(uri_captures[${digits}])`));
