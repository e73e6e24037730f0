// Reads src with the types of the compiler: what an expression is decides whether a pattern is a danger, not its spelling.

import { relative } from 'node:path';
import {
  type Expression,
  isAsExpression,
  isBinaryExpression,
  isCallExpression,
  isDeleteExpression,
  isElementAccessExpression,
  isForInStatement,
  isNewExpression,
  isNumericLiteral,
  isSpreadElement,
  isStringLiteral,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { API, type Checker, type Type, TypeFlags } from 'typescript/unstable/sync';

export interface Place {
  /** `inherited`: a plain object asked with a word; `stack`: a list of unknown length spread into a call. */
  readonly danger: 'inherited' | 'stack';
  /** Path from the root of the project. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const TEXTS =
  TypeFlags.String | TypeFlags.TemplateLiteral | TypeFlags.StringMapping | TypeFlags.Any | TypeFlags.Unknown;

/** All places of the projects' files under `folder`. */
export function scanTypes(projects: readonly string[], folder: string): Place[] {
  const root = process.cwd();
  const api = new API({ cwd: root });
  try {
    const places = new Map<string, Place>();
    for (const config of projects) {
      const project = api.updateSnapshot({ openProjects: [`${root}/${config}`] }).getProject(`${root}/${config}`)!;
      for (const name of project.program.getSourceFileNames()) {
        const file = relative(root, name);
        if (!file.startsWith(folder)) continue;
        const source = project.program.getSourceFile(name)!;
        for (const [danger, node] of dangers(source, project.checker)) {
          const line = source.text.slice(0, node.getStart(source)).split('\n').length;
          const text = source.text.slice(node.getStart(source), node.end).replace(/\s+/g, ' ');
          places.set(`${file}:${node.pos}`, { danger, file, line, text });
        }
      }
    }
    return [...places.values()];
  } finally {
    api.close();
  }
}

function dangers(source: SourceFile, checker: Checker): (readonly [Place['danger'], Node])[] {
  const found: (readonly [Place['danger'], Node])[] = [];
  const typeOf = (node: Node): Type[] => members(checker.getTypeAtLocation(node));
  const isText = (node: Expression) => isAsExpression(node) || typeOf(node).some((t) => (t.flags & TEXTS) !== 0);
  const isList = (t: Type) => checker.isArrayLikeType(t) || (t.flags & TypeFlags.StringLike) !== 0;
  const asksByText = (node: Node): boolean => {
    if (!isElementAccessExpression(node)) return false;
    const { argumentExpression: key, expression: object } = node;
    const fixed = isStringLiteral(key) || isNumericLiteral(key) || isDeleteExpression(node.parent);
    return !fixed && isText(key) && !isKeyOf(node, key, source) && !typeOf(object).every(isList);
  };
  const looksForText = (node: Node): boolean =>
    isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.InKeyword &&
    !isStringLiteral(node.left) &&
    isText(node.left);
  const spread = (node: Node): readonly Expression[] =>
    isCallExpression(node) || isNewExpression(node)
      ? (node.arguments ?? []).flatMap((argument) => (isSpreadElement(argument) ? [argument.expression] : []))
      : [];
  const visit = (node: Node): void => {
    if (asksByText(node) || looksForText(node)) found.push(['inherited', node]);
    for (const list of spread(node))
      if (!typeOf(list).every((t) => checker.isTupleType(t))) found.push(['stack', node]);
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
  return found;
}

const members = (type: Type | undefined): Type[] =>
  type === undefined ? [] : type.isUnionType() ? type.getTypes().flatMap(members) : [type];

/** `object[key]` inside of `for (const key in object)`: only what it has (an inherited name cannot be enumerated). */
function isKeyOf(access: Node & { readonly expression: Expression }, key: Expression, source: SourceFile): boolean {
  const text = (node: Node) => source.text.slice(node.getStart(source), node.end);
  for (let at: Node = access; at !== source; at = at.parent)
    if (isForInStatement(at) && text(at.initializer) === `const ${text(key)}`)
      return text(at.expression) === text(access.expression);
  return false;
}
