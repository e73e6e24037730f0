// Text from files in workflow commands of GitHub.

import { visible } from './visible.js';

/** Line breaks as GitHub wants them; what else commands a terminal shows as what it is not. */
export const data = (text: string): string =>
  text.split('\n').map(visible).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');

/** Of a property: commas and colons end it. */
export const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
