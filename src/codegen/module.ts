/**
 * A standalone ES module from a problem: text that needs nothing else, with the functions of both levels over flat
 * Float64Arrays. Words of the source appear in it only as JSON strings inside `layout` and the lists of constraint names.
 */
import { gradient, jacobianRows, jvp } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { Constraint, Problem, Variable } from "../model/problem.js";
import { constantText, decoderText, jsonText } from "./embed.js";
import { emit, type KernelText } from "./emit.js";
import { bodyText, helperText } from "./link.js";
import { Captures } from "./memory.js";
import { moduleTypes } from "./moduleTypes.js";
import { Normaliser } from "./normalise.js";

export interface ModuleText {
  /** The module (.mjs or .js). */
  readonly code: string;
  /** Its declarations (.d.mts or .d.ts). */
  readonly types: string;
}

interface Entry {
  readonly name: string;
  readonly inputs: readonly InputBlock[];
  readonly output: Node;
  readonly size: number;
}

export function emitModule(problem: Problem): ModuleText {
  const captures = new Captures();
  const normaliser = new Normaliser();
  const helpers = new Set<string>();
  const { builder: b, upper, lowers } = problem;
  const written = (objective: Node, sense: Sense) => (sense === "maximize" ? b.neg(objective) : objective);
  const levels = [
    levelText("upper", written(upper.objective, upper.sense), upper.constraints),
    levelText(
      "lower",
      written(problem.lowerObjective, lowerSense(problem)),
      lowers.flatMap((l) => l.constraints),
    ),
  ];

  function levelText(name: string, objective: Node, constraints: readonly Constraint[]): string {
    const entries = entriesOf(problem, objective, constraints);
    const kernels = entries.map(({ name: query, inputs, output }) =>
      emit({ name: `${name}_${query}`, inputs, outputs: [output], captures }, normaliser),
    );
    for (const kernel of kernels) for (const helper of kernel.helpers) helpers.add(helper);
    const rows = constraints.flatMap((c) => Array.from({ length: c.rows }, () => c));
    const methods = entries.map((entry, k) => methodText(entry, kernels[k]));
    return [
      ...kernels.map((kernel) => `const ${kernel.name} = (() => {\n${bodyText(kernel)}\n})();`),
      `export const ${name} = {`,
      ...methods,
      `constraintKinds: ${jsonText(rows.map((c) => c.kind))},`,
      `constraintNames: ${jsonText(rows.map((c) => c.name))},`,
      "};",
    ].join("\n");
  }

  const constants = captures.list.map(({ name, values }) => `const ${name} = ${constantText(values)};`);
  const code = [
    "// Made by blo compile: functions of a bilevel problem over flat Float64Arrays.",
    "// Objectives are as written; layout says of each level whether its objective is to be minimised or maximised.",
    `export const layout = ${jsonText(layoutOf(problem))};`,
    ...(constants.some((line) => line.includes("decode(")) ? [decoderText] : []),
    ...constants,
    ...[...helpers].map(helperText),
    ...levels,
    "",
  ].join("\n");
  return { code, types: moduleTypes };
}

function entriesOf(problem: Problem, objective: Node, constraints: readonly Constraint[]): Entry[] {
  const { builder: b, x, y } = problem;
  const v: InputBlock = { name: "v", size: y.size };
  const direction = new Map([[y, b.input(v)]]);
  const [gradX, gradY] = gradient(b, objective, [x, y]);
  const [hvpYY, jvpXY] = jvp(b, [gradY, gradX], direction);
  const at = [x, y];
  const entries: Entry[] = [
    { name: "objective", inputs: at, output: objective, size: 1 },
    { name: "gradX", inputs: at, output: gradX, size: x.size },
    { name: "gradY", inputs: at, output: gradY, size: y.size },
    { name: "hvpYY", inputs: [...at, v], output: hvpYY, size: y.size },
    { name: "jvpXY", inputs: [...at, v], output: jvpXY, size: x.size },
  ];
  const bodies = constraints.map((c) => b.reshape(c.body, [c.rows]));
  const rows = bodies.length === 0 ? b.zeros([0]) : b.concat(bodies, 0);
  const count = rows.shape[0];
  const jacobian = (block: InputBlock) => (count === 0 ? b.zeros([0, block.size]) : jacobianRows(b, rows, block));
  entries.push(
    { name: "constraints", inputs: at, output: rows, size: count },
    { name: "constraintsJacobianX", inputs: at, output: jacobian(x), size: count * x.size },
    { name: "constraintsJacobianY", inputs: at, output: jacobian(y), size: count * y.size },
  );
  return entries;
}

function methodText({ name, inputs, size }: Entry, kernel: KernelText): string {
  const args = inputs.map((_, k) => ["x", "y", "v"][k]).join(", ");
  const out = `new Float64Array(${size})`;
  if (name === "objective") return `${name}(${args}) { return ${kernel.name}(${args}, ${out}); },`;
  return `${name}(${args}, out = ${out}) { ${kernel.name}(${args}, out); return out; },`;
}

type Sense = "minimize" | "maximize";

/** Followers who all maximise maximise the sum of what they wrote; else the sum is of what each minimises. */
function lowerSense(problem: Problem): Sense {
  return problem.lowers.every((l) => l.sense === "maximize") ? "maximize" : "minimize";
}

function layoutOf(problem: Problem) {
  const variable = ({ name, level, follower, shape, offset, size }: Variable) => ({
    name,
    level,
    ...(follower === undefined ? {} : { follower: problem.lowers[follower].name }),
    shape,
    offset,
    size,
  });
  return {
    problem: problem.name,
    n: problem.x.size,
    m: problem.y.size,
    upper: { sense: problem.upper.sense, variables: problem.upper.variables.map(variable) },
    lower: {
      sense: lowerSense(problem),
      variables: problem.lowers.flatMap((l) => l.variables).map(variable),
    },
  };
}
