// What values of Kong's plugins may read (templates of request-transformer): headers of the request as it came, and decoded parameters.

import { compileOrNull } from '../../match-string.js';
import type { OperatorTable, TemplateScope } from '../../template.js';
import { parsed } from './query.js';

export const kongOperators: OperatorTable = ({ name, argument = '' }, scope) => {
  // Headers as the client sent them, also where a plugin removes them.
  if (name === 'REQ')
    return scope.view.header(argument.toLowerCase()) ?? scope.requestHeader(argument.toLowerCase()) ?? '';
  if (name === 'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT') return scope.view.source;
  if (name === 'QUERY_PARAM') return parameter(argument, scope);
  // The word of the recordings: the real address is in no file.
  if (name === 'POD_IP') return 'pod-ip';
  if (name === 'PATH_GROUP') return pathGroup(argument, scope);
  return undefined;
};

/** `1 /v1/(\\w+)`: a group of the pattern that the path begins with. */
function pathGroup(argument: string, { view }: TemplateScope): string {
  const space = argument.indexOf(' ');
  const pattern = argument.slice(space + 1);
  const regex = compileOrNull(`^(?:${pattern})(?s:.*)$`);
  return regex?.fullMatch(view.path) ? regex.replaceFirst(view.path, `\\${argument.slice(0, space)}`) : '';
}

function parameter(name: string, { view }: TemplateScope): string {
  const [first] = parsed(view.query.slice(1)).get(name) ?? [];
  return first === undefined || first === true ? '' : first;
}
