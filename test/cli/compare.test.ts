/** `blo compare` as a process: table, files, exit codes, streams, interruption. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { blo, endless, file, quadratic, root, temporary } from "./command.js";

const path = file("quadratic.blo", quadratic);
const two = ["--methods", "aid-auto,f2ba", "--seeds", "1,2"];
const schema = JSON.parse(readFileSync(join(root, "schema", "compare.schema.json"), "utf8")) as object;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

interface Document {
  readonly problem: string;
  readonly source: string | null;
  readonly interrupted: boolean;
  readonly seeds: readonly number[];
  readonly budget: Readonly<Record<string, number | null>>;
  readonly methods: readonly { readonly method: string; readonly certified: number; readonly options: object }[];
  readonly runs: readonly { readonly method: string; readonly seed: number; readonly status: string }[];
  readonly reference: { readonly from: string };
}
function document(text: string): Document {
  const parsed = JSON.parse(text) as Document;
  expect(validate(parsed), JSON.stringify(validate.errors)).toBe(true);
  return parsed;
}

describe("compare", () => {
  it("prints a table on standard output and nothing else there", async () => {
    const { code, out, err } = await blo(["compare", path, ...two]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Quadratic\n\nseeds 1, 2; each run: 10,000 oracle calls or 60 s; medians/);
    expect(out).toMatch(/^method +certified +suboptimality/m);
    expect(out).toMatch(/^aid-auto +2\/2 /m);
    expect(out).toMatch(/^f2ba +2\/2 /m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no colours off a terminal
    expect(out).not.toMatch(/\u001b/);
  });

  it("writes a document, a plot and a page; makes the folder", async () => {
    const folder = temporary("results/today");
    const { code, err } = await blo(["compare", path, ...two, "--budget", "calls=500", "--out", folder]);
    expect(code).toBe(0);
    expect(err).toContain(`written: ${join(folder, "compare.json")}`);
    const json = document(readFileSync(join(folder, "compare.json"), "utf8"));
    expect(json).toMatchObject({ problem: "Quadratic", seeds: [1, 2], budget: { calls: 500, seconds: 60 } });
    expect(json.source).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(join(folder, "compare.svg"), "utf8")).toMatch(/^<svg/);
    expect(readFileSync(join(folder, "compare.html"), "utf8")).toMatch(/^<!doctype html>/);
  });

  it("--json - prints one document in place of the table, the same for the same seeds", async () => {
    const args = ["compare", "-", "--json", "-", "--methods", "f2ba,itd", "--seeds", "3..4", "--spread", "0.5"];
    const limits = ["--budget", "iterations=40,calls=3e3", "--opt", "f2ba:lambda=50", "--opt", "itd.K=7"];
    const ask = () => blo([...args, ...limits], { input: quadratic });
    const [a, b] = await Promise.all([ask(), ask()]);
    expect([a.code, a.err]).toEqual([0, ""]);
    const json = document(a.out);
    expect(json.runs.map((r) => [r.method, r.seed])).toEqual([
      ["f2ba", 3],
      ["itd", 3],
      ["f2ba", 4],
      ["itd", 4],
    ]);
    expect(json.methods.map((m) => m.options)).toEqual([{ lambda: 50 }, { K: 7 }]);
    const strip = (text: string) => text.replaceAll(/"seconds": (\{[^}]*\}|[^,\n]+)/g, "");
    expect(strip(a.out)).toBe(strip(b.out));
    expect(strip(a.out)).not.toBe(a.out);
  });

  it("without --methods compares all that fit, and says so", async () => {
    const { code, out, err } = await blo(["compare", path, "--seeds", "5", "--budget", "iterations=2"]);
    expect(code).toBe(0);
    expect(err).toMatch(/compared: the \d+ methods that fit/);
    expect(out).toContain("seed 5;");
    expect(out.match(/\d\/1/g)?.length).toBeGreaterThan(5);
  });

  const constrained = file(
    "constrained.blo",
    "upper { var x ; minimize x^2 + y }\nlower { var y ; minimize (y - x)^2 ; subject to y <= 1 }\n",
  );
  it("names methods that do not fit; where none does it ends with 5", async () => {
    const one = await blo(["compare", path, "--methods", "gda,aid-auto", "--seeds", "1"]);
    expect(one.code).toBe(0);
    expect(one.out).toContain("gda does not fit: method is for minimax problems");
    const none = await blo(["compare", constrained, "--methods", "aid-cg,f2ba", "--seeds", "1"]);
    expect(none.code).toBe(5);
    expect(none.err).toContain("none of the methods fits");
    expect(none.out).toContain("aid-cg does not fit: method cannot keep lower constraints");
  });

  it("an expectation does not hold for other parameters", async () => {
    const expecting = file("expecting.blo", `${quadratic.replace("expect {", "expect { upper = -7 ;")}`);
    const args = ["compare", expecting, "--methods", "aid-auto", "--seeds", "1", "--json", "-"];
    expect(document((await blo(args)).out).reference.from).toBe("expectation");
    expect(document((await blo([...args, "--set", "a=3"])).out).reference.from).toBe("run");
  });

  mkdirSync(temporary("folder.svg"));
  it.each([
    [["compare"]],
    [["compare", path, "--methods", "f2bb"]],
    [["compare", path, ...two, "--seeds", "5..1"]],
    [["compare", path, ...two, "--budget", "calls=0"]],
    [["compare", path, ...two, "--opt", "lambda=3"]],
    [["compare", path, ...two, "--opt", "itd.K=3"]],
    [["compare", path, ...two, "--opt", "f2ba.lamda=3"]],
    [["compare", path, "--opt", "f2ba.lambda=3"]],
    [["compare", path, ...two, "--svg", "x.png"]],
    [["compare", path, ...two, "--html", "/nonexistent/folder/x.html"]],
    [["compare", path, ...two, "--svg", temporary("folder.svg")]],
    [["compare", path, ...two, "--out", path]],
  ])("wrong usage ends with 2 and says so on standard error: %j", async (args) => {
    const { code, out, err } = await blo(args);
    expect(code, err).toBe(2);
    expect(out).toBe("");
    expect(err.length).toBeGreaterThan(10);
    expect(err).not.toContain("    at ");
  });

  it("suggests the method that was meant, and reports errors of the source with 3", async () => {
    const folder = temporary("unused");
    const meant = await blo(["compare", path, "--methods", "aid-atuo", "--out", folder]);
    expect(meant.err).toContain('did you mean "aid-auto"?');
    expect(existsSync(folder), "nothing is written then").toBe(false);
    const wrong = await blo(["compare", file("wrong.blo", quadratic.replace("y^2", "z^2")), ...two]);
    expect([wrong.code, wrong.out]).toEqual([3, ""]);
    expect(wrong.err).toContain("BLO0201");
  });

  it("Ctrl-C keeps what was completed, writes the files and ends with 130", async () => {
    const folder = temporary("interrupted");
    const long = file("endless.blo", endless.replace("n = 20000", "n = 500"));
    const { code, out } = await blo(
      ["compare", long, "--methods", "f2ba,aid-auto", "--seeds", "1..50", "--budget", "time=0.3s", "--out", folder],
      { onStart: (kill) => setTimeout(() => kill("SIGINT"), 3000) },
    );
    expect(code).toBe(130);
    expect(out).toContain("Interrupted: only completed runs count.");
    const json = document(readFileSync(join(folder, "compare.json"), "utf8"));
    expect(json.interrupted).toBe(true);
    expect(json.runs.length).toBeLessThan(100);
    expect(existsSync(join(folder, "compare.html"))).toBe(true);
  });
});
