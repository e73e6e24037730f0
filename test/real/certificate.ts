// The certificate of every TLS server of a run: gateways and the echo behind them.
import { generate } from 'selfsigned';

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export async function makePair(): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: 'meshgw-real' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: '*' }] }],
  });
  return { certificate: made.cert, key: made.private };
}
