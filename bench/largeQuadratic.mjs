// Writes a bilevel problem with a large convex quadratic lower level and solves it by a plain `blo run`:
//
//   min_x  sum (y - t)² / m + 0.1 sum log(1 + exp(x)) + 0.5 sum (x - s)⁴ / n     x in [-2, 2]^n
//   y in argmin ½ yᵀ Q y + (c + C x)ᵀ y   subject to   A y <= b + B x,  y >= 0
//
// node bench/largeQuadratic.mjs [lower variables 200] [rows 100] [upper variables 10] [seed 1] [rank of Q / m, 1] [--write-only]
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const numbers = process.argv
  .slice(2)
  .filter((a) => !a.startsWith("--"))
  .map(Number);
const [m = 200, rows = 100, n = 10, seed = 1, share = 1] = numbers;

/** mulberry32: small, seeded, the same everywhere. */
function generator(start) {
  let state = start >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

const { uniform, normal } = generator(1000 * seed + m + 7 * rows + 13 * n);
const table = (k, l, entry) => Array.from({ length: k }, (_, i) => Array.from({ length: l }, (_, j) => entry(i, j)));
const list = (k, entry) => Array.from({ length: k }, (_, i) => entry(i));

// Q = W Wᵀ / m + a diagonal where it has full rank; A sparse rows of a few positive entries, tight at a typical y.
const rank = Math.max(1, Math.round(share * m));
const W = table(m, rank, normal);
const diagonal = list(m, () => (share >= 1 ? 0.5 + uniform() : 0));
const Q = table(m, m, (i, j) => W[i].reduce((s, w, k) => s + w * W[j][k], 0) / m + (i === j ? diagonal[i] : 0));
const typical = list(m, () => Math.max(0, normal()));
const c = list(m, (i) => -Q[i].reduce((s, q, j) => s + q * typical[j], 0) + 0.5 * normal());
const C = table(m, n, () => normal() / Math.sqrt(n));
const A = table(rows, m, () => (uniform() < 0.1 ? uniform() : 0));
const b = list(rows, (r) => 0.1 + 0.9 * A[r].reduce((s, a, j) => s + a * typical[j], 0));
const B = table(rows, n, () => (0.3 * normal()) / Math.sqrt(n));
const target = list(m, (i) => 0.5 * typical[i] + 0.3 * normal());
const center = list(n, () => normal());

const text = `problem "large convex quadratic lower level"
data d = "data.json"
upper {
  var x[${n}] in [-2, 2]
  minimize sumsq(y - d.target) / ${m} + 0.1 * sum(log(1 + exp(x))) / ${n} + 0.5 * sum((x - d.center).^4) / ${n}
}
lower {
  var y[${m}] >= 0
  minimize 0.5 * quadform(d.Q, y) + dot(d.c + d.C * x, y)
  subject to
    rows: d.A * y <= d.b + d.B * x
}
`;
const folder = join(here, "out", `large-${m}-${rows}-${n}-${seed}-${share}`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "problem.blo"), text);
writeFileSync(join(folder, "data.json"), JSON.stringify({ Q, c, C, A, b, B, target, center }));
console.log(join(folder, "problem.blo"));
if (!process.argv.includes("--write-only")) {
  const began = Date.now();
  const cli = join(here, "..", "dist", "cli", "main.js");
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, "run", join(folder, "problem.blo")], {
    encoding: "utf8",
    timeout: 180_000,
    killSignal: "SIGKILL",
  });
  console.log(stdout, stderr, `exit ${status}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
