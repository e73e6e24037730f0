// Values of a plugin's configuration: of a wrong type they count as absent (lint says what Kong refuses).

import { type Json, own } from '../../../model/index.js';
import { objectOf } from '../../../resources/fields.js';
import type { KongPlugin } from '../entities.js';

type Config = Pick<KongPlugin, 'config'>;

export const text = ({ config }: Config, name: string): string | undefined => {
  const value = own(config, name);
  return typeof value === 'string' ? value : undefined;
};

export const flag = ({ config }: Config, name: string, otherwise: boolean): boolean => {
  const value = own(config, name);
  return typeof value === 'boolean' ? value : otherwise;
};

export const number = ({ config }: Config, name: string): number | undefined => {
  const value = own(config, name);
  return typeof value === 'number' ? value : undefined;
};

/** Absent or null: undefined. */
export const texts = ({ config }: Config, name: string): readonly string[] | undefined => textsOf(own(config, name));

/** `add.headers`. */
export const inner = ({ config }: Config, group: string, name: string): readonly string[] =>
  textsOf(own(objectOf(own(config, group)) ?? {}, name)) ?? [];

const textsOf = (value: Json | undefined): readonly string[] | undefined =>
  Array.isArray(value) ? (value as readonly Json[]).filter((v): v is string => typeof v === 'string') : undefined;
