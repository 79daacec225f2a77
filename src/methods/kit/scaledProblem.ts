/**
 * An oracle seen in scaled variables x/dx and y/dy: gradients are multiplied by the scales, products on both sides. Only
 * what the implicit methods ask. With unit scales arrays are passed through.
 */
import { multiplyInto } from "../../num/vector.js";
import type { Linearization, Oracle } from "../../oracle/oracle.js";
import type { Scaling } from "./scaling.js";

type Vector = Float64Array;

export class ScaledProblem {
  readonly n: number;
  readonly m: number;
  readonly oracle: Oracle;
  readonly dx: Vector;
  readonly dy: Vector;
  /** Bounds in scaled variables; they hold everything where the level is a product of boxes. */
  readonly lowerX: Vector;
  readonly upperX: Vector;
  readonly lowerY: Vector;
  readonly upperY: Vector;
  private readonly unitX: boolean;
  private readonly unitY: boolean;
  private readonly x: Vector;
  private readonly y: Vector;
  private readonly v: Vector;
  private map: Linearization | undefined;

  constructor(oracle: Oracle, { dx, dy }: Scaling) {
    this.oracle = oracle;
    this.n = oracle.n;
    this.m = oracle.m;
    this.dx = dx;
    this.dy = dy;
    this.unitX = dx.every((d) => d === 1);
    this.unitY = dy.every((d) => d === 1);
    this.lowerX = oracle.domainX.lower.map((b, i) => b / dx[i]);
    this.upperX = oracle.domainX.upper.map((b, i) => b / dx[i]);
    this.lowerY = oracle.domainY.lower.map((b, i) => b / dy[i]);
    this.upperY = oracle.domainY.upper.map((b, i) => b / dy[i]);
    this.x = new Float64Array(oracle.n);
    this.y = new Float64Array(oracle.m);
    this.v = new Float64Array(oracle.m);
  }

  /** out = dx ∘ x: back to the user's variables. */
  unscaleXInto(x: Vector, out: Vector): void {
    multiplyInto(this.dx, x, out);
  }

  unscaleYInto(y: Vector, out: Vector): void {
    multiplyInto(this.dy, y, out);
  }

  private atX(x: Vector): Vector {
    if (this.unitX) return x;
    multiplyInto(this.dx, x, this.x);
    return this.x;
  }

  private atY(y: Vector): Vector {
    if (this.unitY) return y;
    multiplyInto(this.dy, y, this.y);
    return this.y;
  }

  /** g and out = d g/dy */
  lowerGradient(x: Vector, y: Vector, out: Vector): number {
    const value = this.oracle.lower.valueGradY(this.atX(x), this.atY(y), out);
    if (!this.unitY) multiplyInto(this.dy, out, out);
    return value;
  }

  /** f and both gradients */
  upperGradient(x: Vector, y: Vector, outX: Vector, outY: Vector): number {
    const value = this.oracle.upper.valueGrad(this.atX(x), this.atY(y), outX, outY);
    if (!this.unitX) multiplyInto(this.dx, outX, outX);
    if (!this.unitY) multiplyInto(this.dy, outY, outY);
    return value;
  }

  /** Fixes the point of the products below. */
  linearize(x: Vector, y: Vector): void {
    this.map = this.oracle.lower.linearize(this.atX(x), this.atY(y));
  }

  /** out = H v */
  hvp(v: Vector, out: Vector): void {
    if (this.map === undefined) throw new Error("products need a point: linearize first");
    if (this.unitY) {
      this.map.hvp(v, out);
      return;
    }
    multiplyInto(this.dy, v, this.v);
    this.map.hvp(this.v, out);
    multiplyInto(this.dy, out, out);
  }

  /** out = J v */
  jvp(v: Vector, out: Vector): void {
    if (this.map === undefined) throw new Error("products need a point: linearize first");
    if (this.unitY) this.map.jvp(v, out);
    else {
      multiplyInto(this.dy, v, this.v);
      this.map.jvp(this.v, out);
    }
    if (!this.unitX) multiplyInto(this.dx, out, out);
  }

  projectX(x: Vector): void {
    if (this.oracle.domainX.free) return;
    if (this.oracle.domainX.boxes) clip(x, this.lowerX, this.upperX);
    else this.oracle.domainX.project(x);
  }

  projectY(y: Vector): void {
    if (this.oracle.domainY.free) return;
    if (this.oracle.domainY.boxes) clip(y, this.lowerY, this.upperY);
    else this.oracle.domainY.project(y);
  }
}

function clip(v: Vector, lower: Vector, upper: Vector): void {
  for (let i = 0; i < v.length; i++) {
    if (v[i] < lower[i]) v[i] = lower[i];
    else if (v[i] > upper[i]) v[i] = upper[i];
  }
}
