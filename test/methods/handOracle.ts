/**
 * An Oracle made by hand from plain functions: what method tests run on, so that they depend on nothing the compiler makes.
 * Queries count exactly as the compiled oracle's do.
 */
import { Source } from "../../src/base/source.js";
import type { Domain, Problem, Variable } from "../../src/model/problem.js";
import {
  ballTangentInto,
  boxTangentInto,
  projectBallInto,
  projectBoxInto,
  projectSimplexInto,
  simplexTangentInto,
} from "../../src/num/project.js";
import { Builder } from "../../src/ops/build.js";
import { type Counts, type DomainOracle, emptyCounts, type LevelOracle, type Oracle } from "../../src/oracle/oracle.js";

type Vector = Float64Array;

export interface HandLevel {
  value(x: Vector, y: Vector): number;
  gradX(x: Vector, y: Vector, out: Vector): void;
  gradY(x: Vector, y: Vector, out: Vector): void;
  /** out = (d²/dy²) v; may be left out for f, which few methods ask. */
  hvpYY?(x: Vector, y: Vector, v: Vector, out: Vector): void;
  /** out (length n) = (d²/dx dy) v */
  jvpXY?(x: Vector, y: Vector, v: Vector, out: Vector): void;
  /** out (length m) = (d²/dx dy)ᵀ u */
  jvpYX?(x: Vector, y: Vector, u: Vector, out: Vector): void;
}

export interface HandBlock {
  readonly name?: string;
  readonly size: number;
  readonly domain: Domain;
}

export interface HandProblem {
  readonly name?: string;
  readonly n: number;
  readonly m: number;
  readonly f: HandLevel;
  readonly g: HandLevel;
  readonly startX?: ArrayLike<number>;
  readonly startY?: ArrayLike<number>;
  /** Blocks in order; default one free block. */
  readonly blocksX?: readonly HandBlock[];
  readonly blocksY?: readonly HandBlock[];
  readonly minimax?: boolean;
}

export function box(lower: ArrayLike<number>, upper: ArrayLike<number>): HandBlock {
  const domain: Domain = { kind: "box", lower: Float64Array.from(lower), upper: Float64Array.from(upper) };
  return { size: lower.length, domain };
}
export function ball(center: ArrayLike<number>, radius: number): HandBlock {
  return { size: center.length, domain: { kind: "ball", center: Float64Array.from(center), radius } };
}
export function simplex(size: number, total = 1): HandBlock {
  return { size, domain: { kind: "simplex", total } };
}
export function free(size: number): HandBlock {
  return { size, domain: { kind: "free" } };
}

/** A product of simple sets from its blocks. */
export function domainOf(blocks: readonly HandBlock[]): DomainOracle {
  const size = blocks.reduce((sum, b) => sum + b.size, 0);
  const lower = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const scratch = new Float64Array(size);
  let at = 0;
  const placed = blocks.map((block) => {
    const offset = at;
    at += block.size;
    if (block.domain.kind === "box") {
      lower.set(block.domain.lower, offset);
      upper.set(block.domain.upper, offset);
    }
    return { domain: block.domain, offset, size: block.size };
  });
  return {
    free: blocks.every((b) => b.domain.kind === "free"),
    boxes: blocks.every((b) => b.domain.kind === "free" || b.domain.kind === "box"),
    lower,
    upper,
    project(v) {
      for (const { domain, offset, size: k } of placed) {
        if (domain.kind === "box") projectBoxInto(v, lower, upper, offset, k);
        else if (domain.kind === "ball") projectBallInto(v, domain.center, domain.radius, offset, k);
        else if (domain.kind === "simplex") projectSimplexInto(v, domain.total, offset, k, scratch);
      }
    },
    projectTangent(point, v) {
      for (const { domain, offset, size: k } of placed) {
        if (domain.kind === "box") boxTangentInto(point, lower, upper, offset, k, v);
        else if (domain.kind === "ball") ballTangentInto(point, domain.center, domain.radius, offset, k, v);
        else if (domain.kind === "simplex") simplexTangentInto(point, domain.total, offset, k, scratch, v);
      }
    },
  };
}

function variablesOf(blocks: readonly HandBlock[], level: "upper" | "lower"): Variable[] {
  let offset = 0;
  return blocks.map((block, i) => {
    const variable: Variable = {
      name: block.name ?? `${level === "upper" ? "x" : "y"}${blocks.length > 1 ? i + 1 : ""}`,
      level,
      follower: level === "upper" ? undefined : 0,
      shape: [block.size],
      offset,
      size: block.size,
      domain: block.domain,
      init: new Float64Array(block.size),
      span: { start: 0, end: 0 },
    };
    offset += block.size;
    return variable;
  });
}

function missing(): never {
  throw new Error("this hand-written level has no such product");
}

function levelOracle(
  level: HandLevel,
  n: number,
  m: number,
  count: (what: "value" | "gradient" | "hvp" | "jvp") => void,
): LevelOracle {
  const hvp = level.hvpYY?.bind(level) ?? missing;
  const jvp = level.jvpXY?.bind(level) ?? missing;
  const jvpT = level.jvpYX?.bind(level) ?? missing;
  return {
    value(x, y) {
      count("value");
      return level.value(x, y);
    },
    gradX(x, y, out) {
      count("gradient");
      level.gradX(x, y, out);
    },
    gradY(x, y, out) {
      count("gradient");
      level.gradY(x, y, out);
    },
    valueGradY(x, y, outY) {
      count("value");
      count("gradient");
      level.gradY(x, y, outY);
      return level.value(x, y);
    },
    valueGrad(x, y, outX, outY) {
      count("value");
      count("gradient");
      level.gradX(x, y, outX);
      level.gradY(x, y, outY);
      return level.value(x, y);
    },
    hvpYY(x, y, v, out) {
      count("hvp");
      hvp(x, y, v, out);
    },
    jvpXY(x, y, v, out) {
      count("jvp");
      jvp(x, y, v, out);
    },
    jvpYX(x, y, u, out) {
      count("jvp");
      jvpT(x, y, u, out);
    },
    linearize(x, y) {
      const atX = Float64Array.from(x);
      const atY = Float64Array.from(y);
      return {
        hvp(v, out) {
          count("hvp");
          hvp(atX, atY, v, out);
        },
        jvp(v, out) {
          count("jvp");
          jvp(atX, atY, v, out);
        },
        both(v, outH, outJ) {
          count("hvp");
          count("jvp");
          hvp(atX, atY, v, outH);
          jvp(atX, atY, v, outJ);
        },
      };
    },
    hessianYY(x, y, out) {
      const e = new Float64Array(m);
      const column = new Float64Array(m);
      for (let j = 0; j < m; j++) {
        count("hvp");
        e.fill(0);
        e[j] = 1;
        hvp(x, y, e, column);
        for (let i = 0; i < m; i++) out[i * m + j] = column[i];
      }
    },
    constraints: {
      rows: 0,
      equality: new Uint8Array(0),
      names: [],
      value() {},
      jacobian() {},
      vjp(_x, _y, _z, outX, outY) {
        outX.fill(0, 0, n);
        outY.fill(0, 0, m);
      },
      hvpYY(_x, _y, _z, _v, out) {
        out.fill(0);
      },
      jvpXY(_x, _y, _z, _v, out) {
        out.fill(0);
      },
    },
  };
}

/** The oracle of a hand-written problem. */
export function handOracle(p: HandProblem): Oracle {
  const { n, m } = p;
  const blocksX = p.blocksX ?? [free(n)];
  const blocksY = p.blocksY ?? [free(m)];
  const domainX = domainOf(blocksX);
  const domainY = domainOf(blocksY);
  const startX = Float64Array.from(p.startX ?? new Float64Array(n));
  const startY = Float64Array.from(p.startY ?? new Float64Array(m));
  domainX.project(startX);
  domainY.project(startY);
  const span = { start: 0, end: 0 };
  const builder = new Builder();
  const inputs = { x: { name: "x", size: n }, y: { name: "y", size: m } };
  const level = (name: string, variables: readonly Variable[]) => ({
    name,
    variables,
    // of no known degree: what looks at expressions must not take it for something simple
    objective: builder.sum(builder.apply("erf", [builder.input(name === "upper" ? inputs.x : inputs.y)])),
    sense: "minimize" as const,
    constraints: [],
    span,
  });
  // Only what methods, registry and loop read; the expressions are not those of the functions above.
  const problem = {
    builder,
    ...inputs,
    name: p.name ?? "by hand",
    source: new Source("hand.blo", ""),
    upper: level("upper", variablesOf(blocksX, "upper")),
    lowers: [level("lower", variablesOf(blocksY, "lower"))],
    minimax: p.minimax ?? false,
    independentFollowers: true,
    samples: [],
    functions: [],
    solve: { options: {} },
    expect: [],
    warnings: [],
  } as unknown as Problem;
  const counts: Counts = emptyCounts();
  const upper = levelOracle(p.f, n, m, (what) => {
    if (what === "value") counts.upperValue++;
    else if (what === "gradient") counts.upperGradient++;
    else counts.upperProduct++;
  });
  const lower = levelOracle(p.g, n, m, (what) => {
    if (what === "value") counts.lowerValue++;
    else if (what === "gradient") counts.lowerGradient++;
    else if (what === "hvp") counts.lowerHvp++;
    else counts.lowerJvp++;
  });
  return { problem, n, m, startX, startY, upper, lower, domainX, domainY, counts, fork: () => handOracle(p) };
}
