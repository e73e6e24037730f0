// What a plugin does with requests on their way, and with answers.

import type { KongConsumer, KongPlugin } from '../entities.js';
import type { Branch } from './branch.js';

export interface PluginContext {
  readonly consumers: readonly KongConsumer[];
  /** Groups of the pattern of the path; absent: the path is none. */
  readonly pattern?: { readonly text: string; readonly captures: number; readonly names: readonly string[] };
}

export interface PluginRules {
  readonly name: string;
  /** Higher runs first (`PRIORITY` of its handler.lua). */
  readonly priority: number;
  /** The plugin decides who is let in. */
  readonly guards?: true;
  access?(branch: Branch, plugin: KongPlugin, context: PluginContext): readonly Branch[];
  headerFilter?(branch: Branch, plugin: KongPlugin): readonly Branch[];
}
