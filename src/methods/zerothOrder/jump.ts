/**
 * Finds a jump of a function of one variable near a point: for a Lipschitz function D(h) = |phi(h) - phi(-h)| falls with h, at a
 * jump it does not, and D(h) / 2h grows like 1/h. The smallest h at which D has stopped falling is bisected, each time into
 * the half with the larger difference, until what remains is as narrow as rounding allows.
 */

export interface Jump {
  /** Position, and the values on both sides. */
  readonly at: number;
  readonly width: number;
  readonly left: number;
  readonly right: number;
}

/**
 * phi is asked within [-reach, reach]; `least` is the smallest difference that counts. Undefined where phi looks continuous
 * (also where it is steep, but bends over a width above about 1e-9 reach).
 */
export function findJump(phi: (t: number) => number, reach: number, least: number): Jump | undefined {
  let wider = Number.NaN;
  let from: { readonly h: number; readonly left: number; readonly right: number } | undefined;
  for (let h = reach; h >= 1e-7 * reach; h *= 0.1) {
    const left = phi(-h);
    const right = phi(h);
    const D = Math.abs(right - left);
    if (D > least && (Number.isNaN(wider) || D > 0.5 * wider)) from = { h, left, right };
    else if (!(D > least)) break;
    wider = D;
  }
  if (from === undefined) return undefined;
  return narrowJump(phi, { from: -from.h, to: from.h, left: from.left, right: from.right }, 1e-9 * reach, least);
}

export interface Step {
  readonly from: number;
  readonly to: number;
  /** phi at both ends. */
  readonly left: number;
  readonly right: number;
}

/** Bisects into the half with the larger difference until it is `width` wide; undefined where the difference falls away. */
export function narrowJump(phi: (t: number) => number, step: Step, width: number, least: number): Jump | undefined {
  let { from: a, to: b, left, right } = step;
  const first = Math.abs(right - left);
  while (b - a > width) {
    const middle = 0.5 * (a + b);
    const value = phi(middle);
    if (!Number.isFinite(value)) return undefined;
    if (Math.abs(value - left) > Math.abs(right - value)) [b, right] = [middle, value];
    else [a, left] = [middle, value];
    if (Math.abs(right - left) < Math.max(least, 0.05 * first)) return undefined;
  }
  return { at: 0.5 * (a + b), width: b - a, left, right };
}
