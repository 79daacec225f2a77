/** Random formulas over named variables, for the problems of constrainedProblems.mjs. */
import { random } from "./brute.mjs";

export const names = (letter, k) => Array.from({ length: k }, (_, i) => `${letter}${i + 1}`);

export class Draw {
  constructor(seed) {
    this.next = random(seed);
    for (let k = 0; k < 5; k++) this.next();
  }
  number(a = -1, b = 1, digits = 2) {
    return Number((a + (b - a) * this.next()).toFixed(digits));
  }
  integer(a, b) {
    return a + Math.floor(this.next() * (b - a + 1));
  }
  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }
  chance(p) {
    return this.next() < p;
  }
  linear(vars, size = 1, constant = size) {
    const terms = vars.map((v) => `(${this.number(-size, size)})*${v}`);
    return [...terms, `(${this.number(-constant, constant)})`].join(" + ");
  }
  /** Sum of squares of affine forms and a ridge. */
  bowl(vars, others, ridge = 0.2) {
    const rows = vars.map(() => `(${this.linear([...vars, ...others], 1.5)})^2`);
    return [...rows, ...vars.map((v) => `${ridge}*${v}^2`)].join(" + ");
  }
  /** Smooth, usually not convex. */
  wave(vars) {
    const v = this.pick(vars);
    const w = this.pick(vars);
    return this.pick([
      () => `(${this.number(-1.5, 1.5)})*sin(${this.linear(vars, 2)})`,
      () => `(${this.number(-1, 1)})*exp(${this.linear([v, w], 0.8)})`,
      () => `(${this.number(-2, 2)})*${v}*${w}`,
      () => `(${this.number(-1, 1)})*${v}^3`,
      () => `(${this.number(0.1, 1)})*(${v}^2 - (${this.number(0, 2)}))^2`,
      () => `(${this.number(-2, 2)})*exp(-1*(${this.linear([v, w], 1)})^2)`,
      () => `(${this.number(-1, 1)})*${v}*${w}^2`,
    ])();
  }
  waves(vars, count) {
    return Array.from({ length: count }, () => this.wave(vars)).join(" + ");
  }
  /** An upper objective with all variables in it. */
  upper(xs, ys) {
    const all = [...xs, ...ys];
    return this.pick([
      () => this.linear(all, 2),
      () => all.map((v) => `(${v} - (${this.number(-2, 2)}))^2`).join(" + "),
      () => `${this.linear(all, 1)} + ${this.wave(all)}`,
      () => `${ys.map((v) => `(${v} - (${this.number(-2, 2)}))^2`).join(" + ")} + ${this.linear(xs, 1)}`,
    ])();
  }
}
