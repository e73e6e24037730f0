// The dialect `smi`: TrafficSplits and what stands beside them. It is only read.

export { reader as dialect } from './reader.js';
