// Before it is packaged: the client library and the extension in one file, the schema of meshgw.config.yaml and the licence beside it.
import { copyFileSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: ['extension.cjs'],
  outfile: 'dist/extension.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  minify: true,
});
copyFileSync('../../schemas/meshgw.config.schema.json', 'meshgw.config.schema.json');
copyFileSync('../../LICENSE', 'LICENSE');
