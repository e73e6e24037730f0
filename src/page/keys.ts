// Arrow keys on the map: up and down in a column, left and right to the nearest node of the next one; Enter chooses.

import { table } from '../model/index.js';

const STEPS = table<readonly [dx: number, dy: number]>({
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
});

export function moveFocus(event: KeyboardEvent, from: SVGGElement, box: Element): void {
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    from.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    return;
  }
  const step = STEPS.get(event.key);
  if (!step) return;
  event.preventDefault();
  const here = placeOf(from);
  const others = [...box.querySelectorAll<SVGGElement>('.node')].map((node) => ({ node, ...placeOf(node) }));
  const [dx, dy] = step;
  const ahead = others.filter(({ x, y }) => (dx === 0 ? x === here.x && (y - here.y) * dy > 0 : (x - here.x) * dx > 0));
  // Of the next column only.
  const column =
    dx === 0
      ? here.x
      : ahead.reduce(
          (near, { x }) => (Math.abs(x - here.x) < Math.abs(near - here.x) ? x : near),
          Number.POSITIVE_INFINITY,
        );
  const target = ahead
    .filter(({ x }) => x === column)
    .sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0];
  if (!target) return;
  from.setAttribute('tabindex', '-1');
  target.node.setAttribute('tabindex', '0');
  target.node.focus();
}

function placeOf(node: SVGGElement): { x: number; y: number } {
  const { e, f } = node.transform.baseVal.consolidate()!.matrix;
  return { x: e, y: f };
}
