// ../../tmp/E/ex.ts
import { writeFileSync } from "node:fs";

// src/num/random.ts
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
function mix(word) {
  let h = word | 0;
  h = Math.imul(h ^ h >>> 16, 2246822507);
  h = Math.imul(h ^ h >>> 13, 3266489909);
  return h ^ h >>> 16;
}
function derive(key, label) {
  return key.map((word, lane) => {
    let h = mix(word ^ Math.imul(lane + 1, 2654435769));
    for (let i = 0; i < label.length; i++)
      h = mix(Math.imul(h, 31) ^ label.charCodeAt(i) ^ Math.imul(i + 1, 668265263));
    return mix(h ^ label.length);
  });
}
var Stream = class _Stream {
  key;
  engine;
  spare = Number.NaN;
  constructor(key) {
    this.key = key;
    const state = derive(key, "state");
    if (!state.some((word) => word !== 0)) state[0] = 1;
    this.engine = xoroshiro128plusFromState(state);
  }
  uniform() {
    const high = this.engine.next() >>> 5;
    const low = this.engine.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }
  /** Marsaglia's polar method; the second of each pair is kept for the next call. */
  normal() {
    const kept = this.spare;
    if (!Number.isNaN(kept)) {
      this.spare = Number.NaN;
      return kept;
    }
    for (; ; ) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt(-2 * Math.log(s) / s);
      this.spare = v * scale;
      return u * scale;
    }
  }
  integer(n) {
    return Math.floor(this.uniform() * n);
  }
  sign() {
    return this.engine.next() < 0 ? -1 : 1;
  }
  split(label) {
    return new _Stream(derive(this.key, `/${label}`));
  }
};
function createRandom(seed) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, seed);
  const high = bits.getInt32(0);
  const low = bits.getInt32(4);
  return new Stream([mix(high ^ 1779033703), mix(low ^ 3144134277), mix(high ^ mix(low)), mix(low ^ mix(high + 1))]);
}

// test/support/finiteSums.ts
var normals = (random, rows, columns) => Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
var product = (row, w) => row.reduce((s, a, k) => s + a * w[k], 0);
function logisticSum({ rows, features, seed, batch = 32 }) {
  const random = createRandom(seed).split("logistic");
  const truth = Array.from({ length: features }, (_, k) => random.normal() / (1 + 0.3 * k));
  const labels = (X) => X.map((row) => product(row, truth) + 1.5 * random.normal() > 0 ? 1 : -1);
  const A = normals(random, rows, features);
  const t = labels(A);
  const B = normals(random, rows, features);
  const s = labels(B);
  const source = `problem "Logistic regression, validated ridge"
param A
param t
param B
param s
upper {
  var rho in [-12, 4]
  minimize mean(j in 1..rows(B) batch ${batch}: softplus(-s[j] * (B[j, :] * w)))
}
lower {
  var w[cols(A)]
  minimize mean(i in 1..rows(A) batch ${batch}: softplus(-t[i] * (A[i, :] * w))) + 0.5 * exp(rho) * sumsq(w)
}
`;
  return { source, params: { A, t, B, s }, A, t, B, s };
}
var CLASSES = 3;
function clusters({ rows, features, seed }, share) {
  const random = createRandom(seed).split("cleaning");
  const centres = normals(random, CLASSES, features).map((c) => c.map((v) => 0.5 * v));
  const draw = () => {
    const of = random.integer(CLASSES);
    return { point: centres[of].map((c) => c + 0.7 * random.normal()), of: of + 1 };
  };
  const training = Array.from({ length: rows }, draw);
  const validation = Array.from({ length: rows }, draw);
  const corrupted = training.map(() => random.uniform() < share);
  const label = training.map(({ of }, i) => corrupted[i] ? (of + random.integer(CLASSES - 1)) % CLASSES + 1 : of);
  return {
    A: training.map((p) => p.point),
    label,
    corrupted,
    B: validation.map((p) => p.point),
    target: validation.map((p) => p.of)
  };
}
function cleaningSum(sizes, share = 0.4, ridge = 0.01) {
  const { batch = 32 } = sizes;
  const data = clusters(sizes, share);
  const source = `problem "Hyper-cleaning"
param A
param label
param B
param target
upper {
  var x[rows(A)] in [-5, 5]
  minimize mean(j in 1..rows(B) batch ${batch}: crossentropy(B[j, :] * W, target[j]))
}
lower {
  var W[cols(A), ${CLASSES}]
  minimize mean(i in 1..rows(A) batch ${batch}: sigmoid(x[i]) * crossentropy(A[i, :] * W, label[i])) + ${ridge} * sumsq(W)
}
`;
  return { ...data, ridge, source, params: paramsOf(data) };
}
function paramsOf({ A, label, B, target }) {
  const copy = (X) => X.map((row) => [...row]);
  return { A: copy(A), label: [...label], B: copy(B), target: [...target] };
}

// test/matrix/reference/algebra.ts
var dot = (a, b) => {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += a[k] * b[k];
  return s;
};
var norm = (a) => Math.sqrt(dot(a, a));
var zeros = (rows, columns) => Array.from({ length: rows }, () => new Array(columns).fill(0));
function cholesky(H) {
  const L = zeros(H.length, H.length);
  for (let i = 0; i < H.length; i++) {
    for (let j = 0; j <= i; j++) {
      let s = H[i][j];
      for (let k = 0; k < j; k++) s -= L[i][k] * L[j][k];
      if (i !== j) L[i][j] = s / L[j][j];
      else if (s > 0) L[i][i] = Math.sqrt(s);
      else return void 0;
    }
  }
  return L;
}
function solveWith(L, b) {
  const v = [...b];
  for (let i = 0; i < v.length; i++) {
    for (let k = 0; k < i; k++) v[i] -= L[i][k] * v[k];
    v[i] /= L[i][i];
  }
  for (let i = v.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < v.length; k++) v[i] -= L[k][i] * v[k];
    v[i] /= L[i][i];
  }
  return v;
}

// test/matrix/reference/models.ts
var sigmoid = (v) => 1 / (1 + Math.exp(-v));
var softplus = (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
function logisticLoss(A, t, w, H) {
  const gradient = w.map(() => 0);
  let value = 0;
  A.forEach((a, i) => {
    const margin = t[i] * dot(a, w);
    value += softplus(-margin) / A.length;
    const p = sigmoid(-margin);
    for (let j = 0; j < w.length; j++) {
      gradient[j] -= t[i] * p * a[j] / A.length;
      if (H) for (let k = 0; k < w.length; k++) H[j][k] += p * (1 - p) * a[j] * a[k] / A.length;
    }
  });
  return { value, gradient };
}
function logisticLevels({ A, t, B, s }) {
  return {
    box: [-12, 4],
    lower: ([rho], w) => logisticLoss(A, t, w).value + 0.5 * Math.exp(rho) * dot(w, w),
    lowerGradient: ([rho], w) => logisticLoss(A, t, w).gradient.map((g, j) => g + Math.exp(rho) * w[j]),
    lowerHessian: ([rho], w) => {
      const H = zeros(w.length, w.length);
      logisticLoss(A, t, w, H);
      for (let j = 0; j < w.length; j++) H[j][j] += Math.exp(rho);
      return H;
    },
    cross: ([rho], w, v) => [Math.exp(rho) * dot(w, v)],
    upper: (w) => logisticLoss(B, s, w).value,
    upperGradient: (w) => logisticLoss(B, s, w).gradient
  };
}
function entropy(scores, label) {
  const top = Math.max(...scores);
  const e = scores.map((z) => Math.exp(z - top));
  const sum = e.reduce((a, b) => a + b);
  return { value: top + Math.log(sum) - scores[label - 1], p: e.map((v) => v / sum) };
}
var linearScores = (a, w, from = 0) => Array.from({ length: CLASSES }, (_, c) => a.reduce((s, v, j) => s + v * w[from + CLASSES * j + c], 0));
function softmaxTerm(a, label, w) {
  const { value, p } = entropy(linearScores(a, w), label);
  const gradient = a.flatMap((v) => p.map((q, c) => v * (q - (c === label - 1 ? 1 : 0))));
  return { value, p, gradient };
}
function cleaningLevels({ A, label, B, target, ridge }, term, hessian) {
  const lowerGradient = (x, y) => {
    const out = y.map((v) => 2 * ridge * v);
    A.forEach((a, i) => {
      const { gradient } = term(a, label[i], y);
      const weight = sigmoid(x[i]) / A.length;
      for (let j = 0; j < out.length; j++) out[j] += weight * gradient[j];
    });
    return out;
  };
  return {
    box: [-5, 5],
    lower: (x, y) => A.reduce((s, a, i) => s + sigmoid(x[i]) * term(a, label[i], y).value / A.length, ridge * dot(y, y)),
    lowerGradient,
    lowerHessian: (x, y) => hessian({ lowerGradient }, x, y),
    cross: (x, y, v) => A.map((a, i) => {
      const weight = sigmoid(x[i]);
      return weight * (1 - weight) * dot(term(a, label[i], y).gradient, v) / A.length;
    }),
    upper: (y) => B.reduce((s, b, j) => s + term(b, target[j], y).value / B.length, 0),
    upperGradient: (y) => {
      const out = y.map(() => 0);
      B.forEach((b, j) => {
        const { gradient } = term(b, target[j], y);
        for (let k = 0; k < out.length; k++) out[k] += gradient[k] / B.length;
      });
      return out;
    }
  };
}
function softmaxLevels(data) {
  const { A, label, ridge } = data;
  return cleaningLevels(data, softmaxTerm, (_, x, w) => {
    const H = zeros(w.length, w.length);
    for (let j = 0; j < w.length; j++) H[j][j] = 2 * ridge;
    A.forEach((a, i) => {
      const { p } = softmaxTerm(a, label[i], w);
      const weight = sigmoid(x[i]) / A.length;
      for (let c = 0; c < CLASSES; c++) {
        for (let d = 0; d < CLASSES; d++) {
          const curvature = weight * p[c] * ((c === d ? 1 : 0) - p[d]);
          for (let j = 0; j < a.length; j++) {
            const row = H[CLASSES * j + c];
            for (let k = 0; k < a.length; k++) row[CLASSES * k + d] += curvature * a[j] * a[k];
          }
        }
      }
    });
    return H;
  });
}

// test/matrix/reference/levels.ts
function lowerSolution(levels, x, start) {
  let y = [...start];
  let value = levels.lower(x, y);
  for (let k = 0; k < 100; k++) {
    const gradient = levels.lowerGradient(x, y);
    if (norm(gradient) < 1e-13) break;
    const L = cholesky(levels.lowerHessian(x, y));
    if (L === void 0) throw new Error("the lower Hessian is not positive definite");
    const step = solveWith(L, gradient);
    let t = 1;
    let next = y.map((v, j) => v - step[j]);
    let at = levels.lower(x, next);
    while (at > value + 1e-15 * Math.abs(value) && t > 1e-10) {
      t /= 2;
      next = y.map((v, j) => v - t * step[j]);
      at = levels.lower(x, next);
    }
    if (t <= 1e-10) break;
    y = next;
    value = at;
  }
  return y;
}
function hypergradient(levels, x, y) {
  const L = cholesky(levels.lowerHessian(x, y));
  if (L === void 0) throw new Error("the lower Hessian is not positive definite");
  return levels.cross(x, y, solveWith(L, levels.upperGradient(y))).map((v) => -v);
}
var clip = (v, [low, high]) => Math.min(high, Math.max(low, v));
function boxResidual(x, G, box) {
  return norm(x.map((v, i) => v - clip(v - G[i], box)));
}
function bilevelSolution(levels, startX, startY, goal = 1e-8, most = 3e3) {
  let x = [...startX];
  let y = lowerSolution(levels, x, startY);
  let value = levels.upper(y);
  let G = hypergradient(levels, x, y);
  const first = boxResidual(x, G, levels.box);
  let t = 1 / Math.max(...G.map(Math.abs));
  const last = [value];
  for (let k = 0; k < most && boxResidual(x, G, levels.box) > goal * first; k++) {
    const d = x.map((v, i) => clip(v - t * G[i], levels.box) - v);
    const slope = dot(d, G);
    let a = 1;
    let next = x;
    let nextY = y;
    for (; a > 1e-12; a /= 2) {
      next = x.map((v, i) => v + a * d[i]);
      nextY = lowerSolution(levels, next, y);
      if (levels.upper(nextY) <= Math.max(...last) + 1e-4 * a * slope + 1e-15) break;
    }
    const nextG = hypergradient(levels, next, nextY);
    const s = next.map((v, i) => v - x[i]);
    const sg = dot(
      s,
      nextG.map((v, i) => v - G[i])
    );
    t = sg > 0 ? Math.min(1e8, dot(s, s) / sg) : 1e8;
    x = next;
    y = nextY;
    G = nextG;
    value = levels.upper(y);
    last.push(value);
    if (last.length > 10) last.shift();
  }
  return { x, y, value, residual: boxResidual(x, G, levels.box) };
}

// ../../tmp/E/ex.ts
var round = (X) => X.map((r) => r.map((v) => Math.round(v * 1e3) / 1e3));
var csv = (head, rows) => head.join(",") + "\n" + rows.map((r) => r.join(",")).join("\n") + "\n";
{
  const d = logisticSum({ rows: 100, features: 8, seed: 5 });
  d.A = round(d.A);
  d.B = round(d.B);
  const rows = [...d.A.map((a, i) => [...a, d.t[i]]), ...d.B.map((a, i) => [...a, d.s[i]])];
  writeFileSync("/work/main/examples/stochastic/visits.csv", csv(["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "label"], rows));
  const r = bilevelSolution(logisticLevels(d), [0], new Array(8).fill(0));
  console.log(r.x, r.value, r.residual);
}
{
  const d = cleaningSum({ rows: 80, features: 6, seed: 1 });
  d.A = round(d.A);
  d.B = round(d.B);
  const rows = [...d.A.map((a, i) => [...a, d.label[i], d.corrupted[i] ? 1 : 0]), ...d.B.map((a, i) => [...a, d.target[i], 0])];
  writeFileSync("/work/main/examples/stochastic/labels.csv", csv(["a1", "a2", "a3", "a4", "a5", "a6", "label", "corrupted"], rows));
  const r = bilevelSolution(softmaxLevels(d), new Array(80).fill(0), new Array(18).fill(0), 1e-10);
  console.log(r.value, r.residual, r.x.slice(0, 8), r.x.filter((v, i) => v < 0 && d.corrupted[i]).length, r.x.filter((v) => v < 0).length, d.corrupted.filter((v) => v).length);
}
