/** Explanations as documents: stored texts, LaTeX that compiles, pages that stand on their own, terminals of any width. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderToString } from "katex";
import { afterAll, describe, expect, test } from "vitest";
import { compile, explain, explanationHtml, explanationLatex, explanationText } from "../../src/api.js";
import { plain } from "../../src/base/paint.js";
import { textWidth } from "../../src/base/width.js";
import type { Section } from "../../src/explain/document.js";
import { sectionIds } from "../../src/explain/index.js";
import { root } from "../structure/source.js";
import { all, own, plainSections, problemOf } from "./files.js";

const folder = mkdtempSync(join(tmpdir(), "blo-explain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plainOf = async (path: string): Promise<readonly Section[]> =>
  explain(await problemOf(path), { only: plainSections });
const stem = (path: string): string => path.split("/").at(-1)!.replace(".blo", "");

const golden = [
  ...own,
  "examples/seed/quadratic.blo",
  "examples/stackelberg/toll.blo",
  "examples/stackelberg/market.blo",
  "examples/followers/subsidy.blo",
  "examples/minimax/robust-fit.blo",
  "examples/hyperparameter/ridge.blo",
  "examples/stochastic/cleaning.blo",
];

function compareStored(name: string, text: string): void {
  const path = join(root, "test", "explain", "golden", name);
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
}

describe("stored", () => {
  test.each(golden)("%s", async (path) => {
    const sections = await plainOf(path);
    compareStored(`${stem(path)}.txt`, `${await explanationText(sections, { width: 100 })}\n`);
    const latex = await explanationLatex(sections, { title: stem(path) });
    compareStored(`${stem(path)}.tex`, latex.slice(latex.indexOf("\\begin{document}")));
  });
});

test("KaTeX reads every formula", async () => {
  let count = 0;
  for (const path of all) {
    for (const { blocks } of await plainOf(path)) {
      for (const block of blocks) {
        if (block.kind !== "formula") continue;
        const { tex } = block.formula;
        expect(
          () => renderToString(tex, { throwOnError: true, displayMode: true, strict: "error" }),
          tex,
        ).not.toThrow();
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(250);
});

const hasLatex = spawnSync("pdflatex", ["--version"]).status === 0;

test.skipIf(!hasLatex)("LaTeX compiles them all (skipped where pdflatex is not installed)", async () => {
  const sections: Section[] = [];
  for (const path of golden)
    sections.push(...(await explain(await problemOf(path), { only: [...plainSections, "methods"] })));
  const why = { statement: "x^2 & |y| <= 5 % of λ", rule: "a #1 rule", premises: [], breaks: true };
  const chain = [1, 2, 3, 4, 5, 6].reduce(
    (inner, k) => ({ statement: `step ${k}`, rule: "because", premises: [inner] }),
    why as object,
  );
  const blocks: Section["blocks"] = [
    { kind: "derivation", derivation: chain as never },
    { kind: "lines", lines: ["x <- x - α ∇F(x)", "v² ≤ {ε} ~ \\"] },
    { kind: "text", text: 'a "b" `c_d` ∀ 数' },
  ];
  sections.push({ id: "all", title: "Signs & more", blocks });
  writeFileSync(
    join(folder, "all.tex"),
    await explanationLatex(sections, { title: "100 % of {all} _ ^", derivations: true }),
  );
  const run = spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "all.tex"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(run.status, run.stdout.slice(-1500)).toBe(0);
  expect(run.stdout).not.toContain("Overfull \\hbox (1");
});

describe("pages", () => {
  test("stand on their own, with the fonts they use and no more", async () => {
    const page = await explanationHtml(await plainOf("examples/seed/quadratic.blo"), { title: "<script>&" });
    expect(page).toContain("<title>&lt;script&gt;&amp;</title>");
    expect(page).not.toMatch(/<script|<link|<img|@import|url\((?!data:)/);
    const faces = [...page.matchAll(/@font-face\{[^}]*font-family:([^;]*);[^}]*\}/g)].map(([face]) => face);
    expect(faces.length).toBeGreaterThanOrEqual(2);
    expect(faces.length).toBeLessThanOrEqual(5);
    for (const face of faces) expect(face).toMatch(/src:url\(data:font\/woff2;base64,d09GMg/);
    expect(page.length).toBeLessThan(400_000);
  });

  test("derivations open where they break, with the place in the source", async () => {
    const { problem } = await compile("upper { var x; minimize x^2 + y }\nlower { var y; minimize y^2 + sin(y) }\n");
    if (!problem) throw new Error("no problem");
    const { start } = problem.lowers[0].objective.origin ?? { start: 0 };
    const span = { start, end: start + 3 };
    const derivation = {
      statement: "y^2 + sin(y) may not be convex",
      premises: [
        { statement: "y^2 is convex", premises: [] },
        { statement: "sin(y) is neither", rule: "sine", premises: [], breaks: true, span },
      ],
    };
    const sections: Section[] = [{ id: "why", title: "Why", blocks: [{ kind: "derivation", derivation }] }];
    const page = await explanationHtml(sections, { source: problem.source });
    expect(page).toContain("<details open>");
    expect(page).toContain("^^^");
    const short = await explanationText(sections, { source: problem.source, width: 60 });
    expect(short).toContain("✗ sin(y) is neither (sine)");
    expect(short).toContain("^^^");
    expect(short).not.toContain("y^2 is convex");
    expect(await explanationText(sections, { source: problem.source, derivations: true })).toContain("y^2 is convex");
  });
});

describe("terminals", () => {
  test.each([24, 40, 60, 100, 160])("%i columns are kept", async (width) => {
    for (const path of all) {
      const text = await explanationText(await plainOf(path), { width, paint: plain });
      const wide = text.split("\n").filter((line) => textWidth(line) > width);
      expect(wide, path).toEqual([]);
    }
  });
});

describe("sizes", () => {
  test("large data are named, not printed", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => Array.from({ length: 40 }, (_, j) => Math.sin(i + 3 * j)));
    const { problem } = await compile(
      "param A[300, 40]\nupper { var x[300]; minimize sumsq(A * y) + sumsq(x) }\nlower { var y[40]; minimize sumsq(A * y - x) + sum(i in 1..300: exp(0.01 * A[i, 3] * y[2])) }",
      { params: { A: rows } },
    );
    if (!problem) throw new Error("no problem");
    const sections = await explain(problem, { only: plainSections });
    const text = await explanationText(sections);
    expect(text.length).toBeLessThan(8000);
    expect(text).toContain("A * y");
    expect(text).toContain("300 x 40 matrix");
    const latex = await explanationLatex(sections);
    expect(latex.length).toBeLessThan(16_000);
  });

  test("a formula that is too long is cut in a terminal and whole in a document", async () => {
    const terms = Array.from({ length: 60 }, (_, k) => `sin(${k + 2} * x) * cos(y / ${k + 3})`).join(" + ");
    const { problem } = await compile(`upper { var x; minimize ${terms} }\nlower { var y; minimize (y - x)^2 }`);
    if (!problem) throw new Error("no problem");
    const sections = await explain(problem, { only: ["standard-form"] });
    const text = await explanationText(sections, { width: 60 });
    expect(text).toMatch(/^ {4}…$/m);
    expect(text).not.toContain("sin(61 * x)");
    expect(await explanationLatex(sections)).toContain("\\sin (61 \\, x)");
  });

  test("levels without variables, an empty lower objective", async () => {
    for (const source of [
      "upper { var x; minimize x^2 }\nlower { var y; minimize 0 * y }",
      "upper { minimize y }\nlower { var y; minimize y^2 }",
      "upper { var x; minimize x^2 }\nlower { minimize 1 }",
    ]) {
      const { problem } = await compile(source);
      if (!problem) continue;
      const sections = await explain(problem);
      expect(sections.map((s) => s.id)).toContain("structure");
      expect(await explanationHtml(sections)).toContain("<main>");
    }
  });
});

test("sections come in order, each under its id, and one method on request", async () => {
  const problem = await problemOf("examples/seed/quadratic.blo");
  const ids = (await explain(problem)).map((s) => s.id);
  expect(ids).toEqual(sectionIds.filter((id) => ids.includes(id)));
  expect(ids).toEqual(expect.arrayContaining([...plainSections, "methods"]));
  const [method] = await explain(problem, { method: "f2ba" });
  expect(method.id).toBe("method");
  expect(await explanationText([method])).toMatch(/this problem\s+fits/);
  const refused = (await explain(problem, { method: "gda" }))[0];
  expect(await explanationText([refused])).toContain("solves minimax problems");
  await expect(explain(problem, { method: "nothing" })).rejects.toThrow(/nothing/);
});

test("the documentation shows what is printed", async () => {
  const page = readFileSync(join(root, "docs", "explain.md"), "utf8");
  const [, shown] = /```text\n\$ blo explain \S+ --only hypergradient\n([\s\S]*?)```/.exec(page) ?? [];
  const sections = await explain(await problemOf("examples/seed/quadratic.blo"), { only: ["hypergradient"] });
  const head = "Quadratic with a closed form  examples/seed/quadratic.blo\n\n";
  expect(shown).toBe(`${head}${await explanationText(sections)}\n`);
});
