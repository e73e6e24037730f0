// The algebra of requests: what rules take, together and apart, decided and not sampled. See docs/algebra.md.
export { type Atom, atomsOf, type DimensionKey, type Product } from './atoms.js';
export { type Beginnings, beginningOf, indexBeginnings } from './beginnings.js';
export { type Connection, type ConnectionClass, type Receive, type Reception, receiver } from './connections.js';
export { buildDimension, type Dimension, type Frame, type ValueClass } from './dimension.js';
export { isSeenAsWritten } from './domain.js';
export { type Exploration, explore, type Point, type Visitor } from './explore.js';
export { type GuardRule, type Guards, guardsOf } from './guards.js';
export { guardsOfHosts } from './guards-of-hosts.js';
export { type HostClass, hostClasses, indexDomains } from './hosts.js';
export { areSurelyReached } from './own-request.js';
export { type Reach, type ReachabilityOptions, type RouteReach, reachability } from './reachability.js';
export { treeOf } from './string-test.js';
export { frameOf, type Region, type Walk, walk } from './walk.js';
export { type Witness, type WitnessFrame, witnessOf } from './witness.js';
export { newRun, type Run, type Work, withWork } from './work.js';
