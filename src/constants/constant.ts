/**
 * The constants that step sizes and complexity bounds are made of, and what each rests on. Two-norms throughout; "in y" leaves x fixed.
 * Symbols and assumptions as in Chen, Ma and Zhang, Near-optimal nonconvex-strongly-convex bilevel optimization with fully
 * first-order oracles (2023), section 3; the Polyak-Lojasiewicz constant as in Karimi, Nutini and Schmidt (2016).
 */

/**
 * What a value rests on: read off constant second derivatives (up to rounding); proved for all points of the variables'
 * domains by interval arithmetic; or estimated at points along a path, where a smaller or larger value may exist elsewhere.
 */
export type Evidence = "exact" | "bound" | "estimate";

/** Each with its meaning. Upper bounds are called for of all but mu and mu_PL. */
export const meanings = {
  L_g: "gradient of g in y is Lipschitz: largest |eigenvalue| of ∇²yy g",
  L_gx: "gradient of g in (x, y) is Lipschitz: largest |eigenvalue| of ∇² g",
  mu: "g is strongly convex in y: smallest eigenvalue of ∇²yy g",
  mu_PL: "Polyak-Lojasiewicz: |∇y g|² >= 2 mu_PL (g - g*)",
  kappa: "condition number L_g / mu",
  L_f: "gradient of f in (x, y) is Lipschitz: largest |eigenvalue| of ∇² f",
  C_f: "f is Lipschitz in y: largest |∇y f|",
  rho_g: "Hessian of g is Lipschitz",
} as const;

export type ConstantSymbol = keyof typeof meanings;

export interface Constant {
  readonly symbol: ConstantSymbol;
  /** Upper bound of the true constant (lower bound of mu), or its estimate. */
  readonly value: number;
  readonly evidence: Evidence;
  /** How it was found, in a few words. */
  readonly how: string;
}

export interface Constants {
  readonly list: readonly Constant[];
  get(symbol: ConstantSymbol): Constant | undefined;
}

export function constants(list: readonly Constant[]): Constants {
  const bySymbol = new Map(list.map((c) => [c.symbol, c]));
  return { list, get: (symbol) => bySymbol.get(symbol) };
}

/** The weaker of two kinds of evidence: what a value made of both rests on. */
export function weaker(a: Evidence, b: Evidence): Evidence {
  const order: readonly Evidence[] = ["exact", "bound", "estimate"];
  return order[Math.max(order.indexOf(a), order.indexOf(b))];
}
