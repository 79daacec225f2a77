/** An experiment's findings as Markdown, as they stand in docs/experiments.md and are printed. */
import type { Experiment, Findings, Table } from "./experiment.js";

function tableText({ caption, head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((c) => c.replaceAll("|", "\\|")).join(" | ")} |`;
  return [`${caption}:`, "", line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function findingsText(experiment: Experiment, { findings, tables }: Findings): string {
  const verdicts = findings.map((f) => `- ${f.published}\n  **${f.agrees ? "Agrees" : "Differs"}**: ${f.ours}`);
  return [
    `### ${experiment.title}`,
    "",
    `\`${experiment.id}\`. ${experiment.paper}. ${experiment.setting}`,
    "",
    ...verdicts,
    ...tables.flatMap((t) => ["", tableText(t)]),
  ].join("\n");
}
