/** Exit codes, streams, documents and signals of the command as a process. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { resultSchema } from "../../src/report/schema.js";
import { blo, endless, file, main, quadratic, root, temporary } from "./command.js";

const path = file("quadratic.blo", quadratic);
const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe("run", () => {
  it("prints the result on standard output and nothing else there", async () => {
    const { code, out, err } = await blo(["run", path]);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toMatch(/converged/);
    expect(out).toMatch(/^ {2}x\s+= (1|0\.99999\d*|1\.00000\d*)$/m);
    expect(out).toMatch(/upper objective/);
    expect(out).toMatch(/✓/);
    expect(out).toMatch(/seed 1/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no colours off a terminal
    expect(out).not.toMatch(/\u001b/);
  });

  it("--json prints one document that its schema accepts", async () => {
    const { code, out, err } = await blo(["run", path, "--json", "--seed", "7"]);
    expect([code, err]).toEqual([0, ""]);
    const document = resultSchema.parse(parsed(out));
    expect(document).toMatchObject({ problem: "Quadratic", file: path, status: "converged", seed: 7 });
    expect(document.values.x).toBeCloseTo(1, 5);
    expect(document.source).toMatch(/^[0-9a-f]{64}$/);
  });

  it("the same seed gives the same bytes, times aside", async () => {
    const strip = (text: string) => text.replace(/"seconds": ?[\d.e-]+/g, '"seconds": 0');
    const [a, b] = await Promise.all([blo(["run", path, "--json"]), blo(["run", path, "--json"])]);
    expect(strip(a.out)).toBe(strip(b.out));
  });

  it("reads the problem from standard input, parameters from --set", async () => {
    const { code, out } = await blo(["run", "-", "--json", "--set", "a=4"], { input: quadratic });
    expect(code).toBe(0);
    const document = parsed(out);
    expect(document.file).toBeNull();
    expect((document.values as { x: number }).x).toBeCloseTo(2, 5);
  });

  it("source errors end with 3, on standard error, or as a document", async () => {
    const wrong = file(
      "wrong.blo",
      "upper {\n  var x\n  minimize xx^2\n}\nlower {\n  var y\n  minimize (y - x)^2\n}\n",
    );
    const plain = await blo(["run", wrong]);
    expect([plain.code, plain.out]).toEqual([3, ""]);
    expect(plain.err).toContain(`${wrong}:3:12: error BLO0201`);
    expect(plain.err).toContain("^^");
    const json = await blo(["run", wrong, "--json"]);
    expect([json.code, json.err]).toEqual([3, ""]);
    const document = resultSchema.parse(parsed(json.out));
    expect(document.status).toBe("invalid");
    expect(document.diagnostics?.[0]).toMatchObject({ code: "BLO0201", place: { start: { line: 3, column: 12 } } });
  });

  it("data errors end with 4", async () => {
    const needs = (name: string) => `data d = "${name}"\n${quadratic.replace("param a = 2", "let a = mean(d.v)")}`;
    const missing = await blo(["run", file("missing.blo", needs("absent.csv"))]);
    expect(missing.code).toBe(4);
    expect(missing.err).toContain("BLO0701");
    expect(missing.err).toContain("absent.csv");
    file("text.csv", "v,w\n1,2\nn/b,3\n");
    const text = await blo(["run", file("text.blo", needs("text.csv"))]);
    expect(text.code).toBe(4);
    expect(text.err).toContain('"text.csv", row 3, column "v": "n/b" is not a number');
  });

  it("data come from beside the problem file, or from --data relative to the working folder", async () => {
    file("two.csv", "v\n1\n3\n");
    const given = file("other.csv", "v\n6\n");
    const source = `data d = "two.csv"\n${quadratic.replace("param a = 2", "let a = mean(d.v)")}`;
    const from = file("data.blo", source);
    const own = await blo(["run", from, "--json"]);
    expect((parsed(own.out).values as { x: number }).x).toBeCloseTo(1, 5);
    const other = await blo(["run", from, "--json", "--data", `d=${given}`]);
    expect((parsed(other.out).values as { x: number }).x).toBeCloseTo(3, 5);
    const wrong = await blo(["run", from, "--data", `dd=${given}`]);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain("BLO0723");
  });

  it.each([
    [["run"]],
    [["run", "x.blo", "y.blo"]],
    [["runn", "x.blo"]],
    [["run", path, "--nonsense"]],
    [["run", path, "--seed", "abc"]],
    [["run", path, "--seed", "-1"]],
    [["run", path, "--time", "30 parsecs"]],
    [["run", path, "--time", "0"]],
    [["run", path, "--tol", "0"]],
    [["run", path, "--set", "a"]],
    [["run", path, "--set", "a=[1,"]],
    [["run", path, "--set", "a=[[[[1]]]]"]],
    [["run", path, "--set", "b=1"]],
    [["run", path, "--method", "nonsense"]],
    [["run", path, "--opt", "nonsense=1"]],
    [["run", path, "--backend", "quantum"]],
    [["run", path, "--plot", "x.png"]],
    [["run", path, "--trace", "/nonexistent/folder/x.ndjson"]],
    [["run", "-", "--watch"]],
    [["run", "no/such/file.blo"]],
    [["run", root]],
    [["methods", "nonsense"]],
    [["explain", "BLO9999"]],
    [["test", "no/such/folder"]],
    [["init", path]],
    [["fmt", "--check", "--write", path]],
    [["compile", path, "-o", "x.txt"]],
    [[]],
  ])("wrong usage ends with 2 and says so on standard error: %j", async (args) => {
    const { code, out, err } = await blo(args);
    expect(code, err).toBe(2);
    expect(out).toBe("");
    expect(err.length).toBeGreaterThan(10);
    expect(err).not.toContain("    at ");
  });

  it("a limit ends with 6 and keeps the point", async () => {
    const { code, out } = await blo([
      "run",
      file("endless.blo", endless),
      "--json",
      "--iterations",
      "1",
      "--set",
      "n=50",
    ]);
    expect(code).toBe(6);
    const document = resultSchema.parse(parsed(out));
    expect(document.status).toBe("iteration-limit");
    expect(document.values.x).toHaveLength(50);
  });

  it("writes a trace of one JSON object a line, and a plot", async () => {
    const trace = temporary("t.ndjson");
    const plot = temporary("p.svg");
    const { code, err } = await blo(["run", path, "--trace", trace, "--plot", plot]);
    expect([code, err]).toEqual([0, ""]);
    const rows = readFileSync(trace, "utf8").trim().split("\n").map(parsed);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toHaveProperty("stationarity");
    const svg = readFileSync(plot, "utf8");
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    expect(svg).toContain("oracle calls");
    expect(svg).toContain("Quadratic");
  });

  it("both back ends agree", async () => {
    const x = async (kind: string) =>
      (parsed((await blo(["run", path, "--json", "--backend", kind])).out).values as { x: number }).x;
    expect(await x("interpreted")).toBeCloseTo(await x("generated"), 9);
  });
});

describe("signals and pipes", () => {
  /** A run that would go on for long. */
  const running = ["run", file("slow.blo", endless), "--tol", "1e-12"];

  it("Ctrl-C keeps the best point and ends with 130", async () => {
    const ended = await blo([...running, "--json", "--time", "50s"], {
      onStart: (kill) => setTimeout(() => kill("SIGINT"), 1500),
    });
    expect(ended.code).toBe(130);
    expect(ended.seconds).toBeLessThan(15);
    const document = resultSchema.parse(parsed(ended.out));
    expect(document.status).toBe("interrupted");
    expect(document.values.x).toHaveLength(20_000);
  });

  it("a second Ctrl-C ends at once", async () => {
    const ended = await blo([...running, "--time", "50s"], {
      onStart: (kill) => {
        setTimeout(() => kill("SIGINT"), 1500);
        setTimeout(() => kill("SIGINT"), 1510);
      },
    });
    expect(ended.code).toBe(130);
  });

  it("--watch runs again when the file changes, and Ctrl-C ends it", async () => {
    const watched = file("watched.blo", quadratic);
    const child = spawn(process.execPath, [main, "run", watched, "--watch", "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    let rounds = 0;
    child.stdout.on("data", (text) => {
      out += text;
    });
    child.stderr.on("data", (text) => {
      err += text;
      const seen = err.split("watching").length - 1;
      if (seen === rounds) return;
      rounds = seen;
      if (seen === 1) writeFileSync(watched, quadratic.replace("param a = 2", "param a = 6"));
      else child.kill("SIGINT");
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(code).toBe(130);
    const documents = out.split(/^(?=\{)/m).map(parsed);
    expect(documents.map((d) => Math.round((d.values as { x: number }).x))).toEqual([1, 3]);
  });

  it("a reader that goes away is no error", async () => {
    const script = `"${process.execPath}" "${main}" methods --json | head -1; "${process.execPath}" "${main}" run "${path}" --json | true`;
    const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "pipe"] });
    let err = "";
    child.stderr.on("data", (text) => {
      err += text;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect([code, err]).toEqual([0, ""]);
  });
});
