// The main job on the article's two configurations, as a newcomer would try it. `npm run demo`; fails when an answer is not the expected one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/meshgw.js', import.meta.url));
if (!existsSync(new URL('../../dist/bundle/main.js', import.meta.url)))
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });

let failures = 0;
/** Shows a command and its output; `expected` is its exit code, `has` a text that it has to print. */
function step(title, args, expected, has) {
  console.log(`\n── ${title}\n$ meshgw ${args.map((a) => (/^[\w./:=@-]+$/.test(a) ? a : `'${a}'`)).join(' ')}`);
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: root, encoding: 'utf8' });
  process.stdout.write(run.stdout + run.stderr);
  const output = run.stdout + run.stderr;
  if (run.status !== expected || !output.includes(has)) {
    failures++;
    console.log(`!! expected exit code ${expected} and ${JSON.stringify(has)}, got exit code ${run.status}`);
  }
}

const ingress = 'fixtures/article/ingress.yaml';
const gateway = 'fixtures/article/gateway.yaml';
step("Lint the article's Ingress", ['lint', ingress], 0, 'networking.k8s.io/v1beta1');
step("Lint the article's Gateway and VirtualService", ['lint', gateway], 0, 'prefix');
step(
  'The Ingress in Istio’s words',
  ['convert', 'ingress-to-istio', '-f', ingress, '--verify'],
  0,
  'kind: VirtualService',
);
step(
  'Where does /status/200 go?',
  ['simulate', '-f', gateway, 'http://httpbin.example.com/status/200'],
  0,
  'httpbin.default.svc.cluster.local:8000',
);
step(
  '/statuses through the Gateway: forwarded',
  ['simulate', '-f', gateway, 'http://httpbin.example.com/statuses'],
  0,
  '200',
);
step(
  '/statuses through the Ingress: 404',
  ['simulate', '-f', ingress, 'http://httpbin.example.com/statuses', '--trace'],
  0,
  '404',
);
step('The two "equal" examples are not equal', ['diff', ingress, gateway], 1, '/status');

console.log(failures === 0 ? '\nThe demo ran as expected.' : `\n${failures} steps did not go as expected.`);
process.exitCode = failures === 0 ? 0 : 1;
