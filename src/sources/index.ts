export { pathAt } from './at-position.js';
export { type CodeEntry, isOfSchema, SOURCE_CODES, type SourceCode } from './codes.js';
export { embeddedObject } from './embedded.js';
export { fitsFile, type IgnoreRule, ignoreRule } from './ignore-rules.js';
export { isRelated } from './kinds.js';

export { type LoadedSources, loadSources, parseSource, type SourcesIo, type SourceText } from './load.js';
export { lineText, locate, locateKey, placeOf, sourceText } from './locate.js';
export { emptyMemory, type ReadMemory } from './memory.js';
export { isKustomized, joinedNotRendered } from './not-rendered.js';
export { positionAt } from './position.js';
