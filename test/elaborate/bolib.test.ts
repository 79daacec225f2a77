/** Problems of a library, against an independent evaluation of their formulas by mathjs at random points. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { evaluate as readFormula } from "mathjs";
import { describe, expect, test } from "vitest";
import type { Constraint, Problem } from "../../src/model/problem.js";
import { problemOf, valuesAt } from "./compile.js";

const folder = fileURLToPath(new URL("../../../shared/problems/", import.meta.url));

interface Entry {
  readonly name: string;
  readonly nx: number;
  readonly ny: number;
  readonly F: string;
  readonly f: string;
  readonly G: readonly string[];
  readonly g: readonly string[];
  readonly H?: readonly string[];
  readonly h?: readonly string[];
  readonly x0: readonly number[];
  readonly y0: readonly number[];
}

describe.skipIf(!existsSync(`${folder}bolib.json`))("BOLIB (skipped where ../shared/problems is absent)", () => {
  const entries: Entry[] = existsSync(`${folder}bolib.json`)
    ? JSON.parse(readFileSync(`${folder}bolib.json`, "utf8"))
    : [];

  test("all compile and evaluate like their formulas", async () => {
    expect(entries.length).toBe(86);
    const out = mkdtempSync(join(tmpdir(), "blo-bolib-"));
    try {
      execFileSync(process.execPath, [`${folder}to-blo.mjs`, `${folder}bolib.json`, out]);
      for (const entry of entries) {
        const text = readFileSync(join(out, `${entry.name.replaceAll("/", "-")}.blo`), "utf8");
        compare(entry, await problemOf(text));
      }
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});

/** Numbers between -2 and 2 that look random: a multiplicative generator, so that failures repeat. */
function numbers(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (4 * state) / 2147483647 - 2;
  });
}

function compare(entry: Entry, problem: Problem): void {
  expect(problem.x.size, entry.name).toBe(entry.nx);
  expect(problem.y.size, entry.name).toBe(entry.ny);
  expect([...problem.upper.variables[0].init], entry.name).toEqual(entry.x0);
  expect([...problem.lowers[0].variables[0].init], entry.name).toEqual(entry.y0);
  for (let trial = 1; trial <= 3; trial++) {
    const point = numbers(7919 * trial, entry.nx + entry.ny);
    const x = point.slice(0, entry.nx);
    const y = point.slice(entry.nx);
    const value = (formula: string): number => Number(readFormula(formula, { x, y }));
    const [upper, lower] = valuesAt(problem, [problem.upper.objective, problem.lowers[0].objective], x, y);
    close(upper[0], value(entry.F), `${entry.name} F`);
    close(lower[0], value(entry.f), `${entry.name} f`);
    const rows = (list: readonly Constraint[], kind: "le" | "eq"): number[] => {
      const own = list.filter((c) => c.kind === kind).map((c) => c.body);
      return valuesAt(problem, own, x, y).flatMap((v) => [...v]);
    };
    // Constraints of x alone are moved up, behind those of the upper level.
    const stays = (formula: string): boolean => /y\[/.test(formula);
    const le = [...entry.G, ...entry.g.filter((e) => !stays(e))];
    const eq = [...(entry.H ?? []), ...(entry.h ?? []).filter((e) => !stays(e))];
    const pairs = [
      [rows(problem.upper.constraints, "le"), le],
      [rows(problem.upper.constraints, "eq"), eq],
      [rows(problem.lowers[0].constraints, "le"), entry.g.filter(stays)],
      [rows(problem.lowers[0].constraints, "eq"), (entry.h ?? []).filter(stays)],
    ] as const;
    for (const [found, formulas] of pairs) {
      expect(found.length, entry.name).toBe(formulas.length);
      formulas.forEach((formula, k) => {
        close(found[k], value(formula), `${entry.name} ${formula}`);
      });
    }
  }
}

function close(found: number, wanted: number, what: string): void {
  if (Number.isNaN(wanted)) expect(found, what).toBeNaN();
  else
    expect(Math.abs(found - wanted), `${what}: ${found} and ${wanted}`).toBeLessThanOrEqual(
      1e-11 * (1 + Math.abs(wanted)),
    );
}
