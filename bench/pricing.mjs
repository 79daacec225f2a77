// Prices on a network of routes, as plain runs: customers k with demand d_k take the cheapest of the routes or stay away,
//
//   max_t  sum_kr t_r x_kr   over 0 <= t <= 12,   x in argmin sum_kr (c_kr + t_r) x_kr + 14 sum_k s_k,   sum_r x_kr + s_k = d_k,  x, s >= 0
//
// with whole d and c, uniform in 1..20 and 1..12 (Labbé, Marcotte and Savard, Management Science 44, 1998).
// Says what was proved: value, gap, programs and seconds.   node bench/pricing.mjs [--time 60]
import { compile, solve } from "../dist/api.js";
import { generator } from "./linearBilevelProblems.mjs";

const seconds = Number(process.argv[process.argv.indexOf("--time") + 1] || 60);
const sizes = [
  [10, 4],
  [20, 5],
  [40, 6],
  [80, 8],
];

function text(customers, routes, seed) {
  const uniform = generator(seed);
  const whole = (most) => 1 + Math.floor(most * uniform());
  const demand = Array.from({ length: customers }, () => whole(20));
  const cost = Array.from({ length: customers }, () => Array.from({ length: routes }, () => whole(12)));
  return `
param d[${customers}] = ${JSON.stringify(demand)}
param c[${customers}, ${routes}] = ${JSON.stringify(cost)}
upper {
  var t[${routes}] in [0, 12] init 1
  maximize sum(k in 1..${customers}, r in 1..${routes}: t[r] * x[k, r])
}
lower {
  var x[${customers}, ${routes}] >= 0
  var away[${customers}] >= 0
  minimize sum(k in 1..${customers}, r in 1..${routes}: (c[k, r] + t[r]) * x[k, r]) + 14 * sum(away)
  subject to
    demand: forall k in 1..${customers}: sum(r in 1..${routes}: x[k, r]) + away[k] == d[k]
}
`;
}

console.log("customers  routes  seed  status        earned     gap      programs  seconds");
for (const [customers, routes] of sizes) {
  for (const seed of [1, 2, 3]) {
    const { problem } = await compile(text(customers, routes, seed));
    const began = performance.now();
    const result = await solve(problem, { seconds });
    const gap = /a gap of ([\d.e+-]+ %)/.exec(result.reason)?.[1] ?? (/proved by/.test(result.reason) ? "proved" : "?");
    const row = [customers, routes, seed, result.status, result.upper.objective.toPrecision(6), gap];
    const programs = Math.round(result.counts.constraintJacobian);
    const took = ((performance.now() - began) / 1000).toFixed(2);
    console.log([...row, programs, took].map((v, i) => String(v).padEnd([11, 8, 6, 14, 11, 9, 10, 0][i])).join(""));
  }
}
