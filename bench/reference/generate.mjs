/**
 * Seeded random bilevel problems of several classes, each as .blo text and as closures of 1-based arrays made from the same
 * formulas by JavaScript's own parser. Domains are always finite for the reference; in the text they may be free.
 */
import { random } from "./brute.mjs";

function toFunction(formula) {
  const js = formula.replaceAll("^", "**");
  const names = ["abs", "exp", "log", "sqrt", "sin", "cos", "tanh"];
  const body = `const { ${names.join(", ")} } = Math; const max = Math.max, min = Math.min;
    const relu = (v) => Math.max(0, v); const norm = (v) => Math.hypot(...v.slice(1));
    return (x, y) => ${js};`;
  return new Function(body)();
}

/** Draws for one instance. */
class Draw {
  constructor(seed) {
    this.next = random(seed);
  }
  uniform(a = -1, b = 1) {
    return Number((a + (b - a) * this.next()).toFixed(3));
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
}

const c = (v) => `(${Number(v.toPrecision(6))})`;
const xs = (n) => Array.from({ length: n }, (_, i) => `x[${i + 1}]`);
const ys = (m) => Array.from({ length: m }, (_, i) => `y[${i + 1}]`);
const affine = (d, names, size = 1) =>
  [...names.map((v) => `${c(d.uniform(-size, size))}*${v}`), c(d.uniform(-size, size))].join(" + ");

/** Sum of squares of affine forms in y and x: strongly convex in y by a ridge. */
function strongQuadratic(d, n, m, ridge = 0.2) {
  const rows = Array.from({ length: m }, () => `(${affine(d, [...ys(m), ...xs(n)], 1.5)})^2`);
  return [...rows, ...ys(m).map((v) => `${c(ridge)}*${v}^2`)].join(" + ");
}

/** Coercive upper objective with a nonconvex part. */
function wavyUpper(d, n, m) {
  const squares = ys(m).map((v) => `(${v} - ${c(d.uniform(-1, 1))})^2`);
  const bowl = xs(n).map((v) => `${c(d.uniform(0.05, 0.5))}*(${v} - ${c(d.uniform(-1, 1))})^2`);
  const wave = d.chance(0.6) ? [`${c(d.uniform(-1, 1))}*sin(${affine(d, [...xs(n), ...ys(m)], 2)})`] : [];
  const cross = d.chance(0.5) ? [`${c(d.uniform(-1, 1))}*x[1]*y[1]`] : [];
  return [...squares, ...bowl, ...wave, ...cross].join(" + ");
}

const box = (size, lo, hi) => ({
  kind: "box",
  size,
  lower: typeof lo === "number" ? Array(size).fill(lo) : lo,
  upper: typeof hi === "number" ? Array(size).fill(hi) : hi,
});
const boxText = (b) => `in box([${b.lower.join(", ")}], [${b.upper.join(", ")}])`;
const ball = (center, radius) => ({ kind: "ball", size: center.length, center, radius });
const ballText = (b) => `in ball([${b.center.join(", ")}], ${b.radius})`;
const simplex = (size) => ({ kind: "simplex", size });

function bilevel({ X, Y, f, g, xText, yText, sign = 1, xInit = "", yInit = "", extra = {} }) {
  const text = `problem "trial"\n\nupper {\n  var x[${X.size}] ${xText} ${xInit}\n  ${sign > 0 ? "minimize" : "maximize"} ${f}\n}\n\nlower {\n  var y[${Y.size}] ${yText} ${yInit}\n  minimize ${g}\n}\n`;
  return { text, X, Y, f: toFunction(f), g: toFunction(g), sign, ...extra };
}

const sizes = (d, most = 4) => {
  const n = d.integer(1, 3);
  return [n, d.integer(1, Math.max(1, Math.min(3, most + 1 - n)))];
};
const init = (d, k, a = -2, b = 2) => `init [${Array.from({ length: k }, () => d.uniform(a, b)).join(", ")}]`;

/** Domains with a degenerate flavour: integers, so that solutions and starts lie on bounds often. */
function cornerBox(d, size) {
  const lower = Array.from({ length: size }, () => d.pick([0, 0, -1, d.uniform(-2, 0)]));
  return box(
    size,
    lower,
    lower.map((l) => l + d.pick([1, 2, d.uniform(0.5, 3)])),
  );
}

export const classes = {
  a: {
    title: "strongly convex, free",
    make(d) {
      const [n, m] = sizes(d);
      const X = box(n, -6, 6);
      const Y = box(m, -60, 60);
      return bilevel({
        X,
        Y,
        f: wavyUpper(d, n, m),
        g: strongQuadratic(d, n, m),
        xText: d.chance(0.5) ? boxText(X) : "",
        yText: "",
        xInit: d.chance(0.7) ? init(d, n) : "",
        yInit: d.chance(0.3) ? init(d, m) : "",
      });
    },
  },
  b: {
    title: "boxes, degenerate bounds",
    make(d) {
      const [n, m] = sizes(d);
      const X = cornerBox(d, n);
      const Y = cornerBox(d, m);
      const f = wavyUpper(d, n, m);
      // Half of the lower levels are separable, so that weakly active bounds at x = 0 are common.
      const g = d.chance(0.5)
        ? strongQuadratic(d, n, m)
        : ys(m)
            .map((v, j) => `${c(d.uniform(0.3, 2))}*${v}^2 - ${c(d.uniform(-2, 2))}*x[${(j % n) + 1}]*${v}`)
            .join(" + ");
      return bilevel({ X, Y, f, g, xText: boxText(X), yText: boxText(Y), xInit: d.chance(0.3) ? init(d, n) : "" });
    },
  },
  c: {
    title: "simplices and balls",
    make(d) {
      const n = d.integer(1, 3);
      const m = d.integer(2, 3);
      const below = d.pick(["simplex", "ball"]);
      const above = n === 1 ? "box" : d.pick(["simplex", "ball", "box"]);
      const center = (k) => Array.from({ length: k }, () => d.pick([0, d.uniform(-1, 1)]));
      const X =
        above === "simplex" ? simplex(n) : above === "ball" ? ball(center(n), d.uniform(0.5, 2)) : box(n, -2, 2);
      const Y = below === "simplex" ? simplex(m) : ball(center(m), d.uniform(0.5, 2));
      const text = (D) => (D.kind === "box" ? boxText(D) : D.kind === "ball" ? ballText(D) : "in simplex");
      const linear = d.chance(0.25);
      const g = linear
        ? ys(m)
            .map((v) => `(${affine(d, xs(n))})*${v}`)
            .join(" + ")
        : strongQuadratic(d, n, m);
      return bilevel({ X, Y, f: wavyUpper(d, n, m), g, xText: text(X), yText: text(Y) });
    },
  },
  d: {
    title: "singular lower levels",
    make(d) {
      const n = d.integer(1, 2);
      const m = d.integer(2, 3);
      const X = box(n, -3, 3);
      const Y = box(m, -20, 20);
      const boxed = d.chance(0.4);
      const YB = boxed ? box(m, -1, 2) : Y;
      const rank = d.integer(boxed ? 0 : 1, m - 1);
      const rows = Array.from({ length: rank }, () => `(${affine(d, [...ys(m), ...xs(n)], 1.5)})^2`);
      const g = rows.length ? rows.join(" + ") : "0*y[1]";
      const f = [
        ...ys(m).map((v, j) => `(${v} - ${c(d.uniform(-1, 1))} - ${c(d.uniform(-1, 1))}*x[${(j % n) + 1}])^2`),
        ...xs(n).map((v) => `${c(d.uniform(0.05, 0.5))}*(${v} - ${c(d.uniform(-1, 1))})^2`),
      ].join(" + ");
      return bilevel({
        X,
        Y: YB,
        f,
        g,
        xText: d.chance(0.5) ? boxText(X) : "",
        yText: boxed ? boxText(YB) : "",
        yInit: d.chance(0.5) ? init(d, m, -1, 1) : "",
        extra: { weight: 1e-6 },
      });
    },
  },
  e: {
    title: "lower level not convex",
    make(d) {
      const n = d.integer(1, 2);
      const m = d.integer(1, 2);
      const X = box(n, -2, 2);
      const Y = box(m, -3, 3);
      const kind = d.pick(["well", "sine", "mixed"]);
      const g = ys(m)
        .map((v, j) => {
          const x = `x[${(j % n) + 1}]`;
          if (kind === "well")
            return `(${v}^2 - ${c(d.uniform(0.5, 2))})^2 + ${c(d.uniform(-1, 1))}*${x}*${v} + ${c(d.uniform(-0.3, 0.3))}*${v}`;
          if (kind === "sine")
            return `sin(${c(d.uniform(2, 5))}*${v} + ${x}) + ${c(d.uniform(0.1, 0.4))}*(${v} - ${x})^2`;
          return `0.25*${v}^4 - ${c(d.uniform(0.5, 1.5))}*${v}^2 + ${c(d.uniform(0.3, 1))}*sin(3*${v})*${x} + ${c(d.uniform(-0.5, 0.5))}*${v}`;
        })
        .concat(m === 2 ? [`${c(d.uniform(-0.5, 0.5))}*y[1]*y[2]`] : [])
        .join(" + ");
      return bilevel({
        X,
        Y,
        f: wavyUpper(d, n, m),
        g,
        xText: boxText(X),
        yText: boxText(Y),
        xInit: init(d, n),
        yInit: init(d, m),
        extra: { multimodal: true },
      });
    },
  },
  f: {
    title: "minimax",
    make(d) {
      const n = d.integer(1, 2);
      const m = d.integer(1, 3);
      const bilinear = d.chance(0.35);
      const X = box(n, -2, 2);
      const Y = d.chance(0.3) && m > 1 ? simplex(m) : box(m, -1, d.pick([1, 2]));
      const cross = xs(n).flatMap((x) => ys(m).map((y) => `${c(d.uniform(-2, 2))}*${x}*${y}`));
      const ends = bilinear
        ? [affine(d, [...xs(n), ...ys(m)])]
        : [
            ...xs(n).map((x) => `${c(d.uniform(0.1, 1))}*(${x} - ${c(d.uniform(-1, 1))})^2`),
            ...ys(m).map((y) => `-${c(d.uniform(0.1, 1))}*(${y} - ${c(d.uniform(-1, 1))})^2`),
          ];
      const F = [...cross, ...ends].join(" + ").replaceAll("+ -", "- ");
      const yText = Y.kind === "simplex" ? "in simplex" : boxText(Y);
      const text = `problem "trial"\n\nminimax {\n  minimize var x[${n}] ${boxText(X)} ${d.chance(0.5) ? init(d, n) : ""}\n  maximize var y[${m}] ${yText}\n  objective ${F}\n}\n`;
      return { text, X, Y, f: toFunction(F), g: toFunction(`-(${F})`), sign: 1, weight: 0 };
    },
  },
  g: {
    title: "kinks",
    make(d) {
      const [n, m] = sizes(d, 3);
      const X = box(n, -2, 2);
      const bounded = d.chance(0.5);
      const Y = bounded ? box(m, -3, 3) : box(m, -40, 40);
      const where = d.pick(["upper", "lower", "both"]);
      const kink = () =>
        d.pick([
          `abs(${affine(d, [...xs(n), ...ys(m)])})`,
          `max(${affine(d, [...xs(n), ...ys(m)])}, ${affine(d, [...xs(n), ...ys(m)])})`,
          `relu(${affine(d, [...xs(n), ...ys(m)])})`,
          "norm(y)",
        ]);
      const f = where === "lower" ? wavyUpper(d, n, m) : `${wavyUpper(d, n, m)} + ${c(d.uniform(0.2, 2))}*${kink()}`;
      const g =
        where === "upper"
          ? strongQuadratic(d, n, m)
          : `${strongQuadratic(d, n, m)} + ${c(d.uniform(0.2, 2))}*${kink()}`;
      return bilevel({
        X,
        Y,
        f,
        g,
        xText: boxText(X),
        yText: bounded ? boxText(Y) : "",
        xInit: d.chance(0.6) ? init(d, n) : "",
      });
    },
  },
  h: {
    title: "ill-posed",
    make(d, index) {
      const a = c(d.uniform(0.3, 2));
      const b = c(d.uniform(0.3, 2));
      const list = [
        ["the upper level is unbounded below", "", `-${a}*x[1]^2 + y[1]`, "", `${b}*(y[1] - x[1])^2`],
        ["the upper level is unbounded below", "", `${a}*x[1]`, "", `${b}*(y[1] - x[1])^2`],
        ["the upper level is unbounded below", "", `-exp(${a}*x[1])`, "", `${b}*(y[1] - x[1])^2`],
        ["the lower level is unbounded below", "", `${a}*x[1]^2 + y[1]^2`, "", `-${b}*y[1]^2 + x[1]*y[1]`],
        ["the lower level is unbounded below", "", `${a}*(x[1] - 1)^2 + y[1]^2`, "", `${b}*y[1]`],
        ["the lower level is unbounded below", "", `${a}*(x[1] - 1)^2 + y[1]^2`, "", `${b}*y[1]^3 + x[1]*y[1]`],
        ["the lower level has no minimiser", "", `${a}*(x[1] - 1)^2 + exp(${b}*y[1])`, "", `exp(${b}*y[1])`],
        ["the lower level has no minimiser", "", `${a}*(x[1] - 1)^2 + y[1]`, "", `exp(-${b}*y[1])*(1 + x[1]^2)`],
        ["the lower level has no minimiser", "", `${a}*(x[1] - 1)^2 + tanh(y[1])`, "", `log(1 + exp(${b}*y[1]))`],
        ["the lower level has no minimiser", "", `${a}*(x[1] - 1)^2`, "in box([0.5], [inf])", `${b}/y[1]`],
        ["the lower level is unbounded below", "", `${a}*x[1]^2`, "in box([0], [inf])", `${b}*log(y[1] + 1e-9) - y[1]`],
        ["the lower level is unbounded below", "", `${a}*(x[1] - 1)^2 + y[1]^2`, "in box([0], [1])", `${b}*log(y[1])`],
        ["the upper level is unbounded below", "in box([0], [3])", `${a}*log(x[1]) + y[1]`, "", `(y[1] - x[1])^2`],
        ["the upper level has no minimiser", "", `exp(-${a}*x[1]) + 0*y[1]`, "", `(y[1] - x[1])^2`],
        ["the upper level has no minimiser", "", `1/(1 + ${a}*x[1]^2) + 0*y[1]`, "init [0.5]", `(y[1] - x[1])^2`],
        ["sqrt has no value at the start", "", `sqrt(x[1] - 5) + y[1]^2`, "", `(y[1] - x[1])^2`],
        ["log has no value at the start", "", `${a}*x[1]^2 + y[1]^2`, "", `(y[1] - log(x[1] - 1))^2`],
        ["0 / 0 at the start", "", `${a}*x[1]^2 + y[1]^2`, "", `(y[1] - x[1]/x[1])^2`],
        [
          "the lower level is unbounded below away from a local minimum",
          "",
          `${a}*(x[1] - 1)^2 + y[1]^2`,
          "",
          `y[1]^2 - 0.01*y[1]^4 + ${b}*x[1]*y[1]`,
        ],
        [
          "the lower level is unbounded below in one direction",
          "",
          `${a}*(x[1] - 1)^2 + y[1]^2 + y[2]^2`,
          "",
          `(y[1] - x[1])^2 + 0.0001*y[2]`,
        ],
        ["y is not attained: a hyperbola", "", `(x[1] - 1)^2 + y[1]^2`, "", `(y[1]*y[2] - 1)^2 + y[1]^2`],
        ["the upper level is unbounded below", "", `x[1] + ${a}*abs(y[1])`, "", `abs(y[1] - 0.1*x[1]) + 0.1*y[1]^2`],
        ["the upper level uses a free lower variable", "", `x[1]^2 + ${a}*y[1] + y[2]`, "", `(y[1] - x[1])^2`],
      ];
      const [never, xText, f, yText, g] = list[index % list.length];
      const m = /y\[2\]/.test(f + g) ? 2 : 1;
      const text = `upper {\n  var x[1] ${xText} ${d.chance(0.5) && !/start/.test(never) ? `init [${d.uniform(0.1, 2)}]` : ""}\n  minimize ${f}\n}\n\nlower {\n  var y[${m}] ${/init/.test(yText) ? "" : yText}\n  minimize ${g}\n}\n`;
      return { text, never };
    },
  },
  i: {
    title: "badly scaled",
    make(d) {
      const [n, m] = sizes(d);
      const sx = Array.from({ length: n }, () => 10 ** d.uniform(-4, 4)).map((v) => Number(v.toPrecision(2)));
      const sy = Array.from({ length: m }, () => 10 ** d.uniform(-4, 4)).map((v) => Number(v.toPrecision(2)));
      const sub = (s) => s.replace(/([xy])\[(\d)\]/g, (_, v, i) => `(${v}[${i}]/${(v === "x" ? sx : sy)[i - 1]})`);
      const X = box(
        n,
        sx.map((s) => -6 * s),
        sx.map((s) => 6 * s),
      );
      const Y = box(
        m,
        sy.map((s) => -60 * s),
        sy.map((s) => 60 * s),
      );
      return bilevel({
        X,
        Y,
        f: sub(wavyUpper(d, n, m)),
        g: sub(strongQuadratic(d, n, m)),
        xText: d.chance(0.5) ? boxText(X) : "",
        yText: "",
      });
    },
  },
  j: {
    title: "several followers",
    make(d) {
      const n = d.integer(1, 2);
      const m = 2;
      const X = cornerBox(d, n);
      const Y = cornerBox(d, m);
      const dependent = d.chance(0.3);
      const parts = ys(m).map((v, j) => {
        const own = `${c(d.uniform(0.3, 2))}*${v}^2 - ${c(d.uniform(-2, 2))}*x[${(j % n) + 1}]*${v} + ${c(d.uniform(-0.3, 0.3))}*${v}`;
        return dependent ? `${own} + ${c(d.uniform(0.1, 1))}*y[1]*y[2]` : own;
      });
      const f = wavyUpper(d, n, m);
      const apart = (s) => s.replace(/y\[(\d)\]/g, "y$1");
      const followers = parts.map(
        (g, j) => `lower f${j + 1} {\n  var y${j + 1} in [${Y.lower[j]}, ${Y.upper[j]}]\n  minimize ${apart(g)}\n}\n`,
      );
      const text = `upper {\n  var x[${n}] ${boxText(X)}\n  minimize ${apart(f)}\n}\n\n${followers.join("\n")}`;
      const g = toFunction(parts.join(" + "));
      return { text, X, Y, f: toFunction(f), g, sign: 1, ...(dependent && { players: parts.map(toFunction) }) };
    },
  },
};

/** Instance `index` of a class; the same text for the same pair. */
export function generate(name, index) {
  const salt = [...name].reduce((s, ch) => 31 * s + ch.charCodeAt(0), 7);
  const d = new Draw(salt * 100003 + index * 7919);
  for (let k = 0; k < 5; k++) d.next();
  return classes[name].make(d, index);
}
