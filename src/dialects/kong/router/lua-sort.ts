// `table.sort` of Lua 5.1 and LuaJIT (lib_table.c, auxsort): not stable, and so part of what decides between equal routes.

/** Sorts in place, by the same comparisons and exchanges as Lua. */
export function luaSort<T>(items: T[], before: (a: T, b: T) => boolean): void {
  const at = (i: number): T => items[i - 1]!;
  const swap = (i: number, j: number): void => {
    const kept = at(i);
    items[i - 1] = at(j);
    items[j - 1] = kept;
  };
  const part = (from: number, to: number): void => {
    let low = from;
    let up = to;
    while (low < up) {
      if (before(at(up), at(low))) swap(low, up);
      if (up - low === 1) return;
      const middle = Math.floor((low + up) / 2);
      if (before(at(middle), at(low))) swap(middle, low);
      else if (before(at(up), at(middle))) swap(middle, up);
      if (up - low === 2) return;
      const end = partition(low, up, middle);
      // The smaller part by recursion, so that its depth is logarithmic.
      if (end - low < up - end) {
        part(low, end - 1);
        low = end + 1;
      } else {
        part(end + 1, up);
        up = end - 1;
      }
    }
  };
  const partition = (low: number, up: number, middle: number): number => {
    const pivot = at(middle);
    swap(middle, up - 1);
    let i = low;
    let j = up - 1;
    for (;;) {
      // An order that contradicts itself ends at the limits, where Lua gives up.
      while (++i < up && before(at(i), pivot));
      while (--j > low && before(pivot, at(j)));
      if (j < i) break;
      swap(i, j);
    }
    swap(up - 1, i);
    return i;
  };
  part(1, items.length);
}
