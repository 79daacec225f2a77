/** Symbol tables: what the file declares, by name. Finds names that are declared twice or reserved. */
import type { Span } from "../base/span.js";
import { constants, functions } from "../ops/functions/index.js";
import type {
  DataDeclaration,
  FunctionDeclaration,
  Identifier,
  LetDeclaration,
  LevelDeclaration,
  ParameterDeclaration,
  SetDeclaration,
  SyntaxTree,
  VariableDeclaration,
} from "../syntax/tree.js";
import type { Findings } from "./findings.js";

export type DeclaredSymbol =
  | (Named & { readonly kind: "param"; readonly declaration: ParameterDeclaration })
  | (Named & { readonly kind: "data"; readonly declaration: DataDeclaration })
  | (Named & { readonly kind: "set"; readonly declaration: SetDeclaration })
  | (Named & { readonly kind: "fn"; readonly declaration: FunctionDeclaration })
  | LetSymbol
  | VariableSymbol;

export interface Named {
  readonly name: string;
  /** The place of the name in its declaration. */
  readonly span: Span;
}
export interface LetSymbol extends Named {
  readonly kind: "let";
  readonly declaration: LetDeclaration;
  /** The level it stands in; undefined at the top of the file. */
  readonly level: LevelDeclaration | undefined;
}
export interface VariableSymbol extends Named {
  readonly kind: "var";
  readonly declaration: VariableDeclaration;
  readonly level: LevelDeclaration;
}

/** What a symbol is, for messages: "a set". */
export const symbolWords: Readonly<Record<DeclaredSymbol["kind"], string>> = {
  param: "a parameter",
  data: "a data set",
  set: "a set",
  fn: "a function",
  let: "a name for an expression",
  var: "a variable",
};

export interface Symbols {
  readonly file: ReadonlyMap<string, DeclaredSymbol>;
  readonly levels: ReadonlyMap<LevelDeclaration, ReadonlyMap<string, DeclaredSymbol>>;
}

export function collectSymbols(tree: SyntaxTree, findings: Findings): Symbols {
  const file = new Map<string, DeclaredSymbol>();
  const levels = new Map<LevelDeclaration, Map<string, DeclaredSymbol>>();
  for (const item of tree.items) {
    switch (item.kind) {
      case "param":
        declare(file, { kind: "param", declaration: item, ...place(item.name) }, findings);
        break;
      case "data":
        declare(file, { kind: "data", declaration: item, ...place(item.name) }, findings);
        break;
      case "set":
        declare(file, { kind: "set", declaration: item, ...place(item.name) }, findings);
        break;
      case "fn":
        declare(file, { kind: "fn", declaration: item, ...place(item.name) }, findings);
        break;
      case "let":
        declare(file, { kind: "let", declaration: item, level: undefined, ...place(item.name) }, findings);
        break;
      case "level":
        levels.set(item, new Map());
        for (const v of item.items) {
          if (v.kind === "var") declare(file, { kind: "var", declaration: v, level: item, ...place(v.name) }, findings);
        }
        break;
      default:
    }
  }
  for (const [level, table] of levels) {
    for (const item of level.items) {
      if (item.kind === "let") {
        declare(table, { kind: "let", declaration: item, level, ...place(item.name) }, findings, file);
      }
    }
  }
  return { file, levels };
}

function place(name: Identifier): Named {
  return { name: name.name, span: name.span };
}

function declare(
  table: Map<string, DeclaredSymbol>,
  symbol: DeclaredSymbol,
  findings: Findings,
  around: ReadonlyMap<string, DeclaredSymbol> = table,
): void {
  const { name, span } = symbol;
  if (functions.has(name) || constants.has(name)) {
    findings.report("BLO0203", { name, what: functions.has(name) ? "function" : "constant" }, { span });
  }
  const earlier = table.get(name) ?? around.get(name);
  if (!earlier) {
    table.set(name, symbol);
    return;
  }
  const related = [{ span: earlier.span, message: "first declared here" }];
  if (symbol.kind === "var" && earlier.kind === "var" && symbol.level !== earlier.level) {
    const level = earlier.level.name?.name ?? earlier.level.level;
    const hint =
      symbol.declaration.domains.length > 0
        ? "each variable belongs to one level, which also gives its domain; write other restrictions as constraints"
        : undefined;
    findings.report("BLO0307", { name, level }, { span, related, hint });
  } else {
    findings.report("BLO0202", { name }, { span, related });
  }
}
