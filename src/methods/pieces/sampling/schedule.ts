/** Step sizes and weights along a run: a / (1 + t / t0)^p; p = 0 is constant. */
import type { Schedule } from "./field.js";

export function decaying(a: number, t0: number, p: number): Schedule {
  if (p === 0) return () => a;
  return (t) => a / (1 + t / t0) ** p;
}
