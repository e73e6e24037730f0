// Values that flags and meshgw.config.yaml take alike: read, or refused with what was wanted.

import { CannotRunError } from '../diagnostics/index.js';
import type { AssumedGateway, ReadOptions, WriteOptions } from '../dialects/dialect.js';
import { ingressWords } from '../dialects/ingress-owner.js';
import type { DialectFlag } from '../dialects/profile.js';
import { IMPLEMENTATIONS } from '../model/index.js';

/** Of `--assume-gateway`. Throws CannotRunError for anything else. */
export function assumedGateway(text: string): AssumedGateway {
  const [, namespace = '', name = '', list] = /^([a-z0-9-]+)\/([a-z0-9.-]+)(?:=(.*))?$/.exec(text) ?? [];
  const hosts = list?.split(',').map((host) => host.trim());
  if (name === '' || hosts?.some((host) => !/^(\*|(\*\.)?[a-z0-9.-]+)$/i.test(host)))
    throw new CannotRunError(
      `--assume-gateway ${JSON.stringify(text)} is not NAMESPACE/NAME or NAMESPACE/NAME=HOST,…`,
      'for example --assume-gateway istio-ingress/public=shop.example.com,*.example.org',
    );
  return { namespace, name, ...(hosts ? { hosts } : {}) };
}

/** Of one `--class NAME=CONTROLLER`. Throws CannotRunError for anything else. */
export function classOf(text: string): readonly [name: string, word: string] {
  const [name, word, ...rest] = text.split('=');
  if (!name || !word || rest.length > 0 || !ingressWords.includes(word))
    throw new CannotRunError(
      `--class ${JSON.stringify(text)} is not NAME=CONTROLLER`,
      `CONTROLLER is one of ${ingressWords.join(', ')}, for example --class internal=nginx`,
    );
  return [name, word];
}

/** Of one `--service-port [NAMESPACE/SERVICE:]NAME=NUMBER`: what is named, and the number. Throws CannotRunError for anything else. */
export function servicePort(text: string): readonly [port: string, number: number] {
  const [, port = '', number = ''] = /^((?:[a-z0-9-]+\/[a-z0-9-]+:)?[a-z0-9-]+)=([0-9]{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(number) < 1 || Number(number) > 65535)
    throw new CannotRunError(
      `--service-port ${JSON.stringify(text)} is not NAME=NUMBER or NAMESPACE/SERVICE:NAME=NUMBER`,
      'for example --service-port http=80, or --service-port shop/web:http=8080 for one Service',
    );
  return [port, Number(number)];
}

/** Of `--implementation`. Throws CannotRunError for what is none. */
export function implementation(text: string): NonNullable<ReadOptions['implementation']> {
  const known = IMPLEMENTATIONS.find((name) => name === text);
  if (known !== undefined) return known;
  throw new CannotRunError(
    `--implementation ${JSON.stringify(text)} is not supported`,
    `one of ${IMPLEMENTATIONS.join(', ')}`,
  );
}

/** Of `--default-tls-secret`. Throws CannotRunError for anything else. */
export function secretName(text: string): NonNullable<WriteOptions['defaultTlsSecret']> {
  const [namespace, name, ...rest] = text.split('/');
  if (!namespace || !name || rest.length > 0)
    throw new CannotRunError(
      `--default-tls-secret ${JSON.stringify(text)} is not NAMESPACE/NAME`,
      'for example --default-tls-secret istio-system/wildcard-cert',
    );
  return { namespace, name };
}

/** Of `--target-gateway`. Throws CannotRunError for anything else. */
export function targetGateway(text: string): NonNullable<WriteOptions['targetGateway']> {
  const [, namespace, label, value] = /^([a-z0-9-]+)\/([^=,\s]+)=([A-Za-z0-9._-]+)$/.exec(text) ?? [];
  if (!namespace || !label || !value)
    throw new CannotRunError(
      `--target-gateway ${JSON.stringify(text)} is not NAMESPACE/LABEL=VALUE`,
      'for example --target-gateway istio-ingress/istio=ingress',
    );
  return { namespace, labels: Object.fromEntries([[label, value]]) };
}

/** What commander and meshgw.config.yaml call a flag: `traefikStatic` for `traefik-static`. */
export const flagKey = ({ name }: Pick<DialectFlag, 'name'>): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
