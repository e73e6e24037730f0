// Keys of a tree (the pattern of ARIA): up and down along all that is seen, right opens and goes in, left closes and goes out, Enter
// chooses. One item takes the tab key.

export interface TreeKeys {
  toggle(id: string, open: boolean): void;
}

export function treeKey(event: KeyboardEvent, from: HTMLElement, box: Element, keys: TreeKeys): void {
  const nodes = [...box.querySelectorAll<HTMLElement>('.node')];
  const at = nodes.indexOf(from);
  const level = (node: HTMLElement) => Number(node.getAttribute('aria-level'));
  const expanded = from.getAttribute('aria-expanded');
  const go = (to: HTMLElement | undefined) => to && focusNode(to, nodes);
  switch (event.key) {
    case 'ArrowDown':
      go(nodes[at + 1]);
      break;
    case 'ArrowUp':
      go(nodes[at - 1]);
      break;
    case 'Home':
      go(nodes[0]);
      break;
    case 'End':
      go(nodes.at(-1));
      break;
    case 'ArrowRight':
      if (expanded === 'false') keys.toggle(from.dataset.id!, true);
      else if (nodes[at + 1] && level(nodes[at + 1]!) > level(from)) go(nodes[at + 1]);
      break;
    case 'ArrowLeft':
      if (expanded === 'true') keys.toggle(from.dataset.id!, false);
      else go(nodes.slice(0, at).findLast((node) => level(node) < level(from)));
      break;
    case 'Enter':
    case ' ':
      from.click();
      break;
    default:
      return;
  }
  event.preventDefault();
}

/** `/` outside a field goes to the search. True when the key was that. */
export function searchKey(event: KeyboardEvent, search: HTMLInputElement): boolean {
  if (event.key !== '/' || (event.target as HTMLElement).matches('input, textarea, select')) return false;
  event.preventDefault();
  search.focus();
  search.select();
  return true;
}

/** Gives a node the focus and the tab key. */
export function focusNode(node: HTMLElement, nodes: readonly HTMLElement[]): void {
  for (const other of nodes) other.tabIndex = other === node ? 0 : -1;
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: 'nearest' });
}

/** Up and down in a list of buttons, of which one takes the tab key. */
export function listKey(event: KeyboardEvent, from: HTMLElement): void {
  const buttons = [...(from.closest('.list')?.querySelectorAll<HTMLElement>('button.item') ?? [])];
  const at = buttons.indexOf(from);
  const to = event.key === 'ArrowDown' ? buttons[at + 1] : event.key === 'ArrowUp' ? buttons[at - 1] : undefined;
  if (!to) return;
  event.preventDefault();
  focusNode(to, buttons);
}
