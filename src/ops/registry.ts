/** All operators of the expression graph by name. */
import type { Node } from "../expr/node.js";
import { contract } from "./contract.js";
import { activation } from "./elementwise/activation.js";
import { arithmetic } from "./elementwise/arithmetic.js";
import { comparison } from "./elementwise/comparison.js";
import { exponential } from "./elementwise/exponential.js";
import { trigonometric } from "./elementwise/trigonometric.js";
import { layout } from "./layout.js";
import { leaves } from "./leaves.js";
import type { Operator } from "./operator.js";
import { reductions } from "./reductions.js";
import { solve } from "./solve.js";

const families = [leaves, arithmetic, exponential, trigonometric, activation, comparison, reductions, layout];

export const operators: ReadonlyMap<string, Operator> = new Map(
  [...families.flat(), contract, solve].map((operator) => [operator.name, operator]),
);

export function operatorNamed(name: string): Operator {
  const operator = operators.get(name);
  if (!operator) throw new Error(`no operator named ${name}`);
  return operator;
}

/** The operator of a node. */
export function operatorOf(node: Node): Operator {
  return operatorNamed(node.op);
}
