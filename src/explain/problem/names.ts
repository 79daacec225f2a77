/** The names that expressions mention, and which declarations of a file the levels rest on. */
import { assertNever } from "../../base/never.js";
import type { Expression, IndexItem, Item, LevelItem, SyntaxTree } from "../../syntax/tree.js";

export function namesIn(e: Expression | IndexItem, into = new Set<string>()): Set<string> {
  const all = (...parts: readonly (Expression | IndexItem | undefined)[]): Set<string> => {
    for (const part of parts) if (part) namesIn(part, into);
    return into;
  };
  switch (e.kind) {
    case "number":
    case "string":
      return into;
    case "name":
      return into.add(e.name);
    case "member":
      return all(e.object);
    case "unary":
    case "transpose":
      return all(e.operand);
    case "binary":
      return all(e.left, e.right);
    case "coefficient":
      return all(e.factor);
    case "call":
      into.add(e.callee.name);
      return all(...e.arguments);
    case "index":
      return all(e.object, ...e.items);
    case "slice":
    case "range":
      return all(e.from, e.to);
    case "comprehension":
      return all(...e.binders.map((b) => b.set), e.where, e.body);
    case "array":
      return all(...e.items);
    case "conditional":
      return all(e.condition, e.consequent, e.alternate);
    default:
      return assertNever(e);
  }
}

function expressionsOf(item: Item | LevelItem): readonly (Expression | undefined)[] {
  switch (item.kind) {
    case "param":
      return [...item.dimensions, item.value];
    case "set":
    case "let":
    case "objective":
      return [item.value];
    case "fn":
      return [item.body];
    case "var":
      return [
        ...item.dimensions,
        ...item.domains.flatMap((d) =>
          d.kind === "interval" ? [d.lower, d.upper] : d.kind === "bound" ? [d.bound] : d.arguments,
        ),
      ];
    case "constraint":
      return [...item.terms, ...item.binders.map((b) => b.set), item.where];
    case "level":
      return item.items.filter((i) => i.kind !== "let").flatMap(expressionsOf);
    default:
      return [];
  }
}

/** Declarations that the levels use, directly or through others, in order of the file; those of levels included. */
export function usedDeclarations(tree: SyntaxTree): readonly (Item | LevelItem)[] {
  const levels = tree.items.filter((i) => i.kind === "level");
  const declared = [...tree.items, ...levels.flatMap((l) => l.items.filter((i) => i.kind === "let"))];
  const used = new Set<string>();
  const look = (item: Item | LevelItem): void => {
    for (const e of expressionsOf(item)) if (e) namesIn(e, used);
  };
  levels.forEach(look);
  const found = new Set<Item | LevelItem>();
  for (let grows = true; grows; ) {
    grows = false;
    for (const item of declared) {
      if (!("name" in item) || !item.name || item.kind === "level" || found.has(item)) continue;
      if (!used.has(item.name.name)) continue;
      found.add(item);
      look(item);
      grows = true;
    }
  }
  return declared.filter((item) => found.has(item));
}
