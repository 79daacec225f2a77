/** Text in the notation of the language as an expression; text of no such form stands for itself, as a name. */
import { Source } from "../../base/source.js";
import { parse } from "../../syntax/parse.js";
import type { Expression } from "../../syntax/tree.js";
import { name } from "./make.js";

export function parsedExpression(text: string): Expression {
  if (/^[\p{L}_][\p{L}\p{M}\p{Nd}_]*$/u.test(text)) return name(text);
  const { tree, diagnostics } = parse(new Source("formula", `let formula = ${text}\n`));
  const [item] = tree?.items ?? [];
  return item?.kind === "let" && diagnostics.length === 0 ? item.value : name(text);
}
