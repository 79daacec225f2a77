/** Constant square matrices that are equal to their transpose, or are the unit matrix; looked at once each. */
import type { Node, Tensor } from "../../expr/node.js";

interface Facts {
  readonly symmetric: boolean;
  readonly unit: boolean;
}
const facts = new WeakMap<Tensor, Facts>();
/** Larger matrices are not looked at. */
const mostEntries = 1 << 22;

function factsOf(tensor: Tensor): Facts {
  let found = facts.get(tensor);
  if (!found) {
    found = inspect(tensor);
    facts.set(tensor, found);
  }
  return found;
}

function inspect({ shape, values }: Tensor): Facts {
  const [n, m] = shape;
  if (shape.length !== 2 || n !== m || values.length > mostEntries) return { symmetric: false, unit: false };
  let unit = true;
  for (let i = 0; i < n; i++) {
    unit &&= values[i * n + i] === 1;
    for (let j = 0; j < i; j++) {
      if (values[i * n + j] !== values[j * n + i]) return { symmetric: false, unit: false };
      unit &&= values[i * n + j] === 0;
    }
  }
  return { symmetric: true, unit };
}

export function isSymmetric(node: Node): boolean {
  return node.op === "tensor" && factsOf(node.attributes.tensor!).symmetric;
}

export function isUnit(node: Node): boolean {
  return node.op === "tensor" && factsOf(node.attributes.tensor!).unit;
}
