// What could not be said exactly, collected while writing.

import type { ItemList } from '../../item-list.js';

export { itemList as newReport } from '../../item-list.js';

export type Report = ItemList;
