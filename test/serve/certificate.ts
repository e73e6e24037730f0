// Certificates for tests.

import { generate } from 'selfsigned';

/** A key pair for `names`, signed by itself. PEM. */
export async function certificateFor(...names: string[]): Promise<{ readonly cert: string; readonly key: string }> {
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A Secret as YAML. */
export const secretYaml = (name: string, namespace: string, { cert, key }: { cert: string; key: string }): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name}, namespace: ${namespace} }\ntype: kubernetes.io/tls\ndata:\n  tls.crt: ${Buffer.from(cert).toString('base64')}\n  tls.key: ${Buffer.from(key).toString('base64')}\n`;
