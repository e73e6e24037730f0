// Short texts of the page, beside those that all outputs share.

import type { WayIn } from '../model/index.js';

export const portText = ({ protocol, port }: Pick<WayIn, 'protocol' | 'port'>): string => `${protocol} ${port ?? '?'}`;

/** Cut to a number of characters, with the whole text in a tooltip. */
export const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
