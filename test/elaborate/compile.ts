/** Text to problem, for tests. */
import { renderText } from "../../src/base/render.js";
import { Source } from "../../src/base/source.js";
import { type ElaborateOptions, elaborate } from "../../src/elaborate/elaborate.js";
import type { Node } from "../../src/expr/node.js";
import type { Problem } from "../../src/model/problem.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { parse } from "../../src/syntax/parse.js";

export interface Compiled {
  readonly problem: Problem | undefined;
  readonly codes: readonly string[];
  readonly text: string;
}

export async function compileText(text: string, options: ElaborateOptions = {}, name = "test.blo"): Promise<Compiled> {
  const source = new Source(name, text);
  const { tree, diagnostics } = parse(source);
  const syntaxErrors = diagnostics.filter((d) => d.severity === "error");
  if (!tree || syntaxErrors.length > 0) {
    return { problem: undefined, codes: diagnostics.map((d) => d.code), text: renderText(diagnostics, source) };
  }
  const result = await elaborate(tree, source, options);
  return {
    problem: result.problem,
    codes: result.diagnostics.map((d) => d.code),
    text: renderText(result.diagnostics, source),
  };
}

/** The problem of a text that must compile. */
export async function problemOf(text: string, options: ElaborateOptions = {}): Promise<Problem> {
  const { problem, text: found } = await compileText(text, options);
  if (!problem) throw new Error(`does not compile:\n${found}\n${text}`);
  return problem;
}

/** A problem whose upper objective is an expression over x (scalar), y (vector of 6) and Z (3 x 4). */
export function around(expression: string, declarations = ""): string {
  return `${declarations}
upper {
  var x
  minimize ${expression}
}
lower {
  var y[6]
  var Z[3, 4]
  minimize sumsq(y - x) + sum(Z)
}
`;
}

export function valuesAt(
  problem: Problem,
  nodes: readonly Node[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Float64Array[] {
  return evaluate(
    nodes,
    new Map([
      [problem.x, Float64Array.from(x)],
      [problem.y, Float64Array.from(y)],
    ]),
  );
}

export function valueAt(problem: Problem, node: Node, x: ArrayLike<number>, y: ArrayLike<number>): number {
  return valuesAt(problem, [node], x, y)[0][0];
}
