/** Random directions: u uniform on the unit sphere, as a normal vector over its length. */
import type { Random } from "../../num/random.js";
import { norm } from "../../num/vector.js";

type Vector = Float64Array;

/** u uniform on the unit sphere. */
export function sphereInto(random: Random, u: Vector): void {
  for (;;) {
    for (let i = 0; i < u.length; i++) u[i] = random.normal();
    const size = norm(u);
    if (!(size > 1e-12)) continue;
    for (let i = 0; i < u.length; i++) u[i] /= size;
    return;
  }
}
