export { isOwn, withoutOwn } from '../../own-endpoints.js';
