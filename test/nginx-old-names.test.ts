// Annotations of old releases of ingress-nginx: lint names what does the same today.
import { expect, test } from 'vitest';
import { OLD_NAMES } from '../src/dialects/ingress-nginx/annotations/old-names.js';
import { annotationFindings, annotationTable } from '../src/dialects/ingress-nginx/index.js';
import { parseSource } from '../src/sources/index.js';

test('an old name is told with the one of today', () => {
  const text = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  annotations:
    nginx.ingress.kubernetes.io/secure-backends: "true"
spec: {ingressClassName: nginx}
`;
  const [ingress] = parseSource('input.yaml', text).resources;
  expect(annotationFindings(ingress!)).toEqual([
    {
      code: 'unknown',
      message:
        'secure-backends is an annotation of old releases, without an effect today; instead: backend-protocol: HTTPS',
      path: ['metadata', 'annotations', 'nginx.ingress.kubernetes.io/secure-backends'],
    },
  ]);
});

test('no old name is one of today', () => {
  expect(annotationTable.map(({ name }) => name).filter((name) => OLD_NAMES.has(name))).toEqual([]);
});
