// What the files leave open about the controller, and who writes an annotation has decided: named once.

import type { Assumption } from '../../model/index.js';
import type { ControllerConfig } from './controller/config-map.js';
import type { Controller } from './controller/ingresses.js';

/** `passthrough`: value of --ingress-nginx-ssl-passthrough. */
export function controllerAssumptions(
  controllers: readonly Controller[],
  config: ControllerConfig,
  passthrough: string | undefined,
): readonly Assumption[] {
  const all = controllers.flatMap(({ ingresses }) => ingresses);
  const snippets = !config.resource && all.some(({ settings }) => Object.keys(settings.snippets).length > 0);
  const headers =
    config.allowedResponseHeaders === undefined && all.some(({ settings }) => settings.customHeaders !== undefined);
  const passes =
    passthrough === undefined && all.some(({ settings }) => settings.annotations.bool('ssl-passthrough').value);
  return [
    ...(snippets
      ? [
          {
            code: 'ingress-nginx-snippets',
            message:
              'snippets count: the ConfigMap of ingress-nginx is not in the files, and allow-snippet-annotations is taken to be on',
            hint: 'add the ConfigMap to the files',
          },
        ]
      : []),
    ...(headers
      ? [
          {
            code: 'ingress-nginx-custom-headers',
            message: 'the headers of custom-headers are taken to be in global-allowed-response-headers',
            hint: 'add the ConfigMap of ingress-nginx to the files',
          },
        ]
      : []),
    ...(passes
      ? [
          {
            code: 'ingress-nginx-ssl-passthrough',
            message: 'ssl-passthrough counts: the controller is taken to run with --enable-ssl-passthrough',
            hint: '--ingress-nginx-ssl-passthrough off says otherwise',
          },
        ]
      : []),
  ];
}
