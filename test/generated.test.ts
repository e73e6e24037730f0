// Files that are generated from the folder listing: this test is the generator.
// Stale? `npx vitest run test/generated.test.ts -u` writes them; read the diff.
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const header = (from: string) =>
  `// Generated from the listing of ${from} by test/generated.test.ts. Do not edit: npx vitest run test/generated.test.ts -u\n\n`;

const camel = (name: string) => name.replace(/-(\w)/g, (_, c: string) => c.toUpperCase());

test('src/dialects/index.gen.ts lists every dialect that reads', async () => {
  const names = readdirSync('src/dialects', { withFileTypes: true })
    .filter((d) => d.isDirectory() && d.name !== 'envoy' && existsSync(`src/dialects/${d.name}/index.ts`))
    .map((d) => d.name)
    .sort();
  const text = `${header('src/dialects')}import type { Dialect } from './dialect.js';
${names.map((n) => `import { dialect as ${camel(n)} } from './${n}/index.js';`).join('\n')}

export const dialects: readonly Dialect[] = [${names.map(camel).join(', ')}];
`;
  await expect(text).toMatchFileSnapshot('../src/dialects/index.gen.ts');
});
