// Which fields (annotations) of ingress-nginx name other objects.

import { annotation, CONFIG_MAP, INGRESS, type References, SECRET, SERVICE, slashed } from '../reference-field.js';

const NGINX = 'nginx.ingress.kubernetes.io';

export const references: References = [
  [
    INGRESS,
    [
      annotation(`${NGINX}/auth-secret`, [SECRET], slashed),
      annotation(`${NGINX}/auth-tls-secret`, [SECRET], slashed),
      annotation(`${NGINX}/proxy-ssl-secret`, [SECRET], slashed),
      annotation(`${NGINX}/default-backend`, [SERVICE]),
      annotation(`${NGINX}/custom-headers`, [CONFIG_MAP], slashed),
      annotation(`${NGINX}/auth-proxy-set-headers`, [CONFIG_MAP], slashed),
    ],
  ],
];
