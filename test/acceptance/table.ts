/** The acceptance matrix as a table in Markdown: method, problem and setting, expected, reached, calls, verdict. */
import type { Expected, Row } from "./row.js";
import type { Verdict } from "./runRow.js";

const short = (value: number): string => String(Number(value.toPrecision(8)));

function options(row: Row): string {
  const given = Object.entries(row.options).map(([name, value]) => `${name} = ${value}`);
  const start =
    row.start === undefined ? [] : [`from (${[...(row.start.x ?? []), ...(row.start.y ?? [])].join(", ")})`];
  return [...start, ...given].join(", ");
}

function wanted({ x, y, within, measures = [], diverges }: Expected): string {
  const point = [x, y].map((v) => v?.map(short).join(", ") ?? "").join("; ");
  const parts = x === undefined && y === undefined ? [] : [`(${point.replace(/; $/, "")}) within ${within ?? 0}`];
  for (const { name, from, to } of measures) {
    parts.push(
      from === Number.NEGATIVE_INFINITY ? `${name} <= ${short(to)}` : `${name} in [${short(from)}, ${short(to)}]`,
    );
  }
  if (diverges === true) parts.push("diverges");
  return parts.join("; ");
}

function reached(row: Row, { outcome: { x, y, extra, status }, misses }: Verdict): string {
  if (row.expected.diverges === true) return misses.length === 0 ? "diverged, reported" : status;
  const words = (v: Float64Array): string => Array.from(v, short).join(", ");
  const measured = (row.expected.measures ?? []).map(
    ({ name, of }) => `${name} = ${Number(of({ x, y, extra }).toPrecision(2))}`,
  );
  return [`(${words(x)}; ${words(y)})`, ...measured].join("; ");
}

export function acceptanceTable(found: readonly (readonly [Row, readonly Verdict[]])[]): string {
  const head = ["method", "problem", "setting", "expected", "reached", "calls", "verdict"];
  const lines = found.map(([row, verdicts]) => [
    row.method,
    row.problem,
    options(row),
    wanted(row.expected) + (row.note === undefined ? "" : ` (${row.note})`),
    verdicts.map((v) => reached(row, v)).join(" "),
    verdicts.map((v) => String(Math.round(v.calls))).join(" "),
    verdicts.every((v) => v.misses.length === 0) ? "holds" : verdicts.flatMap((v) => v.misses).join("; "),
  ]);
  const cells = [head, head.map(() => "---"), ...lines];
  return cells.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}
