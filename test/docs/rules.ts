/** The table of what a plain run tries, and the stages of its portfolio, as Markdown. */
import { stages } from "../../src/methods/singleLevel/portfolio/order.js";
import { rules } from "../../src/solve/rules.js";

const first = (text: string): string => text[0].toUpperCase() + text.slice(1);

export function rulesTable(): string {
  const rows = rules.map(
    ({ when, part, methods }) =>
      `| ${first(when)} | ${part} | ${methods.map(({ method }) => `[${method}](methods/${method}.md)`).join(", ")} |`,
  );
  return `\n${["| where | part | methods, in order |", "| --- | --- | --- |", ...rows].join("\n")}\n`;
}

export function stageList(): string {
  return `\n${stages.map(({ name, what }, k) => `${k + 1}. ${name}: ${what}`).join("\n")}\n`;
}
