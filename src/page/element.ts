// DOM nodes in one call. Texts are always set as text, never as markup.

type Child = Node | string | undefined | false;
/** A list stands for its members: spread into the call, many of them would not fit on the stack. */
type Children = readonly (Child | readonly Child[])[];
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Children
): HTMLElementTagNameMap[K] => fill(document.createElement(tag), attributes, children);

/** A text that may be broken after its dots, slashes and commas. */
export function breakable(text: string): DocumentFragment {
  const out = document.createDocumentFragment();
  for (const [i, part] of text.split(/(?<=[./,:-])(?=[^./,:\s-])/).entries()) {
    if (i > 0) out.append(document.createElement('wbr'));
    out.append(part);
  }
  return out;
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Children): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat() as Child[]) if (child !== undefined && child !== false) element.append(child);
  return element;
}
