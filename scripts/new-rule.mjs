// npm run new:rule NAME: a file with one lint rule that looks at Services, with the next free code. What each part is for stands in
// src/lint/rule.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { skeleton } from './skeleton.mjs';

const name = process.argv[2] ?? '';
const taken = ['lint', 'dialects'].flatMap((folder) =>
  readdirSync(`src/${folder}`, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(`src/${folder}/${file}`, 'utf8').matchAll(/'MGW(\d{4})'/g)].map(([, code]) => Number(code)),
    ),
);
const code = `MGW${String(Math.max(...taken) + 1).padStart(4, '0')}`;

skeleton(name, 'src/lint/rules', {
  [`${name}.ts`]: `// What the rule finds, and where that is known from.

import { originOf } from '../../model/index.js';
import { service } from '../examples.js';
import type { Rule } from '../rule.js';

export const rules: readonly Rule[] = [
  {
    code: '${code}',
    name: '${name}',
    severity: 'warning',
    category: 'note',
    title: 'One line without a full stop',
    docs: () => ({
      happens: 'What happens at run time.',
      instead: 'What to write in its place.',
      bad: service('ports: [{name: http, port: 80}]', 'bad'),
      good: service('ports: [{name: http, port: 80}]', 'good'),
    }),
    check: ({ catalog }, report) => {
      for (const resource of catalog.ofKind('/Service'))
        if (resource.name === 'bad') report({ message: 'what is wrong, and what to do', at: originOf(resource, 'metadata', 'name') });
    },
  },
];
`,
});
