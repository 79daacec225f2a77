/** Columns of data that have the same number in every row, beside one column of ones (an intercept). */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Node, Tensor } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { LintContext } from "./context.js";

/** Smaller tensors are parameters that somebody wrote. */
const FEWEST_ROWS = 10;
const MOST_NAMED = 5;

export function constantData({ problem }: LintContext): readonly Diagnostic[] {
  const outputs: readonly Node[] = [problem.upper.objective, ...problem.lowers.map((l) => l.objective)];
  const seen = new Set<Tensor>();
  const found: Diagnostic[] = [];
  for (const { attributes, origin } of topological(outputs)) {
    const { tensor } = attributes;
    if (tensor?.name === undefined || seen.has(tensor) || tensor.shape.length === 0) continue;
    if (tensor.shape[0] < FEWEST_ROWS) continue;
    seen.add(tensor);
    const columns = constantColumns(tensor);
    if (columns === undefined) continue;
    found.push(diagnostic("BLO1008", { name: tensor.name, columns }, origin ? { span: origin } : {}));
  }
  return found;
}

/** Empty for a vector that is constant; undefined where there is nothing to say. */
function constantColumns({ shape, values }: Tensor): readonly string[] | undefined {
  const [rows, columns = 1] = shape;
  if (shape.length > 2) return undefined;
  const constant: number[] = [];
  for (let j = 0; j < columns; j++) {
    let same = true;
    for (let i = 1; i < rows && same; i++) same = values[i * columns + j] === values[j];
    if (same) constant.push(j);
  }
  if (shape.length === 1) return constant.length === 1 && values[0] !== 1 ? [] : undefined;
  const told = constant.length === 1 && values[constant[0]] === 1 ? [] : constant;
  if (told.length === 0) return undefined;
  const named = told.slice(0, MOST_NAMED).map((j) => `number ${j + 1}`);
  return told.length > MOST_NAMED ? [...named, `… ${told.length} in all`] : named;
}
