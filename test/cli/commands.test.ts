/** The commands beside run: what they print, write and refuse. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { codes } from "../../src/base/explain.js";
import { templateNames } from "../../src/cli/templates/names.js";
import { blo, file, quadratic, temporary } from "./command.js";

/** Seconds that Node alone takes to start and end. */
function bare(): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }).on("close", () => {
      resolve((performance.now() - began) / 1000);
    });
  });
}

const path = file("quadratic.blo", quadratic);

describe("check", () => {
  it("says that a file is sound, on standard output", async () => {
    const { code, out, err } = await blo(["check", path]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(`${path}: upper level 1 unknown; lower level 1 unknown; no errors\n`);
  });
  it("looks at the method and the options that the source asks for", async () => {
    const asks = (settings: string) => blo(["check", file("asks.blo", `solve { ${settings} }\n${quadratic}`)]);
    expect((await asks("method f2ba ; lambda 10")).code).toBe(0);
    expect((await asks("method f2bb")).err).toContain('did you mean "f2ba"?');
    const option = await asks("method f2ba ; lamda 10");
    expect(option.err).toContain('did you mean "lambda"?');
    expect(option.code).not.toBe(0);
  });
  it("compares derivatives", async () => {
    const { code, out } = await blo(["check", path, "--derivatives"]);
    expect(code).toBe(0);
    expect(out).toMatch(/✓ {2}upper/);
    expect(out).not.toContain("✗");
  });
  it("gives documents: JSON for several files, SARIF for one", async () => {
    const wrong = file("wrong.blo", quadratic.replace("y^2", "z^2"));
    const json = await blo(["check", path, wrong, "--json"]);
    expect([json.code, json.err]).toEqual([3, ""]);
    const { files } = JSON.parse(json.out);
    expect(files.map((f: { diagnostics: { code: string }[] }) => f.diagnostics.map((d) => d.code))).toEqual([
      [],
      ["BLO0201"],
    ]);
    const sarif = JSON.parse((await blo(["check", wrong, "--sarif"])).out);
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: "BLO0201", level: "error" });
  });
});

describe("explain", () => {
  it("describes structure and methods", async () => {
    const { code, out } = await blo(["explain", path]);
    expect(code).toBe(0);
    expect(out).toMatch(/upper {2}x +scalar +in \[-10, 10\]/);
    expect(out).toContain("minimize (x - a)^2 + y^2");
    expect(out).toMatch(/Methods that fit:\n {2}✓/);
  });
  it("prints the page of every code", async () => {
    const { code, out } = await blo(["explain", "blo0201"]);
    expect(code).toBe(0);
    expect(out).toContain("BLO0201");
    expect(codes().length).toBeGreaterThan(50);
  });
});

describe("methods", () => {
  it("lists all and describes each", async () => {
    const list = JSON.parse((await blo(["methods", "--json"])).out) as { id: string; formulas: string[] }[];
    expect(list.map((m) => m.id)).toContain("aid-auto");
    const text = await blo(["methods"]);
    for (const { id } of list) expect(text.out).toContain(id);
    const page = await blo(["methods", list[0].id]);
    expect(page.code).toBe(0);
    expect(page.out).toContain(list[0].formulas[0]);
    expect(page.out).toContain("Known failures");
  });
});

describe("fmt", () => {
  const ugly = "upper{var x\nminimize x^2+y}\nlower{var y\nminimize (y-x)^2}\n";
  it("prints, checks, rewrites, and is stable", async () => {
    const target = file("ugly.blo", ugly);
    const printed = await blo(["fmt", target]);
    expect([printed.code, printed.err]).toEqual([0, ""]);
    expect(printed.out).toContain("  minimize x^2 + y\n");
    expect((await blo(["fmt", "-"], { input: ugly })).out).toBe(printed.out);
    const check = await blo(["fmt", "--check", target]);
    expect([check.code, check.out]).toEqual([3, `${target}\n`]);
    expect((await blo(["fmt", "-w", target])).code).toBe(0);
    expect(readFileSync(target, "utf8")).toBe(printed.out);
    expect((await blo(["fmt", "--check", target])).code).toBe(0);
    expect(readdirSync(temporary("")).filter((f) => f.endsWith(".tmp"))).toEqual([]);
  });
  it("leaves a file with errors alone", async () => {
    const target = file("broken.blo", "upper {");
    expect((await blo(["fmt", "-w", target])).code).toBe(3);
    expect(readFileSync(target, "utf8")).toBe("upper {");
  });
});

describe("compile", () => {
  it("writes a module that runs alone, with types", async () => {
    const out = temporary("quadratic.mjs");
    const { code } = await blo(["compile", path, "-o", out, "--set", "a=3"]);
    expect(code).toBe(0);
    const module = await import(pathToFileURL(out).href);
    expect(module.upper.objective(Float64Array.of(1), Float64Array.of(2))).toBe(8);
    expect(readFileSync(temporary("quadratic.d.mts"), "utf8")).toContain("objective");
  });
});

describe("init", () => {
  it.each(templateNames)("template %s is laid out canonically, compiles and keeps its promises", async (name) => {
    const target = temporary(`template-${name}.blo`);
    const { code } = await blo(["init", target, "--from", name]);
    expect(code).toBe(0);
    expect(await blo(["fmt", target])).toMatchObject({ code: 0, out: readFileSync(target, "utf8") });
    const run = await blo(["test", target]);
    expect(run.code, run.out + run.err).toBe(0);
    expect(run.out).toMatch(/1 passed/);
  });
  it("never overwrites", async () => {
    const target = file("mine.blo", "mine");
    expect((await blo(["init", target])).code).toBe(2);
    expect(readFileSync(target, "utf8")).toBe("mine");
  });
});

describe("test", () => {
  const expecting = (lines: string) => `${quadratic.replace(/expect.*\n/, "")}expect {\n${lines}\n}\n`;
  it("passes, fails with 6, skips with a reason, and counts", async () => {
    const folder = temporary("suite");
    mkdirSync(join(folder, "deep"), { recursive: true });
    writeFileSync(
      join(folder, "good.blo"),
      expecting("x = 1 within 1e-5\nupper = 2 within 1e-5\nlower = 0\nstatus converged"),
    );
    writeFileSync(join(folder, "deep", "bad.blo"), expecting("x = 2 within 1e-5\nstatus infeasible"));
    writeFileSync(join(folder, "deep", "later.blo"), expecting("x = 1\nneeds method later"));
    writeFileSync(join(folder, "none.blo"), quadratic.replace(/expect.*\n/, ""));
    const { code, out } = await blo(["test", folder]);
    expect(code).toBe(6);
    expect(out).toContain("4 files: 1 passed, 1 failed, 0 with errors, 2 skipped");
    expect(out).toMatch(/x = 2 expected, found .* \(off by 1, allowed 1e-5\)/);
    expect(out).toContain("status = infeasible expected, found converged");
    expect(out).toContain("needs method later, which is not there");
    const json = JSON.parse((await blo(["test", folder, "--json"])).out);
    expect(json).toMatchObject({ passed: 1, failed: 1, errors: 0, skipped: 2 });
    expect((await blo(["test", join(folder, "good.blo")])).code).toBe(0);
    expect((await blo(["test", join(folder, "deep", "later.blo")])).code).toBe(0);
  });
  it("files with errors end with 3", async () => {
    const { code, out, err } = await blo(["test", file("broken.blo", "upper {")]);
    expect(code).toBe(3);
    expect(out).toContain("1 with errors");
    expect(err).toMatch(/BLO\d{4}/);
  });
});

describe("help and start-up", () => {
  it("every command has help with examples", async () => {
    const { out } = await blo(["--help"]);
    const names = ["run", "check", "explain", "methods", "test", "fmt", "compile", "init"];
    for (const name of names) expect(out).toContain(`  ${name} `);
    for (const help of await Promise.all(names.map((name) => blo([name, "--help"])))) {
      expect([help.code, help.err]).toEqual([0, ""]);
      expect(help.out).toContain("Examples:");
    }
    expect((await blo(["--version"])).out).toMatch(/^\S+\n$/);
  });
  it("help, fmt and check load none of the large packages", async () => {
    // Each module that is loaded is written to standard error, by a hook on a thread of its own.
    const hooks = file(
      "hooks.mjs",
      `import { writeSync } from "node:fs";
       export async function load(url, context, next) { writeSync(2, url + "\\n"); return next(url, context); }`,
    );
    const register = file(
      "register.mjs",
      `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hooks).href)});`,
    );
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(register).href}` };
    const loaded = async (args: readonly string[]) => (await blo(args, { env })).err.split("\n");
    for (const args of [["--help"], ["fmt", path], ["check", path]]) {
      const urls = await loaded(args);
      expect(urls.some((u) => u.endsWith("main.js"))).toBe(true);
      // all our own code in one piece is smaller, each of the packages that only some runs need is larger
      const large = urls.filter((u) => u.startsWith("file:") && statSync(new URL(u)).size > 650_000);
      expect(large).toEqual([]);
      expect(urls.filter((u) => /vega|mathjs|tensorflow|plot|vendor|highs/.test(u))).toEqual([]);
    }
  });
  it("help starts within 150 ms of Node itself", async () => {
    const best = async (start: () => Promise<number>) => {
      const times: number[] = [];
      for (let k = 0; k < 5; k++) times.push(await start());
      return Math.min(...times);
    };
    const node = await best(() => bare());
    const help = await best(async () => (await blo(["--help"])).seconds);
    expect(help - node).toBeLessThan(0.15);
  });
});
