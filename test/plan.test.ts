// The plan of a move: one verdict for each object, decisions and work once for all of them, and decisions that were made before.
import { expect, test } from 'vitest';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import type { Decisions } from '../src/convert/decided.js';
import { type Plan, plan } from '../src/convert/plan.js';
import { planMarkdown } from '../src/report/plan-markdown.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from './convert/sources.js';
import { folderOf, meshgwIn } from './run-cli.js';

const rule = (host: string) =>
  `[{host: ${host}, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}]}}]`;

const ingress = (name: string, host: string, more: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, annotations: {${more}}}
spec: {ingressClassName: nginx, tls: [{hosts: [${host}], secretName: ${name}-cert}], rules: ${rule(host)}}
---`;

const BASIC = 'nginx.ingress.kubernetes.io/auth-type: basic, nginx.ingress.kubernetes.io/auth-secret: users';

const TEXT = [
  ingress('app', 'a.example.com', BASIC),
  ingress('other', 'b.example.com', BASIC),
  ingress('open', 'c.example.com', 'nginx.ingress.kubernetes.io/ssl-redirect: "false"'),
  ingress('short', 'under_score.example.com', 'nginx.ingress.kubernetes.io/ssl-redirect: "false"'),
].join('\n');

function planned(answers: Decisions = {}): Plan {
  const catalog = catalogOf(parseSource('input.yaml', TEXT).resources);
  return plan(convert(catalog, { from: 'ingress', to: 'istio' }, writerOf, {}, {}), answers);
}

const verdicts = ({ objects }: Plan) => Object.fromEntries(objects.map((o) => [o.resource, [o.step, o.verdict]]));

test('one verdict each, the easiest first; work in the cluster is no decision', () => {
  const found = planned();
  expect(verdicts(found)).toEqual({
    'Ingress default/open': [1, 'ready'],
    'Ingress default/app': [2, 'ready after decisions'],
    'Ingress default/other': [3, 'ready after decisions'],
    'Ingress default/short': [4, 'cannot move'],
  });
  expect(found.objects.at(-1)!.why).toMatchObject([
    { feature: 'host', message: expect.stringContaining('invalid in a DNS label') },
  ]);
  expect(found.objects[1]!.decisions.toSorted()).toEqual(['condition.basic-auth', 'redirect.trailing-slash']);
  expect(found.objects[1]!.tasks).toEqual(['tls.secret-namespace']);
});

test('a decision is there once, with its objects', () => {
  const { decisions, tasks } = planned();
  expect(decisions.filter((d) => d.feature === 'condition.basic-auth')).toMatchObject([
    { objects: ['Ingress default/app', 'Ingress default/other'], answers: ['closed', 'open'], group: 'refused' },
  ]);
  expect(new Set(decisions.map((d) => d.feature)).size).toBe(decisions.length);
  // What holds for the whole gateway comes last.
  expect(decisions.at(-1)!.objects).toEqual([]);
  expect(tasks.find((t) => t.feature === 'tls.secret-namespace')!.statements).toHaveLength(4);
});

test('what is decided is silent', () => {
  const found = planned({ 'condition.basic-auth': 'closed', 'redirect.trailing-slash': 'accept', host: 'accept' });
  expect(new Set(found.objects.map((o) => o.verdict))).toEqual(new Set(['ready']));
  expect(found.decided).toEqual(['condition.basic-auth', 'host', 'redirect.trailing-slash']);
  expect(found.decisions.filter((d) => d.objects.length > 0)).toEqual([]);
  // No answer that the feature has.
  expect(planned({ 'condition.basic-auth': 'accept' }).decided).toEqual([]);
});

test('as a checklist', () => {
  const text = planMarkdown(planned());
  expect(text).toMatch(/^# Moving 4 objects\n/);
  expect(text).toMatch(
    /## To decide\n\n- \[ \] \*\*Basic authentication\*\* \(`condition\.basic-auth`\): .*closed until somebody decides.*\(Ingress default\/app, Ingress default\/other\)/,
  );
  expect(text).toContain('    condition.basic-auth: closed # or open\n');
  expect(text).toMatch(
    /## To do in the cluster\n\n- \[ \] \*\*Headers about the client[^\n]*\n(?: {2}→[^\n]*\n)?- \[ \] \*\*Secret in another namespace\*\* .*:\n {2}- \[ \] copy Secret/,
  );
  expect(text).toMatch(
    /- \[ \] step 1: Ingress default\/open \(c\.example\.com\): ready\n- \[ \] step 2: Ingress default\/app .*: ready after 2 decisions: `condition\.basic-auth`/,
  );
  expect(text).toMatch(
    /step 4: Ingress default\/short \(under\\_score\.example\.com\): cannot move: `host`: a host of one label/,
  );
  expect(text).not.toContain('field.closed');
});

const CONFIG = 'convert: {decisions: {condition.basic-auth: closed, redirect.trailing-slash: accept, host: accept}}\n';

test('meshgw.config.yaml answers for every run: nothing is refused, nothing is listed', async () => {
  const cwd = folderOf({ 'in.yaml': TEXT, 'meshgw.config.yaml': CONFIG, 'none.yaml': 'lint: {}' });
  const ask = ['convert', 'ingress-to-istio', '-f', 'in.yaml', '--verify'];
  const before = await meshgwIn(cwd, [...ask, '--config', 'none.yaml']);
  expect(before.code).toBe(1);
  expect(before.err).toMatch(/Not supported by the target[\s\S]*condition\.basic-auth/);
  const { code, err, out } = await meshgwIn(cwd, [...ask, '--report', 'report.json']);
  expect([code, err.includes('Not supported by the target')]).toEqual([0, false]);
  expect(err).toMatch(/^decided in meshgw\.config\.yaml: /m);
  expect(err).not.toMatch(/announced \((redirect\.trailing-slash|condition\.basic-auth)\)/);
  expect(out).toBe(before.out);
  const text = await meshgwIn(cwd, ['convert', 'ingress-to-istio', '-f', 'in.yaml', '--plan']);
  expect(text.out).toMatch(/\n4 ready, 0 ready after decisions, 0 cannot move\n$/);
});

test('open: written without the protection, for this feature alone', async () => {
  const cwd = folderOf({
    'in.yaml': TEXT,
    'meshgw.config.yaml': CONFIG.replace('closed', 'open'),
    'none.yaml': 'lint: {}',
  });
  const ask = ['convert', 'ingress-to-istio', '-f', 'in.yaml', '--verify'];
  const { code, out } = await meshgwIn(cwd, ask);
  expect([code, out.includes('CLOSED')]).toEqual([0, false]);
  expect(out).toBe((await meshgwIn(cwd, [...ask, '--fail-open', '--config', 'none.yaml'])).out);
});

test.each([
  [
    '{redirect.trailing-slsh: accept}',
    'unknown feature `redirect.trailing-slsh`',
    'did you mean `redirect.trailing-slash`?',
  ],
  ['{condition.basic-auth: accept}', 'is `accept`', 'allowed here: closed, open'],
  ['{redirect.trailing-slash: open}', 'is `open`', 'allowed here: accept'],
])('a wrong answer is refused at its place: %s', async (decisions, ...messages) => {
  const cwd = folderOf({ 'in.yaml': TEXT, 'meshgw.config.yaml': `convert: {decisions: ${decisions}}\n` });
  const { code, err } = await meshgwIn(cwd, ['convert', 'ingress-to-istio', '-f', 'in.yaml']);
  expect(code).toBe(2);
  expect(err).toContain('meshgw.config.yaml:1:');
  for (const message of messages) expect(err).toContain(message);
});
