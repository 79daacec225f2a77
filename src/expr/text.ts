/** The graph as text, one line per node in order of evaluation, numbered from 0: for people and for golden tests. */
import type { Attributes, IndexSet, Node } from "./node.js";
import { topological } from "./walk.js";

/** e.g. `%2 = contract(%0, %1) ij,j->i : [3]`, then a line `return %2`. */
export function toText(outputs: readonly Node[]): string {
  const order = topological(outputs);
  const names = new Map<Node, string>(order.map((node, k) => [node, `%${k}`]));
  const lines = order.map((node) => {
    const args = node.args.map((a) => names.get(a)).join(", ");
    const call = node.args.length > 0 ? `${node.op}(${args})` : node.op;
    const details = attributesText(node.attributes);
    return `${names.get(node)} = ${call}${details && ` ${details}`} : [${node.shape.join(", ")}]`;
  });
  return [...lines, `return ${outputs.map((node) => names.get(node)).join(", ")}`].join("\n");
}

function attributesText(a: Attributes): string {
  const parts: string[] = [];
  if (a.value !== undefined) parts.push(String(a.value));
  if (a.tensor) parts.push(a.tensor.name ?? tensorText(a.tensor.values));
  if (a.input) parts.push(a.input.name);
  if (a.axes) parts.push(`axes ${a.axes.join(" ") || "none"}`);
  if (a.axis !== undefined) parts.push(`axis ${a.axis}`);
  if (a.index) parts.push(`at ${indexText(a.index)}`);
  if (a.size !== undefined) parts.push(`of ${a.size}`);
  if (a.labels) {
    const word = (own: readonly number[]): string => own.map((label) => String.fromCharCode(105 + label)).join("");
    parts.push(`${word(a.labels.left)},${word(a.labels.right)}->${word(a.labels.out)}`);
  }
  return parts.join(" ");
}

function tensorText(values: Float64Array): string {
  return values.length <= 6 ? `{${values.join(", ")}}` : `{${values.slice(0, 3).join(", ")}, …}`;
}

function indexText(index: IndexSet): string {
  const mark = index.sample === undefined ? "" : ` sample ${index.sample}`;
  if (index.values) return `{${index.values.slice(0, 6).join(" ")}${index.size > 6 ? " …" : ""}}${mark}`;
  const last = index.start + (index.size - 1) * index.step;
  return `${index.start}..${last}${index.step === 1 || index.size <= 1 ? "" : ` step ${index.step}`}${mark}`;
}
