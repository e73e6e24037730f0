// Each condition of the Gateway API that says no, with its reason: what `status` says by the standard and by Istio, and that lint says it,
// too. One folder of fixtures per reason.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lint } from '../src/api/lint.js';
import { load } from '../src/api/load.js';
import { statusesOf } from '../src/api/status.js';
import { formatResource, isNotable, type ObjectStatus, type StatusCondition, shortKind } from '../src/model/index.js';

const FOLDER = 'fixtures/gateway-api-conditions';

interface Notable extends StatusCondition {
  /** The object, and the part of it. */
  readonly place: string;
}

const notable = (statuses: readonly ObjectStatus[]): Notable[] =>
  statuses.flatMap(({ resource, conditions = [], listeners = [], parents = [], ancestors = [] }) => {
    const of = (place: string, list: readonly StatusCondition[]) =>
      list.filter(isNotable).map((c) => ({ ...c, place: `${formatResource(resource)}${place}` }));
    return [
      ...of('', conditions),
      ...listeners.flatMap((l) => of(` listener ${l.name}`, l.conditions)),
      ...[...parents, ...ancestors].flatMap((p) =>
        of(` at ${shortKind(p.kind)} ${p.namespace}/${p.name}`, p.conditions),
      ),
    ];
  });

const words = ({ type, status, reason }: StatusCondition) => `${type}=${status ? 'True' : 'False'} (${reason})`;

/**
 * Every reason of the Go types that a condition which says no, or warns, can have (apis/v1 of sigs.k8s.io/gateway-api v1.6.3), and Istio's
 * own (conditions.go, backend_policies.go, 2026-08-27): whose status has it in a fixture, or why nobody's.
 */
const WAITING = 'said until a controller has looked at the object';
const CLUSTER = 'depends on what the cluster has, not on the files';
const ADMISSION = 'the API server refuses such an object (schema, CEL): lint says that';
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GatewayClass: {
    'Accepted=False (InvalidParameters)': 'both',
    'Accepted=Unknown (Pending)': WAITING,
    'Accepted=False (Unsupported)': 'a class of a controller that is not here',
    'SupportedVersion=False (UnsupportedVersion)': CLUSTER,
  },
  Gateway: {
    'Accepted=False (InvalidParameters)': 'both',
    'Accepted=False (UnsupportedAddress)': 'both',
    'Accepted=False (ListenersNotValid)': 'both',
    'Accepted=False (DeprecatedField)': 'istio',
    'Accepted=Unknown (Pending)': WAITING,
    'Accepted=False (NotReconciled)': WAITING,
    'Programmed=False (UnsupportedAddress)': 'both',
    'Programmed=False (AddressNotUsable)': 'both',
    'Programmed=False (AddressNotAssigned)': 'istio',
    'Programmed=False (NoResources)': CLUSTER,
    'Programmed=False (Invalid)': 'nobody says which configuration it means',
    'ResolvedRefs=False (RefNotPermitted)': 'both',
    'ResolvedRefs=False (InvalidClientCertificateRef)': 'both',
    'ResolvedRefs=False (ListenersNotResolved)': 'standard',
    'InsecureFrontendValidationMode=True (ConfigurationChanged)': 'both',
  },
  listener: {
    'Accepted=False (UnsupportedProtocol)': 'both',
    'Accepted=False (NoValidCACertificate)': 'both',
    'Accepted=False (HostnameConflict)': 'both',
    'Accepted=False (ProtocolConflict)': 'both',
    'Accepted=False (PortUnavailable)': CLUSTER,
    'Accepted=False (UnsupportedValue)': ADMISSION,
    'Accepted=False (TooManyListeners)': 'a limit that an implementation may have; nobody here has one',
    'Programmed=False (Invalid)': 'both',
    'Programmed=False (HostnameConflict)': 'both',
    'Programmed=False (ProtocolConflict)': 'both',
    'Conflicted=True (HostnameConflict)': 'both',
    'Conflicted=True (ProtocolConflict)': 'both',
    'Conflicted=True (ListenerConflict)': 'the suite and Istio say which of the two it is',
    'ResolvedRefs=False (InvalidCertificateRef)': 'both',
    'ResolvedRefs=False (InvalidRouteKinds)': 'both',
    'ResolvedRefs=False (RefNotPermitted)': 'both',
    'ResolvedRefs=False (InvalidCACertificateRef)': 'both',
    'ResolvedRefs=False (InvalidCACertificateKind)': 'both',
    'OverlappingTLSConfig=True (OverlappingHostnames)': 'standard',
    'OverlappingTLSConfig=True (OverlappingCertificates)': 'the names in certificates are not looked at',
  },
  ListenerSet: {
    'Accepted=False (NotAllowed)': 'both',
    'Accepted=False (ParentNotAccepted)': 'standard',
    'Accepted=False (UnsupportedAddress)': 'istio',
    'Accepted=False (ListenersNotValid)': 'both',
    'Programmed=False (NotAllowed)': 'both',
    'Programmed=False (UnsupportedAddress)': 'istio',
    'Programmed=False (ListenersNotValid)': 'both',
    'Programmed=False (AddressNotUsable)': 'istio',
    'Programmed=False (AddressNotAssigned)': 'istio',
    'Programmed=False (ParentNotProgrammed)': 'standard',
  },
  Route: {
    'Accepted=False (NotAllowedByListeners)': 'both',
    'Accepted=False (NoMatchingListenerHostname)': 'both',
    'Accepted=False (NoMatchingParent)': 'both',
    'Accepted=False (UnsupportedValue)': 'standard',
    'Accepted=False (IncompatibleFilters)': ADMISSION,
    'Accepted=Unknown (Pending)': WAITING,
    'ResolvedRefs=False (RefNotPermitted)': 'both',
    'ResolvedRefs=False (InvalidKind)': 'both',
    'ResolvedRefs=False (BackendNotFound)': 'both',
    'ResolvedRefs=False (UnsupportedProtocol)': 'standard',
    'ResolvedRefs=False (InvalidDestination)': 'istio',
    'ResolvedRefs=False (InvalidFilter)': 'istio',
    'ResolvedRefs=False (InvalidConfiguration)': ADMISSION,
    'PartiallyInvalid=True (UnsupportedValue)': 'standard',
  },
  BackendTLSPolicy: {
    'Accepted=False (Conflicted)': 'both',
    'Accepted=False (Invalid)': 'both',
    'Accepted=False (TargetNotFound)': 'both',
    'Accepted=False (NoValidCACertificate)': 'both',
    'Accepted=False (IgnoredByIstio)': 'istio',
    'ResolvedRefs=False (InvalidCACertificateRef)': 'both',
    'ResolvedRefs=False (InvalidKind)': 'both',
  },
};

const WHOSE = ['standard', 'istio', 'both'];
const kindOf = (line: string): string => {
  const kind = /^\w+/.exec(line)?.[0] ?? '';
  return / listener \S+: /.test(line) ? 'listener' : kind.endsWith('Route') ? 'Route' : kind;
};

test('every reason has a fixture, or a reason why it has none', () => {
  const found: Record<string, Record<string, Set<string>>> = {};
  for (const name of readdirSync(FOLDER)) {
    let whose = '';
    for (const line of readFileSync(join(FOLDER, name, 'expected.txt'), 'utf8').split('\n')) {
      if (line.startsWith('# ')) whose = line.slice(2);
      const said = /: (\w+=\w+ \(\w+\)): /.exec(line)?.[1];
      if (said === undefined || line.startsWith(' ')) continue;
      const ofKind = (found[kindOf(line)] ??= {});
      (ofKind[said] ??= new Set()).add(whose);
    }
  }
  const inWords = (set: Set<string>) => (set.size === 2 ? 'both' : [...set].join());
  const covered = Object.fromEntries(
    Object.entries(found).map(([kind, reasons]) => [
      kind,
      Object.fromEntries(Object.entries(reasons).map(([reason, set]) => [reason, inWords(set)])),
    ]),
  );
  const wanted = Object.fromEntries(
    Object.entries(REASONS).map(([kind, reasons]) => [
      kind,
      Object.fromEntries(Object.entries(reasons).filter(([, whose]) => WHOSE.includes(whose))),
    ]),
  );
  expect(covered).toEqual(wanted);
});

/** `flags.json`: values of flags, by name. */
function flagsOf(name: string): { readonly flags?: Readonly<Record<string, string>> } {
  const file = join(FOLDER, name, 'flags.json');
  return existsSync(file) ? { flags: JSON.parse(readFileSync(file, 'utf8')) } : {};
}

describe('conditions that say no', () => {
  for (const name of readdirSync(FOLDER).sort())
    test(name, async () => {
      const parts: string[] = [];
      const unsaid: string[] = [];
      for (const implementation of ['standard', 'istio'] as const) {
        const text = readFileSync(join(FOLDER, name, 'input.yaml'), 'utf8');
        const config = await load({ file: 'input.yaml', text }, { ...flagsOf(name), implementation });
        const conditions = notable(statusesOf(config));
        const { diagnostics } = await lint(config);
        parts.push(
          `# ${implementation}`,
          ...conditions.map((c) => `${c.place}: ${words(c)}: ${c.message}`),
          ...diagnostics.map((d) => `  ${d.severity} ${d.code} ${d.message}`),
        );
        for (const c of conditions)
          if (!diagnostics.some((d) => d.message.includes(words(c))))
            unsaid.push(`${implementation}: ${c.place}: ${words(c)}`);
      }
      await expect(`${parts.join('\n')}\n`).toMatchFileSnapshot(join('..', FOLDER, name, 'expected.txt'));
      expect(unsaid).toEqual([]);
    });
});
