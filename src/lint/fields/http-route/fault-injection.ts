import type { Json } from '../../../model/index.js';
import { GRPC_STATUS } from '../../../resources/grpc-status.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { given, object, text } from '../values.js';
import { REFUSED, TO_SHOP } from './shared.js';

function fault(value: Json): Problem[] {
  const f = object(value);
  const problems: Problem[] = [];
  if (!given(f.abort) && !given(f.delay)) problems.push('the fault has neither abort nor delay');
  const abort = object(f.abort);
  if (given(abort.grpcStatus) && !GRPC_STATUS.has(text(abort.grpcStatus)))
    problems.push({
      message: `"${text(abort.grpcStatus)}" is not a gRPC status such as NOT_FOUND`,
      path: ['abort', 'grpcStatus'],
    });
  if (given(abort.http2Error))
    problems.push({ message: 'HTTP/2 errors cannot be injected', path: ['abort', 'http2Error'] });
  if (given(object(f.delay).exponentialDelay))
    problems.push({ message: 'exponentialDelay is not implemented', path: ['delay', 'exponentialDelay'] });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0428',
      name: 'fault-injection',
      title: 'Invalid fault injection',
      docs: () => ({
        happens: REFUSED,
        instead: 'An abort with httpStatus or grpcStatus, or a delay with fixedDelay.',
        bad: httpRule(`fault: {}\n${TO_SHOP}`),
        good: httpRule(`fault: {abort: {httpStatus: 503, percentage: {value: 10}}}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].fault', fault),
  ),
];
