/** A proof that samples contradict leaves a file with which one command shows it again. The wrong rule is put in by the test. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compile, DisagreementError, explain } from "../../src/api.js";
import { version } from "../../src/base/version.js";
import { operatorNamed } from "../../src/ops/registry.js";
import { blo } from "./inMemory.js";

const folder = mkdtempSync(join(tmpdir(), "blo-disagreement-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const work = join(folder, "work");
mkdirSync(work);

const source = `problem "Wrong rule"
data d = "points.csv"
param k = 2
upper {
  var x in [1, 2]
  minimize (x - 1)^2 + sum(y)
}
lower {
  var y[3] in [-3, 3]
  minimize tanh(k * sum(y)) + 0.001 * x * dot(d.a, y)
}
`;
const csv = "a\n1\n-2.5\n4\n";

const tanh = operatorNamed("tanh");
const { curvature } = tanh;
/** Says that tanh is convex, which it is not above 0. */
const breakRule = (): void =>
  void Object.assign(tanh, { curvature: () => ({ bend: "convex", trends: ["increasing"] }) });
const mendRule = (): void => void Object.assign(tanh, { curvature });

beforeEach(() => {
  vi.spyOn(process, "cwd").mockReturnValue(work);
  breakRule();
});
afterEach(() => {
  vi.restoreAllMocks();
  mendRule();
  for (const name of readdirSync(work)) rmSync(join(work, name), { recursive: true });
});

function problemFile(): string {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "points.csv"), csv);
  writeFileSync(join(home, "wrong.blo"), source);
  return join(home, "wrong.blo");
}

describe("a disagreement between proof and samples", () => {
  test("leaves a report from which one command shows it again, data and parameters included", async () => {
    const path = problemFile();
    const first = await blo("explain", path, "--set", "k=3");
    expect(first).toMatchObject({ code: 1, out: "" });
    expect(first.err).toContain("BLO1101");
    const [name, ...others] = readdirSync(work);
    expect(others).toEqual([]);
    expect(name).toMatch(/^blo-disagreement-[0-9a-f]{12}\.json$/);
    expect(first.err).toContain(`blo explain ${name} --only classes`);

    const report = JSON.parse(readFileSync(join(work, name), "utf8"));
    expect(report).toMatchObject({
      kind: "blo-disagreement",
      code: "BLO1101",
      reproduce: `blo explain ${name} --only classes`,
      version,
      source: { name: path, text: source },
      params: { k: 3 },
      data: [{ name: "d", path: "points.csv", bytes: csv.length, base64: Buffer.from(csv).toString("base64") }],
    });
    const [finding] = report.findings;
    expect(finding).toMatchObject({ what: "the objective of lower in its own variables", claim: "convex" });
    expect(finding.expression).toContain("tanh(k * sum(y))");
    expect(finding.derivation.premises.length).toBeGreaterThan(0);
    // an own evaluation of the lower objective contradicts the claim at these points
    const f = ({ x, y }: { x: number; y: readonly number[] }): number =>
      Math.tanh(3 * (y[0] + y[1] + y[2])) + 0.001 * x * (y[0] - 2.5 * y[1] + 4 * y[2]);
    const [a, b, c] = [finding.first, finding.middle, finding.last];
    for (const p of [a, b, c]) expect(f(p.variables)).toBeCloseTo(p.value[0], 12);
    for (let i = 0; i < 3; i++) expect(b.variables.y[i]).toBeCloseTo((a.variables.y[i] + c.variables.y[i]) / 2, 12);
    expect(f(b.variables) - (f(a.variables) + f(c.variables)) / 2).toBeCloseTo(finding.excess, 12);
    expect(finding.excess).toBeGreaterThan(0);

    // without the problem's own folder
    rmSync(join(folder, "home"), { recursive: true });
    const again = await blo("explain", join(work, name), "--only", "classes");
    expect(again).toMatchObject({ code: 1, out: "" });
    expect(again.err).toBe(first.err.slice(0, again.err.length));
    expect(readdirSync(work)).toEqual([name]);
    mendRule();
    expect(await blo("explain", join(work, name), "--only", "classes")).toMatchObject({ code: 0, err: "" });
    expect(await blo("check", join(work, name))).toMatchObject({ code: 0 });
  });

  test("nothing is written over: the same report stays, another of its name gets a number", async () => {
    const path = problemFile();
    await blo("explain", path);
    const [name] = readdirSync(work);
    const text = readFileSync(join(work, name), "utf8");
    expect((await blo("check", "--lint", path)).code).toBe(1);
    expect(readdirSync(work)).toEqual([name]);
    writeFileSync(join(work, name), "something else");
    const third = await blo("check", "--lint", "--json", path);
    expect(third.code).toBe(1);
    expect(JSON.parse(third.out).files[0].diagnostics[0].code).toBe("BLO1101");
    const second = name.replace(".json", "-2.json");
    expect(third.err).toContain(second);
    expect(readFileSync(join(work, name), "utf8")).toBe("something else");
    expect(readFileSync(join(work, second), "utf8")).toBe(text.replaceAll(name, second));
  });

  test("large data are named by their hash and stay beside the report; another folder where this one cannot be written", async () => {
    const path = problemFile();
    const long = `a\n1\n-2.5\n4${" ".repeat(5 * 2 ** 20)}\n`;
    writeFileSync(join(folder, "home", "points.csv"), long);
    vi.spyOn(process, "cwd").mockReturnValue(join(folder, "none"));
    const { code, err } = await blo("explain", path);
    expect(code).toBe(1);
    const written = /^ {2}blo explain (.*) --only classes$/m.exec(err)?.[1] ?? "";
    expect(written.startsWith(tmpdir())).toBe(true);
    const [kept] = JSON.parse(readFileSync(written, "utf8")).data;
    rmSync(written);
    expect(kept).toMatchObject({ name: "d", path: "points.csv", bytes: long.length });
    expect(kept.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(kept).not.toHaveProperty("base64");
    expect(err.replace(/\s+/g, " ")).toContain("The report does not hold points.csv: send it, too.");
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  test("who embeds Blo gets the report as data", async () => {
    const { problem } = await compile(source, { name: "embedded", data: async () => new TextEncoder().encode(csv) });
    const error = await explain(problem!).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(DisagreementError);
    const { report, diagnostics } = error as DisagreementError;
    expect(diagnostics.map((d) => d.code)).toEqual(["BLO1101"]);
    expect(report).toMatchObject({
      source: { name: "embedded", text: source },
      data: [{ name: "d", path: "points.csv" }],
    });
    expect(report.findings[0].derivation.statement).toContain("tanh");
    expect(readdirSync(work)).toEqual([]);
  });

  test("other JSON files are no problems", async () => {
    const path = join(work, "other.json");
    writeFileSync(path, '{"kind": "blo-disagreement", "source": 3}');
    expect((await blo("check", path)).code).toBe(3);
  });
});
