/**
 * The error function erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) over [0, x].
 * W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969) 631-637: one rational
 * approximation for |x| <= 0.46875 and two of erfc beyond; relative error about 1e-16.
 */

/** Self-contained, since generated modules carry its text along. */
export function erf(x: number): number {
  const y = Math.abs(x);
  if (!(y < 6)) return y >= 6 ? Math.sign(x) : Number.NaN;
  if (y <= 0.46875) {
    const z = x * x;
    const p =
      (((0.18577770618460315 * z + 3.1611237438705655) * z + 113.86415415105016) * z + 377.485237685302) * z +
      3209.3775891384694;
    const q = (((z + 23.601290952344122) * z + 244.02463793444417) * z + 1282.6165260773723) * z + 2844.236833439171;
    return (x * p) / q;
  }
  // exp(-y^2) with y split in two, so that the rounding of y^2 does not spoil it
  const head = Math.trunc(y * 16) / 16;
  const tail = Math.exp(-head * head) * Math.exp(-(y - head) * (y + head));
  let r: number;
  if (y <= 4) {
    const p =
      (((((((2.1531153547440383e-8 * y + 0.5641884969886701) * y + 8.883149794388377) * y + 66.11919063714163) * y +
        298.6351381974001) *
        y +
        881.952221241769) *
        y +
        1712.0476126340707) *
        y +
        2051.0783778260716) *
        y +
      1230.3393547979972;
    const q =
      (((((((y + 15.744926110709835) * y + 117.6939508913125) * y + 537.1811018620099) * y + 1621.3895745666903) * y +
        3290.7992357334597) *
        y +
        4362.619090143247) *
        y +
        3439.3676741437216) *
        y +
      1230.3393548037495;
    r = p / q;
  } else {
    const z = 1 / (y * y);
    const p =
      ((((0.016315387137302097 * z + 0.30532663496123236) * z + 0.36034489994980445) * z + 0.12578172611122926) * z +
        0.016083785148742275) *
        z +
      0.0006587491615298378;
    const q =
      ((((z + 2.568520192289822) * z + 1.8729528499234673) * z + 0.5279051029514285) * z + 0.06051834131244132) * z +
      0.0023352049762686918;
    r = (0.5641895835477563 - (z * p) / q) / y;
  }
  return Math.sign(x) * (1 - tail * r);
}
