/** Rendered texts kept in fixtures/NAME.txt. `UPDATE_GOLDEN=1 npx vitest run test/diagnostics` rewrites them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { plain } from "../../src/base/paint.js";
import { renderText } from "../../src/base/render.js";
import type { Source } from "../../src/base/source.js";

export const folder = fileURLToPath(new URL("fixtures/", import.meta.url));

/** The text a person sees is that of the file, and its code is the file's name up to a hyphen, said first. */
export function expectGolden(name: string, diagnostics: readonly Diagnostic[], source: Source | undefined): void {
  const text = `${renderText(diagnostics, source, { paint: plain, width: 100 })}\n`;
  expect(diagnostics[0]?.code, text).toBe(name.slice(0, 7));
  const golden = `${folder}${name}.txt`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, text);
  expect(existsSync(golden), `no ${golden}: run with UPDATE_GOLDEN=1`).toBe(true);
  expect(text).toBe(readFileSync(golden, "utf8"));
}
