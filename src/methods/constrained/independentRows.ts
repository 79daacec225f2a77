/**
 * A set of active rows with independent gradients on the free variables: greedily, equalities first, then by multiplier, each
 * kept where Gram-Schmidt orthogonalisation (twice is enough) leaves something of its gradient.
 */
import type { CompiledProgram } from "../../reform/compile.js";
import type { ActiveSet } from "./activeKkt.js";

type Vector = Float64Array;

/** A gradient of which less than this share is left depends on the others. */
const LEFT = 1e-10;

/** Takes dependent rows out of the active set; returns those. O(rows² m). */
export function independentRows(
  program: CompiledProgram,
  jacobian: Vector,
  active: ActiveSet,
  z: Vector,
): readonly number[] {
  const { n: m, rows } = program;
  const pattern = program.jacobian;
  const gradients = new Map<number, Vector>();
  for (let i = 0; i < rows; i++) if (active.rows[i] === 1) gradients.set(i, new Float64Array(m));
  pattern.rows.forEach((i, e) => {
    const a = gradients.get(i);
    if (a !== undefined && active.bounds[pattern.columns[e]] === 0) a[pattern.columns[e]] += jacobian[e];
  });
  const length = (a: Vector): number => Math.hypot(...a);
  const equality = (i: number): number => (program.rowLower[i] === program.rowUpper[i] ? 1 : 0);
  const weight = new Map([...gradients].map(([i, a]) => [i, Math.abs(z[i]) * length(a)]));
  const order = [...gradients.keys()].sort(
    (a, b) => equality(b) - equality(a) || (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || a - b,
  );
  const kept: Vector[] = [];
  const left: number[] = [];
  for (const i of order) {
    const a = gradients.get(i) ?? new Float64Array(m);
    const whole = length(a);
    for (let pass = 0; pass < 2; pass++) {
      for (const q of kept) {
        let s = 0;
        for (let j = 0; j < m; j++) s += q[j] * a[j];
        for (let j = 0; j < m; j++) a[j] -= s * q[j];
      }
    }
    const rest = length(a);
    if (rest > LEFT * whole) kept.push(a.map((v) => v / rest));
    else {
      active.rows[i] = 0;
      left.push(i);
    }
  }
  return left;
}
