/** All commands: arguments, flags, examples. Help is generated from here; docs/command-line.md describes the whole. */
import type { Command, Flag } from "./command.js";
import * as compareFlags from "./compareFlags.js";
import * as read from "./flags.js";
import { templateNames } from "./templates/names.js";

const set: Flag = { flags: "--set <name=value>", doc: "value of a param (repeatable)", read: read.override };
const data: Flag = { flags: "--data <name=path>", doc: "file of a data declaration (repeatable)", read: read.dataPath };
const problemFlags = [set, data];
const budgetFlags: readonly Flag[] = [
  { flags: "--seed <n>", doc: "seed of the random numbers", read: read.seed },
  { flags: "--time <duration>", doc: "stop after 30s, 2min, 1h …", read: read.duration },
  { flags: "--tol <number>", doc: "relative tolerance on stationarity", read: read.positive },
  { flags: "--iterations <n>", doc: "stop after so many outer iterations", read: read.count },
  { flags: "--calls <n>", doc: "stop after so many oracle calls", read: read.positive },
];
const method: Flag = { flags: "--method <id>", doc: "method to use (default: chosen; see blo methods)" };
const quick: Flag = {
  flags: "--quick",
  doc: "without a method: stop at the first certified answer, which may be a local one",
};
const pieceFlags: readonly Flag[] = [
  { flags: "--lower <id>", doc: "put a method together: its lower map (see blo methods --pieces)" },
  { flags: "--estimator <id>", doc: "its estimator of the hypergradient (default with --lower, --outer: cg)" },
  { flags: "--outer <id>", doc: "its outer rule" },
  { flags: "--surrogate <id>", doc: "a surrogate of x and y in place of lower map and estimator" },
  { flags: "--field <id>", doc: "a field that minibatches estimate, in place of all three" },
  { flags: "--sampling <id>", doc: "how terms are read: minibatch, full; with --field also saga, spider …" },
];
const presolveFlags: readonly Flag[] = [
  { flags: "--presolve", doc: "make the problem smaller first for a method that is named, too" },
  { flags: "--no-presolve", doc: "run on the problem as it is written" },
];
const opt: Flag = { flags: "--opt <name=value>", doc: "option of the method (repeatable)", read: read.option };
const backend: Flag = {
  flags: "--backend <kind>",
  doc: "generated code or an interpreter",
  read: read.oneOf("generated", "interpreted"),
};
const json: Flag = { flags: "--json", doc: "one JSON document on standard output" };
const quiet: Flag = { flags: "-q, --quiet", doc: "no progress on standard error" };
const file = { name: "<file>", doc: "problem file; - reads standard input" };
const files = { name: "<files...>", doc: "problem files; - reads standard input" };

export const commands: readonly Command[] = [
  {
    name: "run",
    summary: "solve a problem and certify the answer",
    arguments: [file],
    flags: [
      method,
      quick,
      ...pieceFlags,
      opt,
      { flags: "--theory", doc: "options that are not given by the method's analysis and the problem's constants" },
      ...presolveFlags,
      ...problemFlags,
      ...budgetFlags,
      json,
      { flags: "--trace <path>", doc: "write one JSON line per iteration" },
      { flags: "--plot <path.svg>", doc: "draw the convergence" },
      {
        flags: "--measures <list>",
        doc: "follow the run by measures of stationarity: hypergradient,gap …",
        read: read.words,
      },
      { flags: "--measure-every <k>", doc: "at every k-th iteration instead of the trace's rows", read: read.count },
      {
        flags: "--noise <level=sigma,…>",
        doc: "additive noise on what the method sees, for experiments: upper=0.1,lower=0.1 (and products=0)",
        read: read.noise,
      },
      { flags: "--watch", doc: "run again whenever the file changes" },
      { flags: "--verbose", doc: "also what passed checks say, and what became of other methods" },
      quiet,
      backend,
    ],
    examples: [
      ["blo run quadratic.blo", "solve"],
      ["blo run toll.blo --set k=5 --seed 2 --time 30s", "another parameter, seed and budget"],
      ["blo run quadratic.blo --method f2ba --opt lambda=1000", "choose and set the method"],
      ["blo run quadratic.blo --lower nesterov --estimator cg --outer adam", "put a method together"],
      ["cat quadratic.blo | blo run - --json", "one document, for programs"],
    ],
    load: async () => (await import("./commands/run.js")).run,
  },
  {
    name: "compare",
    summary: "run several methods with equal budgets and compare what they reach",
    arguments: [file],
    flags: [
      {
        flags: "--methods <ids>",
        doc: "methods, as in aid-auto,f2ba (default: all that fit)",
        read: compareFlags.methodList,
      },
      {
        flags: "--seeds <list>",
        doc: "1..5 for five seeds, 1,3,7 for three, 5 for seed 5 alone (default: 1..5)",
        read: compareFlags.seeds,
      },
      {
        flags: "--budget <limit>",
        doc: "of each run: calls=1e4, time=20s or iterations=100 (repeatable; default: calls=1e4, and never more than time=60s unless given)",
        read: compareFlags.budget,
      },
      { flags: "--tol <number>", doc: "relative tolerance on stationarity", read: read.positive },
      {
        flags: "--opt <method.name=value>",
        doc: "option of one of the methods, as in f2ba.lambda=100 (repeatable)",
        read: compareFlags.methodOption,
      },
      {
        flags: "--spread <number>",
        doc: "draw each seed's start around the written one (standard deviation, times max(1, |entry|); default: 0)",
        read: compareFlags.notNegative,
      },
      ...problemFlags,
      { flags: "--out <folder>", doc: "write compare.json, compare.svg and compare.html there" },
      {
        flags: "--json <path>",
        doc: "write the JSON document; - is standard output, in place of the table",
        read: compareFlags.pathEnding(".json", true),
      },
      { flags: "--svg <path.svg>", doc: "draw the convergence", read: compareFlags.pathEnding(".svg") },
      {
        flags: "--html <path.html>",
        doc: "write one page with table and plots that stands on its own",
        read: compareFlags.pathEnding(".html"),
      },
      quiet,
      backend,
    ],
    examples: [
      ["blo compare quadratic.blo", "all methods that fit"],
      ["blo compare toll.blo --methods aid-auto,f2ba --seeds 1..5 --budget calls=1e4", "two of them"],
      ["blo compare toll.blo --methods aid-auto,f2ba --opt f2ba.lambda=100 --out results", "an option, and files"],
    ],
    load: async () => (await import("./commands/compare.js")).compare,
  },
  {
    name: "check",
    summary: "find mistakes without running: names, levels, shapes, data",
    arguments: [files],
    flags: [
      ...problemFlags,
      { flags: "--derivatives", doc: "compare the derivatives with differences and a second engine" },
      { flags: "--lint", doc: "also what may not have been meant: several lower solutions, jumps, scales …" },
      json,
      { flags: "--sarif", doc: "a SARIF 2.1.0 log on standard output" },
    ],
    examples: [
      ["blo check quadratic.blo", "mistakes with their places"],
      ["blo check --derivatives quadratic.blo", "are the derivatives right?"],
      ["blo check --lint quadratic.blo", "is the problem what was meant?"],
    ],
    load: async () => (await import("./commands/check.js")).check,
  },
  {
    name: "explain",
    summary: "a problem as mathematics, its class, and which methods fit; or what a message means",
    arguments: [{ name: "<file-or-code>", doc: "a problem file, or a code such as BLO0312" }],
    flags: [
      ...problemFlags,
      { flags: "--only <ids>", doc: "only these sections, separated by commas", read: read.words },
      { flags: "--method <id>", doc: "what this method does on the problem, with the formulas it uses" },
      { flags: "--derivations", doc: "why each statement holds, step by step" },
      { flags: "--latex [path]", doc: "a LaTeX document (default: standard output)" },
      { flags: "--html [path]", doc: "a page that stands on its own (default: standard output)" },
      json,
    ],
    examples: [
      ["blo explain toll.blo", "levels, derivatives, conditions, methods that fit"],
      ["blo explain toll.blo --only hypergradient", "one section"],
      ["blo explain toll.blo --method f2ba", "what a method does on this problem"],
      ["blo explain toll.blo --html toll.html", "the same as a page"],
      ["blo explain BLO0201", "what a message means and how to mend it"],
    ],
    load: async () => (await import("./commands/explain.js")).explain,
  },
  {
    name: "methods",
    summary: "list the methods, or describe one",
    arguments: [{ name: "[id]", doc: "a method" }],
    flags: [{ flags: "--pieces", doc: "the pieces that methods are put together from" }, json],
    examples: [
      ["blo methods", "all of them"],
      ["blo methods --pieces", "lower maps, estimators, outer rules, surrogates, fields, sampling rules"],
      ["blo methods f2ba", "formulas, parameters, assumptions, known failures"],
    ],
    load: async () => (await import("./commands/methods.js")).methods,
  },
  {
    name: "test",
    summary: "solve problems and compare with their expect blocks",
    arguments: [{ name: "<paths...>", doc: "problem files and folders" }],
    flags: [
      {
        flags: "--known <path.json>",
        doc: "compare with best known values, a list of { name, bestF }, in place of expect blocks",
      },
      { flags: "--better <path.md>", doc: "with --known: write certified points that are better than known ones" },
      method,
      quick,
      ...pieceFlags,
      opt,
      ...presolveFlags,
      ...budgetFlags,
      json,
      quiet,
      backend,
    ],
    examples: [
      ["blo test examples", "every .blo file below a folder"],
      ["blo test library --known best.json", "a table beside the best known values"],
    ],
    load: async () => (await import("./commands/test.js")).test,
  },
  {
    name: "fmt",
    summary: "print a problem in the canonical layout",
    arguments: [files],
    flags: [
      { flags: "-w, --write", doc: "rewrite the files" },
      { flags: "--check", doc: "only say which files are laid out differently (exit code 3)" },
    ],
    examples: [
      ["blo fmt quadratic.blo", "to standard output"],
      ["blo fmt -w *.blo", "in place"],
    ],
    load: async () => (await import("./commands/fmt.js")).fmt,
  },
  {
    name: "compile",
    summary: "write a standalone ES module with the problem's functions and derivatives",
    arguments: [file],
    flags: [...problemFlags, { flags: "-o, --out <path.mjs>", doc: "where to (types go beside it; default: stdout)" }],
    examples: [["blo compile quadratic.blo -o quadratic.mjs", "and quadratic.d.mts"]],
    load: async () => (await import("./commands/compile.js")).compile,
  },
  {
    name: "init",
    summary: "start a problem from a commented template",
    arguments: [{ name: "[path]", doc: "file to write (default: problem.blo)" }],
    flags: [
      {
        flags: "--from <template>",
        doc: `one of ${templateNames.join(", ")}`,
        read: read.oneOf(...templateNames),
      },
    ],
    examples: [["blo init mine.blo --from ridge", "hyperparameters"]],
    load: async () => (await import("./commands/init.js")).init,
  },
];
