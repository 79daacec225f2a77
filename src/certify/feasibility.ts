/** Distance of a point from the domains and violation of the constraints of both levels. */
import type { ConstraintOracle, DomainOracle, Oracle } from "../oracle/oracle.js";
import { type Checks, short } from "./checks.js";

type Vector = Float64Array;

/** |v - P(v)| */
export function distanceToDomain(domain: DomainOracle, v: Vector): number {
  if (domain.free) return 0;
  const p = v.slice();
  domain.project(p);
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += (p[i] - v[i]) ** 2;
  return Math.sqrt(sum);
}

/** Largest violation of a row (its value if above 0, or its absolute value for equalities) and that row's name. */
export function worstRow(constraints: ConstraintOracle, x: Vector, y: Vector): { value: number; name: string } {
  const c = new Float64Array(constraints.rows);
  if (constraints.rows > 0) constraints.value(x, y, c);
  let worst = { value: 0, name: "" };
  for (let r = 0; r < c.length; r++) {
    const v = constraints.equality[r] === 1 ? Math.abs(c[r]) : c[r];
    if (!(v <= worst.value)) worst = { value: v, name: constraints.names[r] };
  }
  return worst;
}

/** Adds the checks; returns the largest violation. Tolerance relative to 1 + the point's largest entry. */
export function feasibilityChecks(oracle: Oracle, x: Vector, y: Vector, tolerance: number, checks: Checks): number {
  let size = 1;
  for (const v of x) size = Math.max(size, Math.abs(v));
  for (const v of y) size = Math.max(size, Math.abs(v));
  const limit = tolerance * size;
  const away = Math.hypot(distanceToDomain(oracle.domainX, x), distanceToDomain(oracle.domainY, y));
  checks.atMost(
    "domains",
    away,
    limit,
    "The point lies in the domains of its variables.",
    `The point is ${short(away)} away from the domains of its variables.`,
  );
  let worst = away;
  for (const level of ["upper", "lower"] as const) {
    const { constraints } = oracle[level];
    if (constraints.rows === 0) continue;
    const row = worstRow(constraints, x, y);
    checks.atMost(
      `${level} constraints`,
      row.value,
      limit,
      `The ${level} constraints hold.`,
      `The ${level} constraint ${row.name} is violated by ${short(row.value)}.`,
    );
    worst = Math.max(worst, row.value);
  }
  return worst;
}
