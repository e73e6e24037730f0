// npm run new:dialect NAME: the folder of a dialect that reads one kind, registered and ready to be filled. What each part is for stands
// in src/dialects/profile.ts and src/dialects/dialect.ts.
import { skeleton } from './skeleton.mjs';

const name = process.argv[2] ?? '';
const kind = name.replaceAll(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
const group = `${name}.example.com`;

skeleton(name, `src/dialects/${name}`, {
  'profile.ts': `// What everybody may ask about the dialect of ${kind}.

import type { DialectProfile } from '../profile.js';

export const profile: DialectProfile = {
  name: '${name}',
  title: '${kind}',
  kinds: [{ group: '${group}', kinds: ['${kind}'] }],
  gatewaysFrom: 'a ${kind}',
  ways: { '${name}': '${kind}' },
  source: {
    wanted: '${kind}',
    part: ({ group, kind }) => (group === '${group}' && kind === '${kind}' ? 'translated' : undefined),
  },
};
`,
  'reader.ts': `// What a ${kind} means.

import type { Reader } from '../dialect.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = { name: '${name}', profile, read };
`,
  'index.ts': `// The dialect of ${kind}: it is only read.

export { reader as dialect } from './reader.js';
`,
  'read.ts': `// From objects to gateways: everything that makes one rule win over another is resolved here.

import type { EffectiveGateway } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadResult } from '../dialect.js';

export function read(catalog: Catalog): ReadResult {
  const gateways = catalog.ofKind('${group}/${kind}').map(
    ({ namespace, name }): EffectiveGateway => ({
      id: \`\${namespace}/\${name}\`,
      dialect: '${name}',
      engine: 'plain',
      listeners: [],
      unsupported: [],
    }),
  );
  return { gateways, notes: [] };
}
`,
});
