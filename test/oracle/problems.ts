/** Problems built by hand on the graph, for tests of what lies behind the language. */
import { Source } from "../../src/base/source.js";
import type { InputBlock, Node } from "../../src/expr/node.js";
import type { Constraint, Domain, LevelModel, Problem, Variable } from "../../src/model/problem.js";
import { Builder } from "../../src/ops/build.js";

const span = { start: 0, end: 0 };

export interface Parts {
  readonly name?: string;
  readonly n: number;
  readonly m: number;
  readonly x0?: readonly number[];
  readonly y0?: readonly number[];
  readonly domainX?: Domain;
  readonly domainY?: Domain;
  readonly sense?: { readonly upper?: "maximize"; readonly lower?: "maximize" };
  readonly upper: (b: Builder, x: Node, y: Node) => Node;
  readonly lower: (b: Builder, x: Node, y: Node) => Node;
  readonly upperConstraints?: (b: Builder, x: Node, y: Node) => readonly { kind: "le" | "eq"; body: Node }[];
  readonly lowerConstraints?: (b: Builder, x: Node, y: Node) => readonly { kind: "le" | "eq"; body: Node }[];
}

export function handProblem(parts: Parts): Problem {
  const b = new Builder();
  const x: InputBlock = { name: "x", size: parts.n };
  const y: InputBlock = { name: "y", size: parts.m };
  const [nx, ny] = [b.input(x), b.input(y)];
  const level = (
    name: "upper" | "lower",
    size: number,
    init: readonly number[] | undefined,
    domain: Domain | undefined,
  ): LevelModel => {
    const variable: Variable = {
      name: name === "upper" ? "x" : "y",
      level: name,
      follower: name === "upper" ? undefined : 0,
      shape: [size],
      offset: 0,
      size,
      domain: domain ?? { kind: "free" },
      init: Float64Array.from(init ?? new Array<number>(size).fill(0)),
      span,
    };
    const rows = (name === "upper" ? parts.upperConstraints : parts.lowerConstraints)?.(b, nx, ny) ?? [];
    const constraints: Constraint[] = rows.map(({ kind, body }, i) => ({
      name: `${name}${i + 1}`,
      kind,
      body,
      rows: body.shape.length === 0 ? 1 : body.shape[0],
      span,
    }));
    return {
      name,
      variables: [variable],
      objective: parts[name](b, nx, ny),
      sense: parts.sense?.[name] ?? "minimize",
      constraints,
      span,
    };
  };
  const upper = level("upper", parts.n, parts.x0, parts.domainX);
  const lower = level("lower", parts.m, parts.y0, parts.domainY);
  return {
    name: parts.name ?? "by hand",
    source: new Source("hand.blo", ""),
    builder: b,
    x,
    y,
    upper,
    lowers: [lower],
    minimax: false,
    independentFollowers: true,
    lowerObjective: lower.objective,
    samples: [],
    functions: [],
    solve: { options: {} },
    expect: [],
    warnings: [],
  };
}

/**
 * f = sum_i x_i exp(y_i) + y_1², g = (y_1 - sin x_1)² + x_2² y_2² + y_1 y_2; upper constraint x_1 x_2 - y_1 <= 0,
 * lower constraints y_1² + x_2 y_2 - 1 <= 0 and y - x == 0 (two rows).
 */
export function smallProblem(): Problem {
  return handProblem({
    n: 2,
    m: 2,
    x0: [0.5, -1.5],
    y0: [2, 3],
    domainX: { kind: "box", lower: Float64Array.of(-1, -1), upper: Float64Array.of(1, 1) },
    upper: (b, x, y) => b.add(b.sum(b.mul(x, b.exp(y))), b.square(entry(b, y, 0))),
    lower: (b, x, y) =>
      b.addAll([
        b.square(b.sub(entry(b, y, 0), b.apply("sin", [entry(b, x, 0)]))),
        b.mul(b.square(entry(b, x, 1)), b.square(entry(b, y, 1))),
        b.mul(entry(b, y, 0), entry(b, y, 1)),
      ]),
    upperConstraints: (b, x, y) => [{ kind: "le", body: b.sub(b.mul(entry(b, x, 0), entry(b, x, 1)), entry(b, y, 0)) }],
    lowerConstraints: (b, x, y) => [
      {
        kind: "le",
        body: b.sub(b.add(b.square(entry(b, y, 0)), b.mul(entry(b, x, 1), entry(b, y, 1))), b.constant(1)),
      },
      { kind: "eq", body: b.sub(y, x) },
    ],
  });
}

/** Entry i of a vector, as a scalar. */
export function entry(b: Builder, vector: Node, i: number): Node {
  return b.reshape(b.take(vector, 0, b.graph.range(i, 1)), []);
}
