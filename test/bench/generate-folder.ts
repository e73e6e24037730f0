// The folder that the speed of lint is measured on: 5,000 VirtualServices of 10 rules and 5,000 Services, 10 MB of
// YAML, 10,000 documents, as one large team's generator would write them. Deterministic.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FolderSize {
  readonly virtualServices: number;
  readonly rules: number;
}

export const FULL_SIZE: FolderSize = { virtualServices: 5000, rules: 10 };

function rule(service: number, index: number): string {
  return `  - match:
    - uri:
        prefix: /api/v${index}/resource-${service}
    route:
    - destination:
        host: svc-${service}.team-${service % 50}.svc.cluster.local
        port:
          number: ${8080 + (index % 3)}
`;
}

const virtualService = (n: number, rules: number): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: vs-${n}
  namespace: team-${n % 50}
spec:
  hosts:
  - app-${n}.example.com
  gateways:
  - istio-system/public
  http:
${Array.from({ length: rules }, (_, i) => rule(n, i)).join('')}`;

const service = (n: number): string => `apiVersion: v1
kind: Service
metadata:
  name: svc-${n}
  namespace: team-${n % 50}
spec:
  selector:
    app: svc-${n}
  ports:
  - name: http
    port: 8080
  - name: http-alt
    port: 8081
  - name: http-admin
    port: 8082
`;

const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: istio-system
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - '*.example.com'
`;

/** The documents as one YAML text. */
export function generateText({ virtualServices, rules }: FolderSize = FULL_SIZE): string {
  const documents = [GATEWAY];
  for (let n = 0; n < virtualServices; n++) documents.push(virtualService(n, rules), service(n));
  return documents.join('---\n');
}

/** Writes the text as one file into `folder`, and returns its path. */
export function generateFolder(folder: string, size: FolderSize = FULL_SIZE): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'all.yaml');
  writeFileSync(file, generateText(size));
  return file;
}
