// What one entry of the feature table holds. A feature is one thing that a translation may lose or that somebody has to decide: its
// class, its words, and what it does to answers, so that a report, a plan, the documentation and the proof all say the same of it.

import type {
  EffectiveGateway,
  GatewayRequest,
  HttpPolicies,
  Origin,
  Part,
  Route,
  SimulationResult,
  VirtualHost,
} from '../../model/index.js';
import type { View } from '../answers.js';
import type { RouteChange } from '../route-changes.js';

/**
 * What a person has to do about it:
 * - `refused`: decide what takes its place;
 * - `todo`: copy, deploy or configure something, or the output does not work;
 * - `differs`: some requests get another response;
 * - `carriage`: responses are the same, what carries them is not.
 */
export type GroupKey = 'refused' | 'todo' | 'differs' | 'carriage';

export interface Feature {
  readonly severity: 'approximate' | 'refused';
  readonly group: GroupKey;
  /** Noun phrase for lists. */
  readonly title: string;
  /** What is lost or left to do; one sentence for docs/convert.md, Markdown. */
  readonly documentation: string;
  /** What the user can do about it, where there is more than to accept it. */
  readonly decision?: string;
  /**
   * It decides who is let in: the rules concerned are closed where it cannot be written. What happens if they are written open
   * (`--fail-open`), as a clause: `nobody is asked`.
   */
  readonly protects?: string;
  /** `gateway`: decided once for all objects. `default`: so too, unless an annotation of the object asks for it. Absent: per object. */
  readonly decided?: 'gateway' | 'default';
  /** Parts of a rule that are not in the output as they are, where an item stands. */
  readonly parts?: readonly Part[];
  /** The rule is not in the output at all. `with-host`: nor is any other of its virtual host, so that none takes its requests. */
  readonly leavesOut?: true | 'with-host';
  /** What it is about is not in the output, and no decision brings it there: its object cannot move as it is. */
  readonly withoutCounterpart?: true;
  readonly effect: Effect;
}

/** The parts of an item that say where and of what something is lost. */
export interface Loss {
  readonly origin: Origin;
  readonly routes?: readonly Route[];
  readonly hosts?: readonly string[];
  readonly exactFor?: readonly string[];
}

/** One request that source and target answer differently. */
export interface Compared {
  readonly request: GatewayRequest;
  /** What the source answers. */
  readonly before: SimulationResult;
  /** What it answers with the losses that change routes. */
  readonly intended: SimulationResult;
  /** What the target answers. */
  readonly after: SimulationResult;
  /** With what else is lost here, the source may answer so. */
  readonly isExpected: (result: SimulationResult) => boolean;
  /** A source route at which the item stands answers, or would answer with its losses. */
  readonly here: boolean;
  /** One of the routes that the item calls rivals answers so. */
  readonly isByRival: () => boolean;
  /** The source refuses with this status, or the target may, where the request has this host; headers are those of other rules there. */
  readonly refusesFor: (host: string) => boolean;
  /** The answers of all gateways of the source on all of their ports that know the host: what an Ingress joins. */
  readonly elsewhere: () => readonly SimulationResult[];
  /** The target may answer so in place of another gateway of the source. */
  readonly allowsElsewhere: () => boolean;
}

/** What a feature does to answers. Empty: nothing that a request shows. */
export interface Effect {
  /** Of routes at whose place an item stands; with `everywhere`: of all routes, and the same whichever item it is. */
  readonly route?: (loss: Loss) => RouteChange;
  readonly everywhere?: true;
  /** Of virtual hosts that have a route at which an item stands; undefined: the target has none. */
  readonly host?: (host: VirtualHost, loss: Loss) => VirtualHost | undefined;
  /** Of all gateways. */
  readonly gateway?: (gateway: EffectiveGateway) => EffectiveGateway;
  readonly policies?: (policies: HttpPolicies, loss: Loss) => HttpPolicies;
  /** Both answers are compared seen so; where the item stands, or with `everywhere` at any rule. */
  readonly view?: View;
  readonly explains?: (difference: Compared, loss: Loss) => boolean;
}

/** Nothing that a request shows: something to do, or about how bytes travel. */
export const UNSEEN: Effect = {};
