import { isHttp } from '../../../implementations/istio/protocol.js';
import { serviceEntry } from '../../examples.js';
import type { Rule } from '../../rule.js';
import { at, refused, SERVICE_ENTRY } from '../field-rule.js';
import { given, isTls, list, object, protocol } from '../values.js';
import { PORTS, REFUSED, resolution, TCP } from './shared.js';

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0612',
      name: 'service-entry-many-hosts-tcp',
      title: 'Several hosts on a port whose protocol carries no host name',
      docs: () => ({
        happens: `${REFUSED} Plain TCP carries no host name that would distinguish them.`,
        instead: 'One ServiceEntry per host, or an HTTP or TLS port.',
        bad: serviceEntry(`hosts: [a.example.com, b.example.com]\n${TCP}\nresolution: DNS`),
        good: serviceEntry(`hosts: [a.example.com, b.example.com]\n${PORTS}\nresolution: DNS`),
      }),
    },
    at(SERVICE_ENTRY, 'spec', (value) => {
      const spec = object(value);
      if (resolution(spec) === 'NONE' || list(spec.hosts).length < 2) return undefined;
      const index = list(spec.ports).findIndex(
        (p) => given(p) && !isHttp(protocol(object(p).protocol)) && !isTls(protocol(object(p).protocol)),
      );
      return index < 0
        ? undefined
        : {
            message: 'several hosts need HTTP or TLS ports: plain TCP carries no host name',
            path: ['ports', index],
          };
    }),
  ),
];
