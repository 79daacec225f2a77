/**
 * Does parsing stay linear? Prints seconds, megabytes and the ratio to the size before, for sources of 10 KB to 1 MB.
 * Run: node bench/parse.mjs
 */
import { Source } from "../src/base/source.js";
import { parse } from "../src/syntax/parse.js";

const statements = [
  "  let a# = 3x[1]^2 - 12x[2]*y + 4y^2 - 30exp(-x[3] / 2) + sum(i in 1..n where i != 2: w[i] * A[i, :]' * z)\n",
  "  var v#[3, n] in [-1, 1] init 0.5\n",
  "  let b# = if x > 0 and y <= 1 then tanh(x .* y) else [1, 2, 3] * (A' * x - b)^2\n",
];

function makeSource(size: number): string {
  const parts = ["upper {\n"];
  for (let i = 0, length = 10; length < size; i++) {
    const line = statements[i % statements.length].replaceAll("#", String(i));
    parts.push(line);
    length += line.length;
  }
  return `${parts.join("")}}\n`;
}

function table(size: number): string {
  return `param A = [${Array.from({ length: size / 8 }, (_, i) => `[${i % 97}.5, -${i % 13}]`).join(", ")}]\n`;
}

for (const [title, make] of [
  ["statements", makeSource],
  ["one table", table],
] as const) {
  console.log(`${title.padEnd(12)}      KB  seconds       MB   ratio`);
  let before = 0;
  for (const size of [1e4, 1e5, 1e6]) {
    const text = make(size);
    const memory = process.memoryUsage().heapUsed;
    const start = performance.now();
    const result = parse(new Source("bench.blo", text));
    const seconds = (performance.now() - start) / 1000;
    const megabytes = (process.memoryUsage().heapUsed - memory) / 1e6;
    if (result.diagnostics.length > 0) throw new Error(result.diagnostics[0].message);
    const ratio = before > 0 ? (seconds / before).toFixed(1) : "";
    const kilobytes = (text.length / 1000).toFixed(0);
    const row = [kilobytes.padStart(8), seconds.toFixed(3).padStart(8), megabytes.toFixed(1).padStart(8)];
    console.log(`${"".padEnd(12)}${row.join(" ")} ${ratio.padStart(7)}`);
    before = seconds;
  }
  console.log(`peak resident: ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`);
}
