/**
 * One follower of a Nash game as a bilevel problem of its own: its variables are the lower level, and x together with the
 * other followers' variables is the upper one, which has nothing to choose. So the certificate's lower solvers apply.
 */
import { substitute } from "../../diff/substitute.js";
import type { InputBlock } from "../../expr/node.js";
import type { LevelModel, Problem, Variable } from "../../model/problem.js";
import { compileOracle } from "../../oracle/compile.js";
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

export interface FollowerView {
  readonly name: string;
  readonly oracle: Oracle;
  /** Positions in y of the follower's own variables, in the order of the view's. */
  readonly own: Int32Array;
  /** The view's point from the game's. */
  rest(x: Vector, y: Vector): Vector;
  part(y: Vector): Vector;
}

/**
 * Lower constraint rows of the view are those of the follower. `priced`: also those whose multipliers are players of their
 * own, which then do not take part: their prices are 0 in the follower's objective.
 */
export function followerView(problem: Problem, follower: number, priced: readonly LevelModel[] = []): FollowerView {
  const { builder: b, x, y, lowers } = problem;
  const own0 = lowers[follower];
  const restored = priced.flatMap((p) => (p.priceOf ? [p.priceOf.constraint] : []));
  const level = { ...own0, constraints: [...own0.constraints, ...restored] };
  const mine = new Set<number>();
  const variables: Variable[] = [];
  for (const variable of level.variables) {
    variables.push({ ...variable, follower: 0, offset: mine.size });
    for (let i = 0; i < variable.size; i++) mine.add(variable.offset + i);
  }
  const own = Int32Array.from(mine);
  const others = Int32Array.from({ length: y.size }, (_, j) => j).filter((j) => !mine.has(j));
  const around: InputBlock = { name: "x", size: x.size + others.length };
  const inner: InputBlock = { name: "y", size: own.length };
  const range = (from: number, count: number) =>
    b.graph.positions(Int32Array.from({ length: count }, (_, i) => from + i));
  // entry j of y: of the follower's own, or of what surrounds it
  const source = new Int32Array(y.size);
  own.forEach((j, k) => {
    source[j] = k;
  });
  others.forEach((j, k) => {
    source[j] = own.length + k;
  });
  for (const { variables: prices } of priced) {
    for (const { offset, size } of prices) source.fill(y.size, offset, offset + size);
  }
  const zero = b.tensor({ shape: [1], values: new Float64Array(1) });
  const joined = b.concat([b.input(inner), b.take(b.input(around), 0, range(x.size, others.length)), zero], 0);
  const by = new Map([
    [x, b.take(b.input(around), 0, range(0, x.size))],
    [y, b.take(joined, 0, b.graph.positions(source))],
  ]);
  const [objective, ...bodies] = substitute(b, [level.objective, ...level.constraints.map((c) => c.body)], by);
  const lower: LevelModel = {
    ...level,
    variables,
    objective,
    constraints: level.constraints.map((c, i) => ({ ...c, body: bodies[i] })),
  };
  const surrounding: Variable = {
    name: "everything else",
    level: "upper",
    follower: undefined,
    shape: [around.size],
    offset: 0,
    size: around.size,
    domain: { kind: "free" },
    init: new Float64Array(around.size),
    span: level.span,
  };
  const rest = (at: Vector, among: Vector): Vector =>
    Float64Array.from([...at, ...others].map((v, i) => (i < at.length ? v : among[v])));
  const part = (among: Vector): Vector => Float64Array.from(own, (j) => among[j]);
  const view: Problem = {
    ...problem,
    x: around,
    y: inner,
    upper: { ...problem.upper, variables: [surrounding], objective: b.constant(0), constraints: [] },
    lowers: [lower],
    minimax: false,
    independentFollowers: true,
    lowerObjective: objective,
    samples: [],
  };
  return { name: level.name, oracle: compileOracle(view), own, rest, part };
}
