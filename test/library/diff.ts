import { diff, load } from 'meshgw';

const before = await load('fixtures/article/ingress.yaml');
const after = await load('fixtures/article/gateway.yaml');
const { equivalent, differences } = diff(before, after);
console.log(equivalent);
for (const { request, before: old, after: now } of differences)
  console.log(`${request.method} ${request.host}${request.path}: ${old.status} → ${now.status}`);
