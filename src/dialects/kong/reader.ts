// What the objects of Kong's ingress controller and its own declarative files mean.

import { own } from '../../model/index.js';
import type { Reader } from '../dialect.js';
import { flavorFlag, profile } from './profile.js';
import { read } from './read.js';

/** Which router the cluster has is in no file. */
const variants: Reader['variants'] = (options) =>
  own(options.flags, flavorFlag.name) === undefined
    ? (flavorFlag.words ?? []).slice(1).map((flavor) => ({
        title: `router flavour ${flavor}`,
        options: { ...options, flags: { ...options.flags, [flavorFlag.name]: flavor } },
        note: 'kong-flavors',
      }))
    : [];

export const reader: Reader = { name: 'kong', profile, read, variants };
