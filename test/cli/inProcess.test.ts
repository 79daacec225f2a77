/** The commands in process, through the same entry as the executable, with a terminal that keeps what is written. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { codes } from "../../src/base/explain.js";
import { version } from "../../src/base/version.js";
import { commands } from "../../src/cli/commands.js";
import { runProgram } from "../../src/cli/program.js";
import { Progress } from "../../src/cli/progress.js";
import { templateNames } from "../../src/cli/templates/names.js";
import { pieces } from "../../src/methods/pieces/catalogue.js";
import { methods } from "../../src/methods/registry.js";
import { resultSchema } from "../../src/report/schema.js";
import { blo, type Kept, terminal } from "./inMemory.js";

const folder = mkdtempSync(join(tmpdir(), "blo-in-process-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
function file(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

const text = `problem "Quadratic"
param a = 2
upper {
  var x in [-10, 10] init 1
  minimize (x - a)^2 + y^2
}
lower {
  var y
  minimize (y - x)^2
}
expect { x = a / 2 within 1e-6 ; upper = 2 within 1e-5 ; status converged }
`;
const path = file("quadratic.blo", text);
const wrong = file("wrong.blo", text.replace("y^2", "z^2"));
const constrained = file("constrained.blo", text.replace("y^2\n", "y^2\n  subject to\n    cap: x + y <= 3\n"));
const untidy = file("untidy.blo", text.replace("  minimize (y - x)^2", "      minimize (y-x)^2"));
const rest = file("rest.blo", text.replace(/expect.*\n/, ""));

describe("run", () => {
  test("prints values, objectives, certificate", async () => {
    const { code, out, err } = await blo("run", path);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Quadratic\n\nconverged {2}/);
    expect(out).toMatch(/^ {2}x\s+= (1|0\.9999999\d*|1\.0000000\d*)$/m);
    expect(out).toContain("certificate: certified");
    expect(out).toMatch(/seed 1, \d+ iterations?, /);
  });

  test("--json is one document; --set, --seed, --method and --opt reach the run", async () => {
    const { code, out, err } = await blo(
      ...["run", path, "--json", "--set", "a=4", "--seed", "7", "--method", "aid-cg", "--opt", "warm=false"],
      ...["--tol", "1e-7", "--calls", "1e6", "--iterations", "5000", "--time", "20s", "--backend", "interpreted"],
    );
    expect([code, err]).toEqual([0, ""]);
    const document = resultSchema.parse(JSON.parse(out));
    expect(document).toMatchObject({ status: "converged", method: "aid-cg", seed: 7, file: path });
    expect(document.options).toMatchObject({ warm: false });
    expect(document.values.x).toBeCloseTo(2, 5);
  });

  test("--lower, --estimator and --outer put a method together", async () => {
    const asked = ["--lower", "nesterov", "--estimator", "direct", "--outer", "momentum", "--opt", "outerMomentum=0.5"];
    const { code, out, err } = await blo("run", path, "--json", ...asked);
    expect([code, err]).toEqual([0, ""]);
    const document = resultSchema.parse(JSON.parse(out));
    expect(document).toMatchObject({ status: "converged", method: "nesterov+direct+momentum" });
    expect(document.options).toMatchObject({ outerMomentum: 0.5 });
    expect(document.values.x).toBeCloseTo(1, 5);
    const wrong = await blo("run", path, "--lower", "nestrov");
    expect([wrong.code, wrong.out]).toEqual([3, ""]);
    expect(wrong.err).toContain('BLO0805: there is no lower map "nestrov"; did you mean "nesterov"?');
    const both = await blo("run", path, "--method", "aid-cg", "--outer", "adam");
    expect(both.code).toBe(2);
    expect(both.err).toContain("give one or the other");
  });

  test("--surrogate, --field and --sampling put other kinds of methods together", async () => {
    const value = ["--surrogate", "value-gap", "--outer", "adam", "--opt", "gamma=100", "--iterations", "3000"];
    const biased = resultSchema.parse(JSON.parse((await blo("run", path, "--json", ...value)).out));
    expect(biased).toMatchObject({ method: "value-gap+adam", options: { gamma: 100 } });
    expect(biased.values.x).toBeCloseTo(1, 1);
    const field = await blo("run", path, "--json", "--field", "joint", "--sampling", "saga");
    const exact = resultSchema.parse(JSON.parse(field.out));
    expect(exact).toMatchObject({ method: "joint+saga" });
    expect(exact.values.x).toBeCloseTo(1, 4);
    const clash = await blo("run", path, "--surrogate", "value-gap", "--lower", "nesterov");
    expect(clash.code).toBe(3);
    expect(clash.err).toContain('BLO0806: the surrogate "value-gap" makes no sense with the lower map "nesterov"');
    expect((await blo("run", path, "--method", "aid-cg", "--field", "joint")).code).toBe(2);
  });

  test("--trace and --plot write files; --quiet keeps quiet", async () => {
    const { code, err } = await blo("run", path, "--quiet", "--trace", at("t.jsonl"), "--plot", at("p.svg"));
    expect([code, err]).toEqual([0, ""]);
    const rows = readFileSync(at("t.jsonl"), "utf8").trim().split("\n");
    expect(rows.map((r) => JSON.parse(r).iteration)).toEqual(rows.map((_, i) => i));
    expect(readFileSync(at("p.svg"), "utf8")).toMatch(/^<svg[\s\S]*Quadratic[\s\S]*<\/svg>\s*$/);
  });

  test("a folder in place of a data file is said in words", async () => {
    const { code, err } = await blo("check", file("folder.blo", `data d = "."\n${text}`));
    expect(code).toBe(4);
    expect(err).toContain("it is a directory");
    expect(err).not.toContain("EISDIR");
  });

  test("an option without a method is said to be for the first one", async () => {
    const { code, err } = await blo("run", path, "--opt", "lambda=3");
    expect(code).toBe(2);
    expect(err).toContain("name it by --method");
    expect((await blo("run", path, "--opt", "lamda=3", "--method", "f2ba")).err).not.toContain("name it by");
  });

  test("a limit that is reached ends with 6 and says so", async () => {
    const hard = file("hard.blo", text.replace("(x - a)^2", "100 * (sin(3 * x) - x^2)^2 + (1 - x)^2"));
    const { code, out } = await blo("run", hard, "--method", "aid-cg", "--iterations", "1");
    expect(code).toBe(6);
    expect(out).toContain("iteration-limit  The limit on iterations was reached.");
    expect(out).toContain("not certified");
  });

  test.each([
    ["errors of the source", [wrong], 3, "BLO0201", "wrong.blo:5:"],
    ["a file that is not there", [at("none.blo")], 2, "BLO0010", "there is no such file"],
    ["a path with a NUL", ["a\0b"], 2, "BLO0010", "NUL"],
    ["an unknown method", [path, "--method", "aid-atuo"], 2, "BLO0801", 'did you mean "aid-auto"?'],
    ["an unknown option", [path, "--method", "aid-cg", "--opt", "etta=3"], 2, "BLO0802", 'did you mean "eta"?'],
    ["an unknown param", [path, "--set", "b=3"], 2, "BLO0212", "`b`"],
    ["data that are not declared", [path, "--data", "d=x.csv"], 2, "BLO0723", "no data called"],
    ["a method that does not fit", [path, "--method", "gda"], 5, "BLO0813", "methods that fit: aid-auto"],
  ])("%s", async (_, args, expected, code, words) => {
    const plainly = await blo("run", ...args);
    expect(plainly.code).toBe(expected);
    expect(plainly.err).toContain(code);
    expect(plainly.err).toContain(words);
    const json = await blo("run", ...args, "--json");
    expect([json.code, json.err]).toEqual([expected, ""]);
    const document = resultSchema.parse(JSON.parse(json.out));
    expect(document.status).toBe(expected === 5 ? "not-applicable" : "invalid");
    expect([...(document.diagnostics ?? []), ...document.warnings].map((d) => d.code)).toContain(code);
  });

  test("numbers that are not finite end with 7", async () => {
    const pole = file("pole.blo", text.replace("(x - a)^2", "log(x - 1)"));
    const { code, err } = await blo("run", pole);
    expect(code).toBe(7);
    expect(err).toContain("BLO0901: `log(x - 1)` in the upper objective");
  });

  test("paths that cannot be written", async () => {
    const trace = await blo("run", path, "--trace", join(folder, "no", "t.jsonl"));
    expect(trace).toMatchObject({ code: 2, out: "" });
    expect(trace.err).toMatch(/^error: --trace .* cannot be written: there is no such folder\n$/);
    const plot = await blo("run", path, "--plot", join(folder, "no", "p.svg"));
    expect([plot.code, plot.err]).toEqual([2, expect.stringContaining("cannot be written")]);
    const png = await blo("run", path, "--plot", "p.png");
    expect([png.code, png.err]).toEqual([2, expect.stringContaining('must end in .svg, found "p.png"')]);
    const watch = await blo("run", "-", "--watch");
    expect([watch.code, watch.err]).toEqual([2, expect.stringContaining("standard input cannot be watched")]);
  });

  test("--watch runs again when the file changes and ends with Ctrl-C", async () => {
    const watched = file("watched.blo", text);
    const kept: Kept = { out: "", err: "" };
    const until = async (done: () => boolean): Promise<void> => {
      for (let i = 0; i < 200 && !done(); i++) await new Promise((r) => setTimeout(r, 25));
      expect(done(), kept.err + kept.out).toBe(true);
    };
    const ended = runProgram(["run", watched, "--watch"], terminal(kept, { screen: true }));
    await until(() => kept.err.includes("watching"));
    writeFileSync(watched, text.replace("Quadratic", "Changed"));
    await until(() => kept.out.includes("Changed") && kept.err.split("watching").length > 2);
    process.emit("SIGINT", "SIGINT");
    expect(await ended).toBe(130);
    expect(kept.out.split("\u001b[2J").length).toBe(3);
    expect(process.listenerCount("SIGTERM")).toBe(0);
  });

  test("Ctrl-C ends a run with the best point so far", async () => {
    const endless = file(
      "endless.blo",
      "upper {\n  var x[2000] init -1.2\n  minimize sum(i in 1..1999: 100 * (x[i+1] - x[i]^2)^2 + (1 - x[i])^2 + 0.1 * sin(i * x[i])) + 1e-3 * sumsq(y)\n}\nlower {\n  var y[2000]\n  minimize sum(i in 1..2000: exp(0.1 * y[i]) + exp(-0.1 * y[i])) + 0.5 * sumsq(y - x)\n}\n",
    );
    const kept: Kept = { out: "", err: "" };
    const ended = runProgram(["run", endless], terminal(kept, { interactive: true }));
    while (!kept.err.includes("iteration")) await new Promise((r) => setTimeout(r, 25));
    process.emit("SIGINT", "SIGINT");
    expect(await ended).toBe(130);
    expect(kept.out).toContain("interrupted  The run was interrupted; the last good point is returned.");
    expect(kept.out).toContain("2,000 entries in all");
    expect(kept.err).toContain("ending with the best point so far");
  });
});

describe("check", () => {
  test("sound and unsound files", async () => {
    const { code, out, err } = await blo("check", path, constrained, wrong);
    expect(code).toBe(3);
    expect(out).toBe(
      `${path}: upper level 1 unknown; lower level 1 unknown; no errors\n${constrained}: upper level 1 unknown, 1 constraint; lower level 1 unknown; no errors\n`,
    );
    expect(err).toMatch(/wrong\.blo:5:\d+: error BLO0201/);
    expect(err).toMatch(/\n\n1 error(, \d warnings?)?\n$/);
  });

  test("--derivatives compares, for people and as a document", async () => {
    const { code, out } = await blo("check", path, "--derivatives");
    expect(code).toBe(0);
    expect(out).toMatch(/✓ {2}upper.* worst \S+ \(<= \S+\)/);
    expect(out).not.toContain("✗");
    const { files } = JSON.parse((await blo("check", path, "--derivatives", "--json")).out);
    expect(files[0].derivatives.holds).toBe(true);
    expect(files[0].derivatives.checks.length).toBeGreaterThan(3);
  });

  test("--json and --sarif", async () => {
    const json = await blo("check", path, wrong, "--json");
    const document = JSON.parse(json.out);
    expect([json.code, json.err, document.version]).toEqual([3, "", version]);
    const found = document.files.map((f: { diagnostics: { code: string }[] }) => f.diagnostics.map((d) => d.code));
    expect([found[0], found[1].includes("BLO0201")]).toEqual([[], true]);
    const sarif = await blo("check", wrong, "--sarif");
    expect([sarif.code, sarif.err]).toEqual([3, ""]);
    const { runs } = JSON.parse(sarif.out);
    expect(runs[0].results[0]).toMatchObject({ level: "error" });
  });

  test("documents exclude each other", async () => {
    expect(await blo("check", path, "--json", "--sarif")).toMatchObject({ code: 2, out: "" });
    const two = await blo("check", path, path, "--sarif");
    expect([two.code, two.err]).toEqual([2, "error: --sarif takes one file at a time\n"]);
  });
});

describe("explain", () => {
  test("a problem: structure, methods that fit and do not", async () => {
    const { code, out } = await blo("explain", path);
    expect(code).toBe(0);
    expect(out).toMatch(/upper {2}x +scalar +in \[-10, 10\]/);
    expect(out).toContain("minimize (x - a)^2 + y^2");
    expect(out).toMatch(/Methods that fit:\n {2}✓ aid-auto/);
    expect(out).toMatch(/blo run takes +\S+: /);
    expect(out).toMatch(/Methods that do not:\n {2}✗ gda +solves minimax problems/);
  });

  test("sections, one method, documents", async () => {
    const only = await blo("explain", path, "--only", "hypergradient");
    expect([only.code, only.err]).toEqual([0, ""]);
    expect(only.out).toContain("∇F(x) = ∇_x f - ∇²_x,y g * inv(∇²_y,y g) * ∇_y f");
    expect(only.out).not.toContain("Methods");
    const method = await blo("explain", path, "--method", "f2ba");
    expect(method.out).toMatch(/f2ba: [\s\S]*this problem +fits[\s\S]*parameter/);
    const document = JSON.parse((await blo("explain", path, "--json", "--only", "structure,derivatives")).out);
    expect(document.sections.map((s: { id: string }) => s.id)).toEqual(["structure", "derivatives"]);
    expect(document.version).toBe(version);
    const given = await blo("explain", path, "--set", "a=3", "--only", "standard-form");
    expect(given.out).toMatch(/a +3: given by the caller/);
    const latex = await blo("explain", path, "--only", "standard-form", "--latex");
    expect(latex.out).toMatch(/^\\documentclass\{article\}[\s\S]*\\end\{document\}\n$/);
    const both = await blo("explain", path, "--only", "standard-form", "--html", at("e.html"), "--latex", at("e.tex"));
    expect([both.code, both.out]).toEqual([0, ""]);
    expect(both.err).toBe(`Wrote ${at("e.tex")}\nWrote ${at("e.html")}\n`);
    expect(readFileSync(at("e.html"), "utf8")).toContain("<title>Quadratic</title>");
  });

  test("what makes no sense is said before anything is written", async () => {
    const unknown = await blo("explain", path, "--only", "hypergradeint");
    expect([unknown.code, unknown.out]).toEqual([2, ""]);
    expect(unknown.err).toContain("did you mean hypergradient?");
    const method = await blo("explain", path, "--method", "f2b");
    expect([method.code, method.out]).toEqual([2, ""]);
    expect(method.err).toContain("BLO0801");
    const twice = await blo("explain", path, "--json", "--html");
    expect(twice.code).toBe(2);
    expect(twice.err).toContain("only one document fits on standard output, not --json and --html");
    const over = await blo("explain", path, "--html", path);
    expect([over.code, readFileSync(path, "utf8").startsWith("problem")]).toEqual([2, true]);
    expect(over.err).toContain("would write over");
    const nowhere = await blo("explain", path, "--only", "structure", "--latex", at("no/folder/e.tex"));
    expect([nowhere.code, nowhere.out]).toEqual([2, ""]);
    expect(nowhere.err).toBe(`error: ${at("no/folder/e.tex")} cannot be written: there is no such folder\n`);
  });

  test("all kinds of domains, followers, constraints, samples, minimax", async () => {
    const rich = file(
      "rich.blo",
      `upper {
  var a
  var b >= 0
  var c <= 3
  var d[2] in ball([0, 0], 2)
  var p[3] in simplex
  var M[2, 3] in [0, 1]
  minimize sum(i in 1..20 batch 5: (a - i)^2) + b + c + sumsq(d) + sumsq(p) + sum(M) + y + z
  subject to
    eq: a + b == 1
    two: d <= 1
}
lower first { var y; minimize (y - a)^2 }
lower second { var z; minimize (z - b)^2 }
`,
    );
    const { out, err } = await blo("explain", rich);
    expect(err).toBe("");
    for (const part of ["free", ">= 0", "<= 3", "in a ball of radius 2", "in a simplex, sum 1", "2 x 3 matrix"]) {
      expect(out).toContain(part);
    }
    expect(out).toMatch(/upper {2}eq +1 equation\n {2}upper {2}two +2 inequalities/);
    expect(out).toContain("lower first");
    expect(out).toContain("2 followers independent of each other");
    expect(out).toContain("A sum of 20 terms at the upper level, sampled in batches of 5");
    const game = file(
      "saddle.blo",
      "minimax {\n  minimize var x\n  maximize var y\n  objective x^2 - y^2 + x * y\n}\nsolve { method gda }\n",
    );
    const saddle = await blo("explain", game);
    expect(saddle.out).toContain("Minimax: the lower level maximises what the upper level minimises");
    expect(saddle.out).toContain("the lower level minimises g = -f");
    expect(saddle.out).toMatch(/blo run takes +gda: The source asks for it\./);
  });

  test("the page of every code", async () => {
    for (const code of codes()) {
      const { code: ended, out } = await blo("explain", code);
      expect(ended).toBe(0);
      expect(out).toMatch(new RegExp(`^${code}: `));
      expect(out).not.toContain("```");
    }
    expect((await blo("explain", "201")).out).toMatch(/^BLO0201: /);
  });

  test("codes that do not exist, files that do not compile", async () => {
    const near = await blo("explain", "BLO0999");
    expect([near.code, near.err]).toEqual([2, expect.stringContaining("there is no code BLO0999")]);
    expect(near.err).toContain("codes of this kind: BLO0901, BLO0902");
    expect((await blo("explain", "BLO5555")).err).toBe("error: there is no code BLO5555\n");
    expect(await blo("explain", wrong)).toMatchObject({ code: 3, out: "" });
  });
});

describe("methods", () => {
  test("--pieces lists every piece with its formulas, as text and as a document", async () => {
    const { code, out } = await blo("methods", "--pieces");
    expect(code).toBe(0);
    const document = JSON.parse((await blo("methods", "--pieces", "--json")).out);
    for (const [kind, list] of Object.entries(pieces)) {
      expect(out).toContain(`--${kind}`);
      expect(document[kind].map((p: { id: string }) => p.id)).toEqual(list.map((p) => p.id));
      for (const p of list) for (const line of p.formulas) expect(out).toContain(line);
    }
    expect((await blo("methods", "aid-cg", "--pieces")).code).toBe(2);
  });

  test("lists all and describes each", async () => {
    const { code, out } = await blo("methods");
    expect(code).toBe(0);
    for (const m of methods()) {
      expect(out).toContain(m.id);
      const page = (await blo("methods", m.id)).out;
      for (const head of ["Algorithm", "Reference", "Needs", "Assumes", "Known failures"]) expect(page).toContain(head);
      for (const p of m.parameters) expect(page).toContain(`--opt ${p.name}=`);
      const facts = JSON.parse((await blo("methods", m.id, "--json")).out);
      expect(facts).toMatchObject({ id: m.id, title: m.title });
    }
    const known = JSON.parse((await blo("methods", "--json")).out).map((m: { id: string }) => m.id);
    expect(known).toEqual([...methods().map((m) => m.id), "single-level"]);
  });

  test("whatever a result names as its method is described", async () => {
    const solved = file(
      "formula.blo",
      `upper {
  var x in [-10, 10] init 1
  minimize (x - 1)^4 + y^2
}
lower {
  var y
  minimize (y - x)^2
}
`,
    );
    const flags = [
      [],
      ["--lower", "nesterov", "--outer", "adam"],
      ["--lower", "nesterov", "--estimator", "neumann", "--sampling", "minibatch"],
      ["--surrogate", "value-gap"],
      ["--field", "joint", "--sampling", "saga"],
    ];
    const names: string[] = [];
    for (const given of flags) {
      const { out } = await blo("run", solved, "--json", "--iterations", "3", ...given);
      const { method, tried = [] } = JSON.parse(out) as { method: string; tried?: { method: string }[] };
      names.push(method, ...tried.map((t) => t.method));
    }
    expect(names).toEqual(expect.arrayContaining(["single-level", "nesterov+cg+adam", "joint+saga"]));
    for (const name of names) {
      const page = await blo("methods", name);
      expect(page).toMatchObject({ code: 0, out: expect.stringContaining(`${name}  `) });
      expect(JSON.parse((await blo("methods", name, "--json")).out).id).toBe(name);
    }
    // the name in the result asks for the same method again
    const again = JSON.parse((await blo("run", solved, "--json", "--method", "nesterov+cg+adam")).out);
    expect(again).toMatchObject({ method: "nesterov+cg+adam", status: "converged" });
    const refused = await blo("run", solved, "--method", "single-level");
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("a run without a method takes")]);
    expect((await blo("methods", "nesterov+adam+cg")).code).toBe(2);
  });

  test("one that is not there", async () => {
    const near = await blo("methods", "aid-atuo");
    expect([near.code, near.err]).toEqual([2, 'error: there is no method "aid-atuo"\nhint: did you mean aid-auto?\n']);
    expect((await blo("methods", "zzzzzzzz")).err).toContain("hint: blo methods lists them");
  });
});

describe("test", () => {
  test("passed, failed, skipped and wrong files", async () => {
    const off = file("off.blo", text.replace("x = a / 2", "x = 3"));
    const status = file("status.blo", text.replace("status converged", "status stalled"));
    const needs = file("needs.blo", `${text.replace(/expect.*\n/, "")}expect { x = 1 ; needs method aid-atuo }\n`);
    const options = file("options.blo", `${text}solve { method aid-cg ; etta 1 }\n`);
    const args = [path, off, status, needs, rest, wrong, options];
    const { code, out, err } = await blo("test", ...args);
    expect(code).toBe(3);
    expect(out).toContain(`✓ ${path}  `);
    expect(out).toMatch(
      /✗ .*off\.blo.*\n {4}x = 3 expected, found (1|0\.999\d*|1\.000\d*) \(off by 2, allowed 1e-6\)\n/,
    );
    expect(out).toContain("    status = stalled expected, found converged\n");
    expect(out).toContain(`- ${needs}  needs method aid-atuo, which is not there (did you mean aid-auto?)`);
    expect(out).toContain(`- ${rest}  has no expectations`);
    expect(out).toContain("7 files: 1 passed, 2 failed, 2 with errors, 2 skipped\n");
    expect(err).toContain("BLO0201");
    expect(err).toContain("BLO0802");
    const json = await blo("test", ...args, "--json");
    const document = JSON.parse(json.out);
    expect([json.code, json.err]).toEqual([3, ""]);
    expect(document).toMatchObject({ passed: 1, failed: 2, errors: 2, skipped: 2 });
    expect(document.files[1].expectations[0]).toMatchObject({ holds: false, text: "x", expected: [3] });
    expect((await blo("test", path, "-q")).code).toBe(0);
    expect((await blo("test", off)).code).toBe(6);
  });

  test("folders stand for the files below them", async () => {
    const { code, err } = await blo("test", folder, at("none"));
    expect([code, err]).toEqual([2, expect.stringContaining("there is no such file")]);
    const empty = mkdtempSync(join(folder, "empty-"));
    expect((await blo("test", empty)).err).toContain("the folder holds no .blo file");
    const one = mkdtempSync(join(folder, "one-"));
    writeFileSync(join(one, "a.blo"), text);
    expect((await blo("test", one)).out).toContain("1 file: 1 passed, 0 failed, 0 with errors, 0 skipped");
  });
});

describe("fmt, compile, init", () => {
  test("fmt prints, compares, rewrites", async () => {
    expect(await blo("fmt", path)).toEqual({ code: 0, out: readFileSync(path, "utf8"), err: "" });
    expect(await blo("fmt", "--check", path, untidy)).toEqual({ code: 3, out: `${untidy}\n`, err: "" });
    expect(await blo("fmt", "-w", path, untidy)).toEqual({ code: 0, out: "", err: `rewrote ${untidy}\n` });
    expect(readFileSync(untidy, "utf8")).toBe(text);
    const broken = file("broken.blo", "upper {\n  minimize (x\n");
    const failed = await blo("fmt", broken, at("none.blo"));
    expect([failed.code, failed.out]).toEqual([3, ""]);
    expect(failed.err).toContain("BLO0105");
    expect(failed.err).toContain("BLO0010");
    expect((await blo("fmt", "-w", "--check", path)).err).toBe("error: --check and --write exclude each other\n");
    expect((await blo("fmt", "-w", "-")).err).toContain("standard input cannot be rewritten");
  });

  test("compile writes a module and its types", async () => {
    const { code, out } = await blo("compile", path);
    expect(code).toBe(0);
    expect(out).toMatch(/^export /m);
    const written = await blo("compile", path, "-o", at("q.mjs"));
    expect([written.code, written.err]).toEqual([0, `Wrote ${at("q.mjs")} and ${at("q.d.mts")}\n`]);
    expect(readFileSync(at("q.mjs"), "utf8")).toBe(out);
    expect(readFileSync(at("q.d.mts"), "utf8")).toContain("export");
    expect((await blo("compile", path, "-o", "q.txt")).err).toContain('must end in .mjs or .js, found "q.txt"');
    expect((await blo("compile", path, "-o", join(folder, "no", "q.js"))).err).toContain("cannot be written");
    expect(await blo("compile", wrong)).toMatchObject({ code: 3, out: "" });
  });

  test("init writes each template once, and each is laid out and sound", async () => {
    for (const name of templateNames) {
      const target = at(`${name}.blo`);
      const { code, err } = await blo("init", target, "--from", name);
      expect([code, err]).toEqual([0, `Wrote ${target} (template ${name}). Next: blo run ${target}\n`]);
      expect((await blo("init", "-", "--from", name)).out).toBe(readFileSync(target, "utf8"));
    }
    const again = await blo("init", at("ridge.blo"), "--from", "ridge");
    expect(again).toMatchObject({ code: 2, out: "" });
    expect(again.err).toContain("exists already; nothing was written\nhint: ");
    const nowhere = join(folder, "no", "a.blo");
    expect((await blo("init", nowhere)).err).toContain("cannot be written: there is no such folder");
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe("usage", () => {
  test("help and version are answers", async () => {
    expect(await blo("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
    const help = await blo("--help");
    expect([help.code, help.err]).toEqual([0, ""]);
    for (const { name, summary } of commands)
      expect(help.out).toMatch(new RegExp(`^ {2}${name} .* ${summary.split(" ")[0]} `, "m"));
    for (const { name, examples } of commands) {
      const { code, out } = await blo(name, "--help");
      expect(code).toBe(0);
      for (const [line] of examples) expect(out).toContain(line);
      expect(await blo("help", name)).toEqual({ code, out, err: "" });
    }
    expect((await blo()).code).toBe(2);
  });

  test.each([
    [["frobnicate"], "unknown command"],
    [["run"], "missing required argument"],
    [["run", path, "--frob"], "unknown option"],
    [["run", path, "--seed", "-1"], 'expected a whole number from 0, found "-1"'],
    [["run", path, "--iterations", "1.5"], 'expected a whole number above 0, found "1.5"'],
    [["run", path, "--tol", "0"], 'expected a number above 0, found "0"'],
    [["run", path, "--time", "soon"], "expected a duration such as 30s"],
    [["run", path, "--set", "a"], "expected NAME=VALUE, as in --set k=3"],
    [["run", path, "--set", "a=[[[1]]]"], "expected a number, [1, 2] or [[1, 2], [3, 4]] for a"],
    [["run", path, "--set", "a=two"], 'found "two"'],
    [["run", path, "--data", "d="], "expected a path for d"],
    [["run", path, "--opt", "=3"], "expected NAME=VALUE, as in --opt lambda=100"],
    [["run", path, "--backend", "jit"], 'expected generated or interpreted, found "jit"'],
    [["init", "--from", "nothing"], "expected "],
  ])("%j", async (args, words) => {
    const { code, out, err } = await blo(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(words);
    expect(err).toContain("--help lists");
  });
});

describe("progress", () => {
  const row = { iteration: 3, value: 1.5, stationarity: 0.25, calls: 12, seconds: 1.23, extra: {} };
  async function shown(interactive: boolean, quiet = false): Promise<string> {
    const kept: Kept = { out: "", err: "" };
    const progress = new Progress(terminal(kept, { interactive, widthErr: 80 }), quiet);
    progress.stage("certificate");
    await new Promise((r) => setTimeout(r, 120));
    progress.update(row);
    progress.update({ ...row, iteration: 4 });
    progress.clear();
    expect(kept.out).toBe("");
    return kept.err;
  }
  test("one line that is rewritten on a terminal, and taken away", async () => {
    const erase = "\r\u001b[2K";
    expect(await shown(true)).toBe(
      `${erase}certificate${erase}iteration 3  value 1.5  stationarity 0.25  12 calls  1.2 s${erase}`,
    );
  });
  test("nothing where nothing is rewritten yet, or where it is to be quiet", async () => {
    expect(await shown(false)).toBe("");
    expect(await shown(true, true)).toBe("");
  });
});
