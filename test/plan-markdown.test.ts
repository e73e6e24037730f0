// The plan of a move as a Markdown checklist.
import { expect, test } from 'vitest';
import { writerOf } from '../src/api/writers.js';
import { convert } from '../src/convert/convert.js';
import { plan } from '../src/convert/plan.js';
import { planMarkdown } from '../src/report/plan-markdown.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from './convert/sources.js';

const TEXT = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app
  annotations: {nginx.ingress.kubernetes.io/auth-type: basic, nginx.ingress.kubernetes.io/auth-secret: users}
spec:
  ingressClassName: nginx
  tls: [{hosts: [a.example.com], secretName: cert}]
  rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}]}}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: open
  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "false"}
spec:
  ingressClassName: nginx
  rules: [{host: b.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}]}}]
`;

test('decisions and work in the cluster once, then each object in the order of the move', () => {
  const catalog = catalogOf(parseSource('input.yaml', TEXT).resources);
  const text = planMarkdown(plan(convert(catalog, 'ingress', 'istio', writerOf, {}, {})));
  expect(text).toMatch(/^# Moving 2 objects\n/);
  expect(text).toMatch(
    /## To decide\n\n- \[ \] `condition\.basic-auth`: .*closed until somebody decides.*\(Ingress default\/app\)/,
  );
  expect(text).toMatch(/## To do in the cluster\n\n- \[ \] `tls\.secret-namespace`: copy Secret default\/cert/);
  expect(text).toMatch(
    /- \[ \] step 1: Ingress default\/open \(b\.example\.com\): ready\n- \[ \] step 2: Ingress default\/app .*: ready after \d decisions: `condition\.basic-auth`/,
  );
  expect(text).not.toContain('field.closed');
});
