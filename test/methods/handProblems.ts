/** Small problems with known answers as hand-written oracles. Each states its mathematics and its solution. */
import { box, type HandLevel, type HandProblem } from "./handOracle.js";

type Vector = Float64Array;

/** A level over scalars x, y from its value and derivatives. */
export function scalarLevel(d: {
  value: (x: number, y: number) => number;
  x: (x: number, y: number) => number;
  y: (x: number, y: number) => number;
  yy: (x: number, y: number) => number;
  xy: (x: number, y: number) => number;
}): HandLevel {
  return {
    value: (x, y) => d.value(x[0], y[0]),
    gradX: (x, y, out) => {
      out[0] = d.x(x[0], y[0]);
    },
    gradY: (x, y, out) => {
      out[0] = d.y(x[0], y[0]);
    },
    hvpYY: (x, y, v, out) => {
      out[0] = d.yy(x[0], y[0]) * v[0];
    },
    jvpXY: (x, y, v, out) => {
      out[0] = d.xy(x[0], y[0]) * v[0];
    },
    jvpYX: (x, y, u, out) => {
      out[0] = d.xy(x[0], y[0]) * u[0];
    },
  };
}

/** f = 7x² - 12xy + 4y² - 30x + 4y - 2, g = (2y - x)² + 17: y* = x/2, phi = 2x² - 28x - 2; x = 7, y = 3.5, f = -100. */
export const P1: HandProblem = {
  name: "P1",
  n: 1,
  m: 1,
  f: scalarLevel({
    value: (x, y) => 7 * x * x - 12 * x * y + 4 * y * y - 30 * x + 4 * y - 2,
    x: (x, y) => 14 * x - 12 * y - 30,
    y: (x, y) => -12 * x + 8 * y + 4,
    yy: () => 8,
    xy: () => -12,
  }),
  g: scalarLevel({
    value: (x, y) => (2 * y - x) ** 2 + 17,
    x: (x, y) => -2 * (2 * y - x),
    y: (x, y) => 4 * (2 * y - x),
    yy: () => 8,
    xy: () => -4,
  }),
};

/** f = ½(x - 2)² + ¼y², g = ½(y - x)², y in [0, 1]: (2, 1), phi = ¼; y* has a kink at x = 1. */
export const C2: HandProblem = {
  name: "C2",
  n: 1,
  m: 1,
  f: scalarLevel({
    value: (x, y) => 0.5 * (x - 2) ** 2 + 0.25 * y * y,
    x: (x) => x - 2,
    y: (_x, y) => 0.5 * y,
    yy: () => 0.5,
    xy: () => 0,
  }),
  g: scalarLevel({
    value: (x, y) => 0.5 * (y - x) ** 2,
    x: (x, y) => x - y,
    y: (x, y) => y - x,
    yy: () => 1,
    xy: () => -1,
  }),
  blocksY: [box([0], [1])],
};

function negative(level: HandLevel): HandLevel {
  const flip = (out: Vector): void => {
    for (let i = 0; i < out.length; i++) out[i] = -out[i];
  };
  return {
    value: (x, y) => -level.value(x, y),
    gradX: (x, y, out) => {
      level.gradX(x, y, out);
      flip(out);
    },
    gradY: (x, y, out) => {
      level.gradY(x, y, out);
      flip(out);
    },
    hvpYY: (x, y, v, out) => {
      level.hvpYY?.(x, y, v, out);
      flip(out);
    },
    jvpXY: (x, y, v, out) => {
      level.jvpXY?.(x, y, v, out);
      flip(out);
    },
    jvpYX: (x, y, u, out) => {
      level.jvpYX?.(x, y, u, out);
      flip(out);
    },
  };
}

const m1 = scalarLevel({
  value: (x, y) => x * x + 2 * x * y - y * y - 4 * x + 2 * y,
  x: (x, y) => 2 * x + 2 * y - 4,
  y: (x, y) => 2 * x - 2 * y + 2,
  yy: () => -2,
  xy: () => 2,
});
/** min_x max_y x² + 2xy - y² - 4x + 2y: (0.5, 1.5), phi = 0.5. */
export const M1: HandProblem = { name: "M1", n: 1, m: 1, f: m1, g: negative(m1), minimax: true };

const m2 = scalarLevel({ value: (x, y) => x * y, x: (_x, y) => y, y: (x) => x, yy: () => 0, xy: () => 1 });
/** min_x max_y xy: (0, 0). Descent-ascent circles outwards. */
export const M2: HandProblem = {
  name: "M2",
  n: 1,
  m: 1,
  f: m2,
  g: negative(m2),
  minimax: true,
  startX: [1],
  startY: [1],
};

/**
 * f = (x - y2)² + (y1 - 1)², g = y1² - 2 x y1: H = diag(2, 0). Optimistic solution x = 1, y = (1, 1), f = 0; methods that
 * invert H stop at x = (1 + y2 at the start) / 2.
 */
export const E53: HandProblem = {
  name: "E53",
  n: 1,
  m: 2,
  f: {
    value: (x, y) => (x[0] - y[1]) ** 2 + (y[0] - 1) ** 2,
    gradX: (x, y, out) => {
      out[0] = 2 * (x[0] - y[1]);
    },
    gradY: (x, y, out) => {
      out[0] = 2 * (y[0] - 1);
      out[1] = -2 * (x[0] - y[1]);
    },
  },
  g: {
    value: (x, y) => y[0] ** 2 - 2 * x[0] * y[0],
    gradX: (_x, y, out) => {
      out[0] = -2 * y[0];
    },
    gradY: (x, y, out) => {
      out[0] = 2 * y[0] - 2 * x[0];
      out[1] = 0;
    },
    hvpYY: (_x, _y, v, out) => {
      out[0] = 2 * v[0];
      out[1] = 0;
    },
    jvpXY: (_x, _y, v, out) => {
      out[0] = -2 * v[0];
    },
    jvpYX: (_x, _y, u, out) => {
      out[0] = -2 * u[0];
      out[1] = 0;
    },
  },
};

/** GALET's Example 1: r = x + y1 - sin y2, f = x² + y1 - sin y2, g = ½r²: x = ½, y1 - sin y2 = -½, f = -¼. */
export const E1: HandProblem = {
  name: "E1",
  n: 1,
  m: 2,
  startX: [3],
  startY: [2, 2],
  f: {
    value: (x, y) => x[0] * x[0] + y[0] - Math.sin(y[1]),
    gradX: (x, _y, out) => {
      out[0] = 2 * x[0];
    },
    gradY: (_x, y, out) => {
      out[0] = 1;
      out[1] = -Math.cos(y[1]);
    },
  },
  g: {
    value: (x, y) => 0.5 * (x[0] + y[0] - Math.sin(y[1])) ** 2,
    gradX: (x, y, out) => {
      out[0] = x[0] + y[0] - Math.sin(y[1]);
    },
    gradY: (x, y, out) => {
      const r = x[0] + y[0] - Math.sin(y[1]);
      out[0] = r;
      out[1] = -r * Math.cos(y[1]);
    },
    hvpYY: (x, y, v, out) => {
      const r = x[0] + y[0] - Math.sin(y[1]);
      const c = Math.cos(y[1]);
      const along = v[0] - c * v[1];
      out[0] = along;
      out[1] = -c * along + r * Math.sin(y[1]) * v[1];
    },
    jvpXY: (_x, y, v, out) => {
      out[0] = v[0] - Math.cos(y[1]) * v[1];
    },
    jvpYX: (_x, y, u, out) => {
      out[0] = u[0];
      out[1] = -Math.cos(y[1]) * u[0];
    },
  },
};
