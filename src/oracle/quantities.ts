/** The derivatives an oracle answers, each as a pair: a function, and its derivative along a direction as the oracle has it. */
import type { Random } from "../num/random.js";
import { dot } from "../num/vector.js";
import type { LevelName } from "./engine.js";
import type { Oracle } from "./oracle.js";
import type { Point } from "./sample.js";

type Vector = Float64Array;

export interface Quantity {
  /** e.g. "upper gradient in x", "lower H v". */
  readonly name: string;
  readonly level: LevelName;
  /** The block that moves. */
  readonly moving: "x" | "y";
  /** Length of the function's value. */
  readonly size: number;
  /** What the entries of the value are, for people: a variable block, the rows of the constraints, or the objective. */
  readonly entries: "x" | "y" | "constraints" | "objective";
  value(point: Point, out: Vector): void;
  derivative(point: Point, direction: Vector, out: Vector): void;
}

/** Every derivative of a level. Multipliers of the constraints are drawn once. */
export function quantities(oracle: Oracle, name: LevelName, random: Random): readonly Quantity[] {
  const { n, m } = oracle;
  const level = oracle[name];
  const c = level.constraints;
  const gx = new Float64Array(n);
  const gy = new Float64Array(m);
  const z = Float64Array.from({ length: c.rows }, () => 0.5 + random.uniform());
  const jacobianX = new Float64Array(c.rows * n);
  const jacobianY = new Float64Array(c.rows * m);
  const common = { level: name };

  const objective: Quantity[] = [
    {
      ...common,
      name: `${name} gradient in x`,
      moving: "x",
      size: 1,
      entries: "objective",
      value: ({ x, y }, out) => {
        out[0] = level.value(x, y);
      },
      derivative: ({ x, y }, d, out) => {
        level.gradX(x, y, gx);
        out[0] = dot(gx, d);
      },
    },
    {
      ...common,
      name: `${name} gradient in y`,
      moving: "y",
      size: 1,
      entries: "objective",
      value: ({ x, y }, out) => {
        out[0] = level.value(x, y);
      },
      derivative: ({ x, y }, d, out) => {
        level.gradY(x, y, gy);
        out[0] = dot(gy, d);
      },
    },
    {
      ...common,
      name: `${name} H v`,
      moving: "y",
      size: m,
      entries: "y",
      value: ({ x, y }, out) => level.gradY(x, y, out),
      derivative: ({ x, y }, v, out) => level.hvpYY(x, y, v, out),
    },
    {
      ...common,
      name: `${name} J v`,
      moving: "y",
      size: n,
      entries: "x",
      value: ({ x, y }, out) => level.gradX(x, y, out),
      derivative: ({ x, y }, v, out) => level.jvpXY(x, y, v, out),
    },
    {
      ...common,
      name: `${name} Jᵀ u`,
      moving: "x",
      size: m,
      entries: "y",
      value: ({ x, y }, out) => level.gradY(x, y, out),
      derivative: ({ x, y }, u, out) => level.jvpYX(x, y, u, out),
    },
  ];
  if (c.rows === 0) return objective;
  return [
    ...objective,
    {
      ...common,
      name: `${name} constraints in x`,
      moving: "x",
      size: c.rows,
      entries: "constraints",
      value: ({ x, y }, out) => c.value(x, y, out),
      derivative: ({ x, y }, d, out) => {
        c.jacobian(x, y, jacobianX, jacobianY);
        for (let i = 0; i < c.rows; i++) out[i] = dot(jacobianX.subarray(i * n, (i + 1) * n), d);
      },
    },
    {
      ...common,
      name: `${name} constraints in y`,
      moving: "y",
      size: c.rows,
      entries: "constraints",
      value: ({ x, y }, out) => c.value(x, y, out),
      derivative: ({ x, y }, d, out) => {
        c.jacobian(x, y, jacobianX, jacobianY);
        for (let i = 0; i < c.rows; i++) out[i] = dot(jacobianY.subarray(i * m, (i + 1) * m), d);
      },
    },
    {
      ...common,
      name: `${name} constraints' H v`,
      moving: "y",
      size: m,
      entries: "y",
      value: ({ x, y }, out) => c.vjp(x, y, z, gx, out),
      derivative: ({ x, y }, v, out) => c.hvpYY(x, y, z, v, out),
    },
    {
      ...common,
      name: `${name} constraints' J v`,
      moving: "y",
      size: n,
      entries: "x",
      value: ({ x, y }, out) => c.vjp(x, y, z, out, gy),
      derivative: ({ x, y }, v, out) => c.jvpXY(x, y, z, v, out),
    },
  ];
}
