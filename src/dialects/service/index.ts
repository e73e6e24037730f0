// The dialect `service`: Services that the cluster opens to the outside by itself, without any gateway. It is only read.

export { reader as dialect } from './reader.js';
