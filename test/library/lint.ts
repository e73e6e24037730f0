import { lint, load } from 'meshgw';

const config = await load('fixtures/article');
const { diagnostics, summary } = await lint(config, { preset: 'strict', rules: { MGW0432: 'off' } });
for (const { code, severity, position, message } of diagnostics.slice(0, 3))
  console.log(`${position.file}:${position.line} ${severity} ${code} ${message}`);
console.log(summary);
