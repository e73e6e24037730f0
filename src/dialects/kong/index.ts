// The dialect of Kong: its ingress controller's objects and its own declarative files.

import { own } from '../../model/index.js';
import type { Dialect } from '../dialect.js';
import { feeds } from './feeds.js';
import { flavorFlag, profile } from './profile.js';
import { read } from './read.js';

/** Which router the cluster has is in no file. */
const variants: Dialect['variants'] = (options) =>
  own(options.flags, flavorFlag.name) === undefined
    ? (flavorFlag.words ?? []).slice(1).map((flavor) => ({
        title: `router flavour ${flavor}`,
        options: { ...options, flags: { ...options.flags, [flavorFlag.name]: flavor } },
        note: 'kong-flavors',
      }))
    : [];

export const dialect: Dialect = { name: 'kong', profile, read, feeds, variants };
