/**
 * The file's own functions of scalars, differentiated by mathjs from their text and by us through a problem of their own
 * whose upper objective is the function: neither the operators' rules nor the reading of the formula are shared.
 */
import { Source } from "../base/source.js";
import { scalarDerivative, scalarEvaluator } from "../diff/scalar.js";
import { elaborate } from "../elaborate/elaborate.js";
import type { ScalarFunction } from "../model/problem.js";
import type { Random } from "../num/random.js";
import { parse } from "../syntax/parse.js";
import { Comparison, type DerivativeCheck } from "./comparison.js";
import { compileOracle } from "./compile.js";
import type { Oracle } from "./oracle.js";

const tolerance = 1e-9;
const points = 12;

/** One check for each argument of each function; functions that mathjs cannot differentiate are left out. */
export async function functionChecks(
  functions: readonly ScalarFunction[],
  random: Random,
): Promise<readonly DerivativeCheck[]> {
  const checks: DerivativeCheck[] = [];
  for (const fn of functions) {
    const oracle = await oracleOf(fn, functions);
    if (!oracle) continue;
    for (const [k, parameter] of fn.parameters.entries()) {
      const derivative = await scalarDerivative(fn.body, parameter);
      const theirs = derivative === undefined ? undefined : await scalarEvaluator(derivative, fn.parameters);
      if (theirs) checks.push(compare(fn, k, oracle, theirs, random.split(`${fn.name} ${parameter}`)));
    }
  }
  return checks;
}

function compare(
  fn: ScalarFunction,
  k: number,
  oracle: Oracle,
  theirs: (...values: number[]) => number,
  random: Random,
): DerivativeCheck {
  const comparison = new Comparison(`${fn.name} in ${fn.parameters[k]}`, "mathjs", tolerance);
  const gradient = new Float64Array(oracle.n);
  for (let p = 0; p < points; p++) {
    // Half of the points are positive: logarithms and roots want them.
    const at = Float64Array.from({ length: oracle.n }, () =>
      p % 2 === 0 ? 4 * random.uniform() - 2 : 3 * random.uniform(),
    );
    oracle.upper.gradX(at, oracle.startY, gradient);
    const exact = theirs(...at);
    comparison.add(
      gradient[k],
      exact,
      0,
      Math.max(1e-3, Math.abs(exact)),
      () => `at (${[...at].map((v) => v.toPrecision(4)).join(", ")})`,
    );
  }
  return comparison.result();
}

/** A problem whose upper objective is the function of its upper variables; undefined where the text does not stand alone. */
async function oracleOf(fn: ScalarFunction, all: readonly ScalarFunction[]): Promise<Oracle | undefined> {
  const names = fn.parameters.map((_, i) => `bloArgument${i + 1}`);
  const text = [
    ...all.map((f) => `fn ${f.name}(${f.parameters.join(", ")}) = ${f.body}`),
    `upper { ${names.map((name) => `var ${name}`).join(" ; ")} ; minimize ${fn.name}(${names.join(", ")}) }`,
    "lower { var bloAnswer ; minimize bloAnswer^2 }",
  ].join("\n");
  const source = new Source(fn.name, text);
  const { tree } = parse(source);
  const { problem } = tree ? await elaborate(tree, source) : {};
  return problem && compileOracle(problem, { backend: "interpreted" });
}
