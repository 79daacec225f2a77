/** Nonlinear programs written as text, "100 * (x2 - x1^2)^2", with exact derivatives from second-order jets. */
import { type MathNode, parse } from "mathjs";
import type { NonlinearProgram } from "../../src/nlp/program.js";
import { Jet } from "../support/jet.js";

type Value = Jet | number;
type Evaluate = (x: readonly Jet[]) => Value;

const infinite = Number.POSITIVE_INFINITY;

function apply(a: Value, value: (v: number) => number, d1: (v: number) => number, d2: (v: number) => number): Value {
  return typeof a === "number" ? value(a) : a.map(value(a.v), d1(a.v), d2(a.v));
}
const add = (a: Value, b: Value): Value =>
  typeof a === "number" ? (typeof b === "number" ? a + b : b.add(a)) : a.add(b);
const multiply = (a: Value, b: Value): Value =>
  typeof a === "number" ? (typeof b === "number" ? a * b : b.mul(a)) : a.mul(b);
const power = (a: Value, p: number): Value =>
  apply(
    a,
    (v) => v ** p,
    (v) => (p === 0 ? 0 : p * v ** (p - 1)),
    (v) => (p === 0 || p === 1 ? 0 : p * (p - 1) * v ** (p - 2)),
  );

const functions: Readonly<Record<string, (a: Value) => Value>> = {
  sin: (a) => apply(a, Math.sin, Math.cos, (v) => -Math.sin(v)),
  cos: (a) =>
    apply(
      a,
      Math.cos,
      (v) => -Math.sin(v),
      (v) => -Math.cos(v),
    ),
  exp: (a) => apply(a, Math.exp, Math.exp, Math.exp),
  log: (a) =>
    apply(
      a,
      Math.log,
      (v) => (v > 0 ? 1 / v : Number.NaN),
      (v) => -1 / v ** 2,
    ),
  sqrt: (a) => power(a, 0.5),
};

function compile(node: MathNode): Evaluate {
  const n = node as unknown as {
    type: string;
    op?: string;
    args?: MathNode[];
    content?: MathNode;
    value?: number;
    name?: string;
    fn?: { name: string };
  };
  switch (n.type) {
    case "ParenthesisNode":
      return compile(n.content!);
    case "ConstantNode":
      return () => n.value!;
    case "SymbolNode": {
      if (n.name === "pi") return () => Math.PI;
      const index = Number(n.name!.slice(1)) - 1;
      return (x) => x[index];
    }
    case "FunctionNode": {
      const inner = compile(n.args![0]);
      const f = functions[n.fn!.name];
      return (x) => f(inner(x));
    }
    case "OperatorNode": {
      const [a, b] = n.args!.map(compile);
      if (!b) return (x) => multiply(a(x), -1);
      if (n.op === "+") return (x) => add(a(x), b(x));
      if (n.op === "-") return (x) => add(a(x), multiply(b(x), -1));
      if (n.op === "*") return (x) => multiply(a(x), b(x));
      if (n.op === "/") return (x) => multiply(a(x), power(b(x), -1));
      return (x) => power(a(x), b(x) as number);
    }
    default:
      throw new Error(`cannot read a ${n.type}`);
  }
}

export interface TextProblem {
  readonly start: readonly number[];
  /** The objective. */
  readonly f: string;
  /** Expressions that are 0. */
  readonly eq?: readonly string[];
  /** Expressions that are >= 0, as in Hock and Schittkowski's collection. */
  readonly ge?: readonly string[];
  /** One number for all, or one a variable. */
  readonly lower?: number | readonly number[];
  readonly upper?: number | readonly number[];
}

export function textProgram(problem: TextProblem): NonlinearProgram {
  const n = problem.start.length;
  const texts = [problem.f, ...(problem.eq ?? []), ...(problem.ge ?? [])];
  const evaluate = texts.map((text) => compile(parse(text)));
  const rows = texts.length - 1;
  const equalities = problem.eq?.length ?? 0;
  const bound = (b: number | readonly number[] | undefined, otherwise: number): Float64Array =>
    Float64Array.from({ length: n }, (_, j) => (b === undefined ? otherwise : typeof b === "number" ? b : b[j]));
  const jets = (u: Float64Array): Jet[] => Array.from(u, (v, j) => Jet.variable(v, j, n));
  const zero = new Jet(0, new Float64Array(n), new Float64Array(n * n));
  const at = (u: Float64Array, i: number): Jet => {
    const v = evaluate[i](jets(u));
    return typeof v === "number" ? zero.add(v) : v;
  };
  const jacobian = { rows: new Int32Array(rows * n), columns: new Int32Array(rows * n) };
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < n; j++) {
      jacobian.rows[i * n + j] = i;
      jacobian.columns[i * n + j] = j;
    }
  const lowerTriangle: [number, number][] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) lowerTriangle.push([i, j]);
  return {
    n,
    lower: bound(problem.lower, -infinite),
    upper: bound(problem.upper, infinite),
    rows,
    rowLower: new Float64Array(rows),
    rowUpper: Float64Array.from({ length: rows }, (_, i) => (i < equalities ? 0 : infinite)),
    value: (u) => at(u, 0).v,
    gradientInto(u, out) {
      out.set(at(u, 0).g);
    },
    constraintsInto(u, out) {
      for (let i = 0; i < rows; i++) out[i] = at(u, i + 1).v;
    },
    jacobian,
    jacobianInto(u, values) {
      for (let i = 0; i < rows; i++) values.set(at(u, i + 1).g, i * n);
    },
    hessian: {
      rows: Int32Array.from(lowerTriangle, ([i]) => i),
      columns: Int32Array.from(lowerTriangle, ([, j]) => j),
    },
    hessianInto(u, sigma, z, values) {
      values.fill(0);
      for (let i = 0; i <= rows; i++) {
        const weight = i === 0 ? sigma : z[i - 1];
        if (weight === 0) continue;
        const { h } = at(u, i);
        lowerTriangle.forEach(([r, c], k) => {
          values[k] += weight * h[r * n + c];
        });
      }
    },
  };
}
