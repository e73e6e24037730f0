// What the dialects had to leave out when they read the files, and what their controllers make of it: each of their notes is a finding.

import type { ReadNote } from '../../dialects/dialect.js';
import type { NoteRule } from '../../dialects/note-rule.js';
import { noteRulesOf } from '../../dialects/note-rules.gen.js';
import {
  formatPath,
  formatResource,
  type GatewayRequest,
  type Origin,
  portText,
  type Resource,
  valueAt,
} from '../../model/index.js';
import { GROUP_OF_NOTHING } from '../../resources/closed-rules.js';
import { numberOf, objectOf, objectsOf, specOf, stringMapOf } from '../../resources/fields.js';
import { commonNotes } from '../common-notes.js';
import type { LintContext } from '../context.js';
import type { Rule } from '../rule.js';
import { formatSelector } from '../selectors.js';
import { statusRefusals } from '../status-refusals.js';
import { together } from '../together.js';
import { istioGateways } from '../virtual-service-parts.js';
import { OWN_RULES } from './port-not-opened.js';

const TABLE: readonly (NoteRule & { readonly dialect?: string })[] = [
  ...commonNotes,
  ...Object.entries(noteRulesOf).flatMap(([dialect, rules]) => rules.map((rule) => ({ ...rule, dialect }))),
];

/** `ingress-ignored` is one of the findings about annotations. */
const named = new Set([...TABLE.flatMap(({ notes }) => notes), ...OWN_RULES, 'ingress-ignored']);
const keyOf = ({ resource, path }: Origin): string => `${resource.order} ${formatPath(path)}`;

/** What the status of Gateway API objects will say, by the place that it is about: type, reason and message of the condition. */
function conditionsByPlace({ catalog, dialects, notes }: LintContext): ReadonlyMap<string, string> {
  if (!notes.some(({ code }) => code.startsWith('route-') || code.startsWith('listener-'))) return new Map();
  const refusals = statusRefusals(dialects?.statuses(catalog) ?? []);
  return new Map(refusals.map(({ message, origin }) => [keyOf(origin), message]));
}

/** What a server of an Istio Gateway loses to another one of the same workload. */
const RIVALRIES = ['server-skipped', 'listener-rejected'];

/** The Gateways that share the workload and the port are of files that are not applied with this one. */
function hasOnlyStrangers({ catalog }: LintContext, { resource, path }: Origin): boolean {
  const selectorOf = (gateway: Resource) => formatSelector(stringMapOf(specOf(gateway).selector));
  const portsOf = (gateway: Resource) =>
    objectsOf(specOf(gateway).servers).map((server) => numberOf(objectOf(server.port)?.number));
  const port = portsOf(resource)[Number(path[2])];
  const others = istioGateways(catalog).filter(
    (g) => g !== resource && selectorOf(g) === selectorOf(resource) && portsOf(g).includes(port),
  );
  return others.length > 0 && !others.some((other) => together(catalog).areTogether(resource, other));
}

/** A translation wrote that nobody is behind it. */
const isOnPurpose = ({ resource, path }: Origin): boolean =>
  objectOf(valueAt(resource.object, path))?.group === GROUP_OF_NOTHING;

/** `its requests go to default/web:80 (IngressRoute default/rest, spec.routes[0])`. */
function insteadOf({ gateways, answer }: LintContext, dialect: string | undefined, witness: GatewayRequest): string {
  const gateway = gateways.find((g) => g.dialect === dialect);
  const found = gateway && answer?.(gateway, witness);
  if (!found) return 'its requests go to the next router that matches';
  const { route: taken, status } = found;
  if (!taken) return `its requests are answered ${status ?? 404}`;
  const where = `${formatResource(taken.origin.resource)}, ${formatPath(taken.origin.path)}`;
  const { action } = taken;
  if (action.kind !== 'forward') return `its requests are answered ${status ?? 404} by ${where}`;
  const names = action.destinations.map(({ to }) => ('host' in to ? `${to.host}:${portText(to)}` : `${to.status}`));
  return `its requests go to ${[...new Set(names)].join(' or ')} (${where})`;
}

export const rules: readonly Rule[] = TABLE.map(
  ({ notes, open, elsewhere, dialect, category = 'note' as const, ...words }) => ({
    ...words,
    category,
    check: (context, report) => {
      const conditions = conditionsByPlace(context);
      const isOpen = (note: ReadNote): boolean =>
        open?.includes(note.code) === true ||
        isOnPurpose(note.origin) ||
        (RIVALRIES.includes(note.code) && hasOnlyStrangers(context, note.origin));
      for (const note of context.notes) {
        const { code, message, origin, witness } = note;
        if (notes.length ? !notes.includes(code) : named.has(code)) continue;
        const said = (notes.length ? conditions.get(keyOf(origin)) : undefined) ?? message;
        report({
          message: elsewhere && witness ? `${said}; ${insteadOf(context, dialect, witness)}` : said,
          at: origin,
          ...(witness ? { witness } : {}),
          ...(isOpen(note) ? { severity: 'warning' } : {}),
        });
      }
    },
  }),
);
