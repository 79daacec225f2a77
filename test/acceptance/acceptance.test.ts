/** Every published setting leads to what it is said to lead to, and the table of the documentation says so. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rows } from "./rows.js";
import { runRow, type Verdict } from "./runRow.js";
import { acceptanceTable } from "./table.js";

describe("acceptance matrix", () => {
  const verdicts = new Map<(typeof rows)[number], readonly Verdict[]>();
  test.each(
    rows.map(
      (row) => [`${row.method} on ${row.problem} ${JSON.stringify({ ...row.params, ...row.options })}`, row] as const,
    ),
  )("%s", async (_, row) => {
    const found = await runRow(row);
    verdicts.set(row, found);
    for (const { seed, misses } of found) expect({ seed, misses }).toEqual({ seed, misses: [] });
  });

  test("every method has a row", async () => {
    const { builtin } = await import("../../src/methods/builtin.js");
    const shown = new Set(rows.map((row) => row.method));
    expect(builtin.map((m) => m.id).filter((id) => !shown.has(id))).toEqual([]);
  });

  test("the table of docs/methods/README.md is fresh", (context) => {
    if (verdicts.size < rows.length) context.skip("only some rows were run");
    const page = new URL("../../docs/methods/README.md", import.meta.url);
    const text = readFileSync(page, "utf8");
    const begin = "<!-- begin generated: acceptance -->\n";
    const from = text.indexOf(begin) + begin.length;
    const to = text.indexOf("<!-- end generated: acceptance -->");
    const wanted = `${acceptanceTable(rows.map((row) => [row, verdicts.get(row) ?? []]))}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(page, text.slice(0, from) + wanted + text.slice(to));
    else expect(text.slice(from, to)).toBe(wanted);
  });
});
