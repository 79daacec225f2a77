/** Declarations that nothing uses. (Variables are judged by the finished problem, see src/check.) */
import type { Context } from "./context.js";
import type { DeclaredSymbol, Symbols } from "./symbols.js";

const words: Readonly<Record<Exclude<DeclaredSymbol["kind"], "var">, string>> = {
  param: "parameter",
  data: "data set",
  set: "set",
  fn: "function",
  let: "name",
};

export function reportUnusedNames(c: Context, symbols: Symbols): void {
  for (const table of [symbols.file, ...symbols.levels.values()]) {
    for (const symbol of table.values()) {
      if (symbol.kind === "var" || c.used.has(symbol)) continue;
      c.report("BLO0211", { what: words[symbol.kind], name: symbol.name }, { span: symbol.span });
    }
  }
}
