/**
 * An oracle whose second-order products are central differences of gradients, for methods that promise
 * to ask for first derivatives only:   H v, J v = (grad g(x, y + e v) - grad g(x, y - e v)) / 2e,  e = 6e-6 (1 + |y|) / |v|.
 * Both come from one pair of gradients. Points outside the lower domain are asked for: g must extend a little beyond it.
 */
import { addScaledInto, norm } from "../../num/vector.js";
import type { LevelOracle, Linearization, Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

function differenceLevel(level: LevelOracle, n: number, m: number): LevelOracle {
  const linearize = (x0: Vector, y0: Vector): Linearization => {
    const x = x0.slice();
    const y = y0.slice();
    const at = new Float64Array(m);
    const plusX = new Float64Array(n);
    const plusY = new Float64Array(m);
    const minusX = new Float64Array(n);
    const minusY = new Float64Array(m);
    const both = (v: Vector, outH: Vector, outJ: Vector): void => {
      const size = norm(v);
      if (size === 0) {
        outH.fill(0);
        outJ.fill(0);
        return;
      }
      const e = (6e-6 * (1 + norm(y))) / size;
      addScaledInto(y, e, v, at);
      level.valueGrad(x, at, plusX, plusY);
      addScaledInto(y, -e, v, at);
      level.valueGrad(x, at, minusX, minusY);
      for (let j = 0; j < m; j++) outH[j] = (plusY[j] - minusY[j]) / (2 * e);
      for (let i = 0; i < n; i++) outJ[i] = (plusX[i] - minusX[i]) / (2 * e);
    };
    const spareX = new Float64Array(n);
    const spareY = new Float64Array(m);
    return {
      hvp: (v, out) => both(v, out, spareX),
      jvp: (v, out) => both(v, spareY, out),
      both,
    };
  };
  return { ...level, linearize };
}

export function differenceOracle(oracle: Oracle): Oracle {
  const { n, m } = oracle;
  return {
    ...oracle,
    upper: differenceLevel(oracle.upper, n, m),
    lower: differenceLevel(oracle.lower, n, m),
    fork: () => differenceOracle(oracle.fork()),
  };
}
