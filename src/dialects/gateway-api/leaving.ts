// What the specification of the Gateway API says of every request and no field of the model holds; an implementation whose data plane is
// Envoy loses nothing by itself.

import type { Leaving } from '../leaving.js';
import { plain, TLS_NAMES } from '../leaving.js';

export const leaving: Leaving = {
  engine: [
    ...plain.engine.filter((loss) => loss !== TLS_NAMES),
    {
      feature: 'engine.misdirected',
      applies: (_, tls) => tls,
      message:
        'on a TLS connection for one listener a host that belongs to another is answered 421; Istio answers it 404, or by the server of the connection',
      elsewhere:
        'on a TLS connection for one listener a host that belongs to another is answered 421, where the implementation detects that',
    },
  ],
};
