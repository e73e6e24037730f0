// Files that another tool still has to fill in: placeholders in objects (`${HOST}`, `$(namespace)` of kustomize, `NAMESPACE_PLACEHOLDER`
// of its replacements) and templates that are no YAML yet. What is in their place is not wrong, it is not there: one finding names them.

import { type Diagnostic, isPosition } from '../diagnostics/index.js';
import { append, counted, isObject, type Json, type Origin, valueAt } from '../model/index.js';
import { placeOf, SOURCE_CODES } from '../sources/index.js';

/** Of the tools that people use: envsubst, kustomize, Go and Jinja templates, sed with marks, and values that SOPS has encrypted. */
const MARKED =
  /\$\{[^}]+\}|\$\([A-Za-z][\w.-]*\)|\{\{.*?\}\}|\$[A-Z][A-Z0-9_]+|<[A-Za-z*.][^<>]*>|__[A-Z0-9_]+__|@[A-Z0-9_]+@|%[A-Z0-9_]+%|ENC\[[A-Z0-9_]+,data:/;
/** How a value begins that SOPS has encrypted. */
const ENCRYPTED = 'ENC[';
/** Written as a variable, where a name or a host is asked for, which have lower case. */
const IN_CAPITALS = /(?<=^|[./:-])(?:[A-Z][A-Z0-9]+(?:_[A-Z0-9]{2,})+|REPLACEME|CHANGEME|PLACEHOLDER)(?=$|[./:-])/;
/** Rules about names, hosts and labels, and about what they refer to. */
const ABOUT_NAMES = /^MGW(?:010[1-9]|011[019]|020[348]|030[13]|040[2569]|060[14]|070[2-7]|071[34]|072[12])$/;
const ABOUT_REFERENCES = /^MGW01[01]\d$/;
/** Forms that a mapping has to have (`oneOf` of schemas, rules of CRDs): the finding is about the mapping, the placeholder one of its values. */
const ABOUT_FORMS = new Set(['MGW0014', 'MGW0801']);
/** A pattern may hold any character, and `%X%` is an operator in a header's value. */
const ABOUT_PATTERNS = ['MGW0440', 'MGW0459'];

/** The placeholder in the value that a finding is about; undefined: there is none. */
export function placeholderOf({ code, severity, place }: Diagnostic): string | undefined {
  if (isPosition(place) || ABOUT_PATTERNS.includes(code)) return undefined;
  if (severity !== 'error' && !ABOUT_REFERENCES.test(code)) return undefined;
  const value = valueAt(place.resource.object, place.path);
  const texts = typeof value === 'string' ? [value] : ABOUT_FORMS.has(code) ? textsIn(value) : [];
  for (const text of texts) {
    const found = MARKED.exec(text)?.[0] ?? (ABOUT_NAMES.test(code) ? IN_CAPITALS.exec(text)?.[0] : undefined);
    if (found !== undefined) return found.startsWith(ENCRYPTED) ? `${ENCRYPTED}…]` : found;
  }
  return undefined;
}

/** The texts that a mapping has itself: what a rule about the whole of it looks at. */
const textsIn = (value: Json | undefined): readonly string[] =>
  isObject(value) ? Object.values(value).filter((member) => typeof member === 'string') : [];

/** The findings, with one for each file in place of those about placeholders and templates. `files`: how many were read. */
export function withoutUnrendered(found: readonly Diagnostic[], files: number): Diagnostic[] {
  const kept: Diagnostic[] = [];
  const placeholders = new Map<string, Placeholders & { readonly names: Set<string> }>();
  const templates: Diagnostic[] = [];
  for (const diagnostic of found) {
    const name = placeholderOf(diagnostic);
    if (name !== undefined && !isPosition(diagnostic.place)) {
      const { file } = diagnostic.place.resource.document;
      const known = placeholders.get(file) ?? { place: diagnostic.place, names: new Set() };
      placeholders.set(file, known);
      known.names.add(name);
    } else if (diagnostic.code === SOURCE_CODES.template.code) templates.push(diagnostic);
    else kept.push(diagnostic);
  }
  append(kept, placeholderFindings([...placeholders.values()]));
  append(kept, joinedTemplates(templates, files));
  return kept;
}

interface Placeholders {
  readonly place: Origin;
  readonly names: ReadonlySet<string>;
}

/** Files with placeholders that are named one by one. */
const FEW_FILES = 4;

function placeholderFindings(files: readonly Placeholders[]): Diagnostic[] {
  const [first] = files;
  if (!first) return [];
  if (files.length <= FEW_FILES)
    return files.map(({ place, names: [name, ...more] }) => {
      const others = more.length > 0 ? ` (and ${more.length} more in this file)` : '';
      return placeholderFinding(place, `${name}${others} stands for a value`);
    });
  const [name, ...more] = new Set(files.flatMap((file) => [...file.names]));
  const others = more.length > 0 ? ` and ${counted(more.length, 'other placeholder')}` : '';
  const verb = more.length > 0 ? 'stand for values' : 'stands for a value';
  return [placeholderFinding(first.place, `${name}${others} (in ${files.length} files) ${verb}`)];
}

const placeholderFinding = (place: Origin, what: string): Diagnostic => ({
  code: SOURCE_CODES.placeholder.code,
  severity: SOURCE_CODES.placeholder.severity,
  message: `${what} that another tool fills in: what depends on it was not checked; lint what is applied, e.g. kustomize build DIR | meshgw lint -`,
  place,
});

/** Templates of one folder that are named one by one. */
const FEW = 2;

/** One for each file, or for a folder of many. Beside files that are configuration they are a warning: nothing is wrong with those. */
function joinedTemplates(found: readonly Diagnostic[], files: number): Diagnostic[] {
  const byFile = new Map<string, Diagnostic>();
  for (const diagnostic of found) {
    const { file } = placeOf(diagnostic.place);
    if (!byFile.has(file)) byFile.set(file, diagnostic);
  }
  const severity = files > byFile.size ? 'warning' : 'error';
  const byFolder = new Map<string, Diagnostic[]>();
  for (const [file, diagnostic] of byFile) {
    const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
    const list = byFolder.get(folder) ?? [];
    byFolder.set(folder, list);
    list.push({ ...diagnostic, severity });
  }
  return [...byFolder].flatMap(([folder, list]) =>
    list.length <= FEW ? list : [{ ...list[0]!, message: severalTemplates(folder, list) }],
  );
}

const severalTemplates = (folder: string, list: readonly Diagnostic[]): string =>
  `${list.length} files of ${folder || 'this folder'} are templates with \`{{ … }}\` and were not checked: render them first, e.g. \`helm template CHART | meshgw lint -\``;
