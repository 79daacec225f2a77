/** Points that beat the best known values of a collection, with their certificates, as a page in Markdown. */
import { writeFile } from "node:fs/promises";
import { reasonOf } from "../base/fileReasons.js";
import { version } from "../base/version.js";
import type { Result } from "../methods/result.js";
import { UsageError } from "./exit.js";
import type { KnownValue, KnownVerdict } from "./known.js";
import { short } from "./words.js";

export interface JudgedRun {
  readonly problem: string;
  readonly verdict: KnownVerdict | "error";
  readonly known: KnownValue | undefined;
  readonly result: Result | undefined;
}

export function betterPoints(runs: readonly JudgedRun[]): string {
  const better = runs.filter((r) => r.verdict === "better" && r.result?.certificate?.certified === true);
  const head = [
    "# Better points than the best known ones",
    "",
    `Certified answers of plain runs (Blo ${version}) that are better than the best value on record: ${better.length} of ${runs.length} problems.`,
  ];
  return [...head, ...better.flatMap(sectionOf), ""].join("\n");
}

function sectionOf({ problem, known, result }: JudgedRun): string[] {
  const { upper, lower, values, certificate, method } = result!;
  const checks = certificate!.checks.map(
    (c) => `| ${c.name} | ${short(c.value)} | ${short(c.tolerance)} | ${c.holds ? "holds" : "fails"} |`,
  );
  return [
    "",
    `## ${problem}`,
    "",
    `Best known ${known?.best}, reached ${upper.objective} by ${method}; lower objective ${lower.objective}.`,
    "",
    ...Object.entries(values).map(([name, v]) => `    ${name} = ${JSON.stringify(v)}`),
    "",
    `${certificate!.sentence}`,
    "",
    "| check | value | tolerance | |",
    "| --- | --- | --- | --- |",
    ...checks,
  ];
}

export async function writeBetterPoints(path: string, runs: readonly JudgedRun[]): Promise<void> {
  try {
    await writeFile(path, betterPoints(runs));
  } catch (error) {
    throw new UsageError(`--better ${path} cannot be written: ${reasonOf(error)}`);
  }
}
