// Names: DNS labels and domains as Istio's validation reads them, and as the Kubernetes API server does.
// Istio: pkg/config/labels/instance.go, pkg/config/validation/agent/validation.go (source of 2026-08-22).
// Kubernetes: k8s.io/apimachinery/pkg/util/validation (1.36).

import { isIP } from 'node:net';

type Problem = string | undefined;

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*-?)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const QUALIFIED = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Istio's DNS label: at most 63 letters (both cases), digits and inner dashes. */
export const isLabel = (text: string): boolean => text.length <= 63 && LABEL.test(text);

export const isAddress = (text: string): boolean => isIP(text) !== 0;

/** `10.0.0.0/8`, `2001:db8::/32`; the address may have host bits. */
export function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  if (address === undefined || bits === undefined || rest.length || address.includes('%')) return false;
  const version = isIP(address);
  return version !== 0 && /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** ValidateIPSubnet: a CIDR where there is one slash, else an address. */
export const addressOrCidr = (text: string): Problem =>
  (text.split('/').length === 2 ? isCidr(text) : isAddress(text))
    ? undefined
    : `"${text}" is neither an IP address nor a CIDR block`;

const lengthProblem = (domain: string): Problem =>
  domain === ''
    ? 'the host name is empty'
    : domain.length > 255
      ? 'the host name is longer than 255 characters'
      : undefined;

/** ValidateDNS1123Labels: the last label may be empty (`example.com.`) and may not be a number. */
function labelsProblem(domain: string): Problem {
  const labels = domain.split('.');
  const last = labels[labels.length - 1]!;
  if (/^[+-]?\d{1,18}$/.test(last)) return `the last part of "${domain}" is a number`;
  for (const [i, label] of labels.entries()) {
    if (i === labels.length - 1 && label === '') return undefined;
    if (!isLabel(label)) return `"${label}" in "${domain}" is not a DNS label`;
  }
  return undefined;
}

export const fqdn = (domain: string): Problem => lengthProblem(domain) ?? labelsProblem(domain);

/** A domain whose first label may be `*`, `*foo` or `*-foo`. */
export function wildcardDomain(domain: string): Problem {
  const short = lengthProblem(domain);
  if (short) return short;
  const dot = domain.indexOf('.');
  const first = dot < 0 ? domain : domain.slice(0, dot);
  if (first.length > 63 || !WILDCARD_LABEL.test(first)) return `"${first}" in "${domain}" is not a DNS label`;
  return dot < 0 ? undefined : labelsProblem(domain.slice(dot + 1));
}

/** As `wildcardDomain`; with SNI routes also the generated names `outbound_.80_._.host`. */
export function gatewayBoundDomain(domain: string, sni: boolean): Problem {
  const short = lengthProblem(domain);
  if (short) return short;
  if (!sni || !domain.startsWith('outbound_')) return wildcardDomain(domain);
  const parts = domain.split('_');
  const port = (parts[1] ?? '').replaceAll(/^\.+|\.+$/g, '');
  const name = (parts[3] ?? '').replaceAll(/^\.+|\.+$/g, '');
  return parts.length >= 4 && /[0-9]/.test(port) && /[a-zA-Z]/.test(name)
    ? undefined
    : `"${domain}" does not have the form outbound_.<port>_._.<host>`;
}

export const isPartialWildcard = (host: string): boolean =>
  host.includes('*') && host.length !== 1 && !host.startsWith('*.');

/** The host part of a Gateway's `hosts`: no short names, no partial wildcards; an address is fine. */
export function gatewayHost(host: string): readonly string[] {
  const problems: string[] = [];
  if (host !== '*' && !host.includes('.'))
    problems.push(`"${host}" is a short name; write a full one, as clients send it`);
  const domain = wildcardDomain(host);
  if (domain && !isAddress(host)) problems.push(domain);
  if (isPartialWildcard(host)) problems.push(`"${host}" is a partial wildcard; only a whole first label can be "*"`);
  return problems;
}

/** Istio's check of label keys and values. */
export function labelProblem(key: string, value: string): Problem {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? '' : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if ((slash >= 0 && (prefix.length > 253 || !prefix.split('.').every((l) => LABEL.test(l)))) || !QUALIFIED.test(name))
    return `"${key}" is not a label key`;
  if (name.length > 63) return `the label key "${key}" is longer than 63 characters`;
  return value === '' || QUALIFIED.test(value) ? undefined : `"${value}" is not a label value`;
}

/* The API server's own names: lower case only. */

const DNS1123_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

export const dns1123Label = (text: string): Problem =>
  text.length <= 63 && DNS1123_LABEL.test(text)
    ? undefined
    : `"${text}" is not a DNS label (at most 63 lower case letters, digits and inner dashes)`;

export const dns1035Label = (text: string): Problem =>
  text.length <= 63 && /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/.test(text)
    ? undefined
    : `"${text}" is not a DNS label that begins with a letter (at most 63 lower case letters, digits and inner dashes)`;

export const dns1123Subdomain = (text: string): Problem =>
  text.length <= 253 && text.split('.').every((label) => DNS1123_LABEL.test(label))
    ? undefined
    : `"${text}" is not a lower case DNS name of at most 253 characters`;

export const wildcardSubdomain = (text: string): Problem =>
  text.startsWith('*.') && text.length <= 253 && dns1123Subdomain(text.slice(2)) === undefined
    ? undefined
    : `"${text}" is not a wildcard host: "*." followed by a lower case DNS name`;

/** `IsQualifiedName`: an optional DNS prefix and a name of at most 63 characters. */
export function qualifiedName(text: string): Problem {
  const parts = text.split('/');
  const name = parts[parts.length - 1]!;
  const prefixFine = parts.length === 1 || (parts.length === 2 && dns1123Subdomain(parts[0]!) === undefined);
  return prefixFine && name.length <= 63 && /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)
    ? undefined
    : `"${text}" is not a qualified name ([prefix/]name of letters, digits, "-", "_" and ".")`;
}

export const labelValue = (text: string): Problem =>
  text.length <= 63 && (text === '' || QUALIFIED.test(text)) ? undefined : `"${text}" is not a label value`;

/** `IsValidPortName` (IANA service names): at most 15, lower case, at least one letter, no double or outer dashes. */
export const portName = (text: string): Problem =>
  text.length <= 15 && /^[-a-z0-9]+$/.test(text) && /[a-z]/.test(text) && !text.includes('--') && !/^-|-$/.test(text)
    ? undefined
    : `"${text}" is not a port name (at most 15 lower case letters, digits and inner dashes, with a letter)`;

export const pathSegment = (text: string): Problem =>
  text === '.' || text === '..' || /[/%]/.test(text) ? `"${text}" is not allowed as part of a path` : undefined;
