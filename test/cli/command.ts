/** Runs the built command as a process. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Another build may be named, so that the tests can run while dist/ is being made. */
export const main = process.env.BLO_MAIN ?? join(root, "dist", "cli", "main.js");
if (!existsSync(main)) throw new Error(`${main} is missing: npm run build makes it`);

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
}

export interface StartOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets a function that sends a signal to the process. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => unknown;
}

export function blo(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  const began = performance.now();
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd ?? root,
    env: { ...env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  options.onStart?.((signal) => void child.kill(signal));
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ code, signal, out, err, seconds: (performance.now() - began) / 1000 });
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), "blo-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A path in a folder that is removed after the tests. */
export const temporary = (name: string): string => join(folder, name);

export function file(name: string, content: string | Uint8Array): string {
  const path = temporary(name);
  writeFileSync(path, content);
  return path;
}

export const quadratic = `problem "Quadratic"
param a = 2
upper {
  var x in [-10, 10] init 1
  minimize (x - a)^2 + y^2
}
lower {
  var y
  minimize (y - x)^2
}
expect { x = a / 2 within 1e-6 }
`;

/** A chained Rosenbrock function with ripples in 20,000 variables: minutes of iterations. */
export const endless = `problem "Endless"
param n = 20000
upper {
  var x[n] init -1.2
  minimize sum(i in 1..n-1: 100 * (x[i+1] - x[i]^2)^2 + (1 - x[i])^2 + 0.1 * sin(i * x[i])) + 1e-3 * sumsq(y)
}
lower {
  var y[n]
  minimize sum(i in 1..n: exp(0.1 * y[i]) + exp(-0.1 * y[i])) + 0.5 * sumsq(y - x)
}
`;
