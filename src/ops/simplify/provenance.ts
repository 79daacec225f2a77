/** What a folded constant is called: the text of the language that says how it was made of a named one; undefined where that is long. */
import type { Attributes, Node, Shape } from "../../expr/node.js";

const plainName = /^[\p{L}_][\p{L}\p{M}\p{Nd}_.]*$/u;

/** e.g. `A[1:300, :]`, `A'`, `-b`. */
export function provenance(
  op: string,
  args: readonly Node[],
  shape: Shape,
  attributes: Attributes,
): string | undefined {
  const base = args[0].attributes.tensor?.name;
  if (base === undefined || !plainName.test(base)) return undefined;
  switch (op) {
    case "neg":
      return `-${base}`;
    case "transpose":
      return shape.length === 2 ? `${base}'` : undefined;
    case "take": {
      const { axis, index } = attributes;
      if (!index || index.values || index.step !== 1 || shape.length > 2) return undefined;
      const own = index.size === 1 ? `${index.start + 1}` : `${index.start + 1}:${index.start + index.size}`;
      return `${base}[${shape.map((_, k) => (k === axis ? own : ":")).join(", ")}]`;
    }
    default:
      return undefined;
  }
}
