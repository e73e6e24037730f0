// What the gateways of the model become before it is joined and has names: Gateways with their servers, VirtualServices that are bound to
// them, and what the policies of each workload contain.

import type { DestinationRulesWritten } from '../../../implementations/istio/write/destination-rules.js';
import type { Route } from '../../../model/index.js';
import type { WriteOptions } from '../../write-options.js';
import type { Guards } from './guards.js';
import type { HttpRule } from './rule-list.js';
import type { ServerUnit } from './units.js';
import type { Labels } from './workloads.js';

/** What the rules are written with. */
export interface RuleOptions extends WriteOptions {
  readonly subsetOf: DestinationRulesWritten['subsetOf'];
}

export interface GatewayDraft {
  readonly units: ServerUnit[];
  /** Labels of the workload. */
  readonly selector: Labels;
}

/** A VirtualService of HTTP. */
export interface ServiceDraft {
  readonly hosts: readonly string[];
  readonly rules: readonly HttpRule[];
  /** The route that each rule comes from. */
  readonly routes: readonly Route[];
  readonly gateways: GatewayDraft[];
}

/** A VirtualService of bytes. */
export interface L4Draft {
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly gateway: GatewayDraft;
  /** `{tls: [...]}` or `{tcp: [...]}`. */
  readonly routes: Readonly<Record<string, unknown>>;
}

export interface Drafts {
  readonly gateways: GatewayDraft[];
  /** By hosts and rules: the same on several Gateways is one. */
  readonly services: Map<string, ServiceDraft>;
  readonly l4: L4Draft[];
  /** By workload. */
  readonly guards: Map<string, Guards>;
}

export const noDrafts = (): Drafts => ({ gateways: [], services: new Map(), l4: [], guards: new Map() });
