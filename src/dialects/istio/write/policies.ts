export { type DenyRule, denyRules } from '../../deny-rules.js';
