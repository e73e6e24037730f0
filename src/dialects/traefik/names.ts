// How Traefik names things: one name for what may be several objects, in lower-case words with dashes between them.

/** provider.Normalize: everything but letters and digits parts words. */
export const normalized = (name: string): string =>
  name
    .split(/[^\p{L}\p{Nd}]+/u)
    .filter((word) => word !== '')
    .join('-');

export const idOf = (namespace: string, name: string): string => normalized(`${namespace}-${name}`);

/** A route or an object that Traefik leaves out: no router is made. */
export class Dropped extends Error {}

/** A router that is made and does not work: its requests go to the next that matches. */
export class Disabled extends Error {}
