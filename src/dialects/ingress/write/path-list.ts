// The paths of one host of an Ingress, in the order of the rules that they come from.

export interface Path {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
  readonly backend: {
    readonly service: { readonly name: string; readonly port: { readonly number: number } | { readonly name: string } };
  };
}

export interface PathList {
  /** The first path of the list that takes everything that `path` takes. */
  takerOf(path: Path): Path | undefined;
  add(path: Path): void;
}

export function pathList(): PathList {
  const exact = new Map<string, Placed>();
  const prefixes = new Map<string, Placed>();
  let count = 0;
  return {
    takerOf({ path, pathType }) {
      let first = pathType === 'Exact' ? exact.get(path) : undefined;
      // A prefix takes itself and what comes behind a slash.
      for (let end = path.length; end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
        const taker = prefixes.get(path.slice(0, end));
        if (taker && (!first || taker.place < first.place)) first = taker;
      }
      return first?.path;
    },
    add(path) {
      const list = path.pathType === 'Exact' ? exact : prefixes;
      const key = path.pathType === 'Exact' ? path.path : trimmed(path.path);
      if (!list.has(key)) list.set(key, { path, place: count });
      count++;
    },
  };
}

interface Placed {
  readonly path: Path;
  readonly place: number;
}

/** Without a slash at its end. */
export const trimmed = (path: string): string => path.replace(/\/$/, '');

/** Equal for paths of which an Ingress has one. */
export const pathKey = ({ path, pathType }: Path): string => `${pathType} ${path}`;
