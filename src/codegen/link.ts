/** Turns the text of a kernel into a function. */
import { eliminate } from "./eliminate.js";
import type { KernelText } from "./emit.js";
import type { Kernel } from "./kernel.js";
import { helperFunctions } from "./rules.js";

/** The text of a helper function under its own name. */
export function helperText(name: string): string {
  const fn = name === "eliminate" ? eliminate : helperFunctions.get(name);
  if (!fn) throw new Error(`no helper function ${name}`);
  return `const ${name} = ${fn.toString()};`;
}

/** What surrounds a kernel's own function: scratch, and the parts that it is split into. */
export function bodyText(kernel: KernelText): string {
  const { name, parameters, parts, spilled, buffers, aliases, result } = kernel;
  const head = [
    ...buffers.map((size, k) => `const q${k} = new Float64Array(${size});`),
    ...(spilled > 0 ? [`const S = new Float64Array(${spilled});`] : []),
    ...aliases,
  ];
  const list = parameters.join(", ");
  const value = result ? `${result.array}[${result.offset}]` : "0";
  const text: string[] = [...head];
  if (parts.length === 1) {
    text.push(`return function ${name}(${list}) {`, parts[0].trimEnd(), `return ${value};`, "};");
  } else {
    parts.forEach((part, k) => {
      text.push(`function part${k}(${list}) {`, part.trimEnd(), "}");
    });
    text.push(`return function ${name}(${list}) {`);
    parts.forEach((_, k) => {
      text.push(`part${k}(${list});`);
    });
    text.push(`return ${value};`, "};");
  }
  return text.join("\n");
}

export function kernelSource(kernel: KernelText): string {
  const constants = kernel.constants.map(({ name }, k) => `const ${name} = C[${k}];`);
  return ['"use strict";', ...constants, ...kernel.helpers.map(helperText), bodyText(kernel)].join("\n");
}

/** Compiles the text. The constants go in by reference: tables that change between calls are read anew. */
export function link(kernel: KernelText): Kernel {
  const factory = new Function("C", kernelSource(kernel)) as (constants: readonly ArrayLike<number>[]) => Kernel;
  return factory(kernel.constants.map(({ values }) => values));
}
