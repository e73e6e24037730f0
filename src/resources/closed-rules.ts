// How translations say "nobody": rules that answer 503 or 500 on purpose, until somebody decides. `lint` warns of them.

/**
 * The Service of a rule that a translation closed (an Ingress answers nothing by itself): nobody has it, so that it is missing also where the
 * files do not say which Services exist.
 */
export const NAME_OF_CLOSED = 'closed-until-decided';

/** Group of a backendRef of a kind that no implementation has: its requests get 500, whatever Services there are. */
export const GROUP_OF_NOTHING = 'meshgw.invalid';
