/** A comparison as one HTML page that stands on its own: no script, no font, nothing that is fetched. */
import { version } from "../base/version.js";
import { headingOf, panelSvg, panelsOf } from "./plot.js";
import { pageStyle } from "./style.js";
import { amount, budgetWords, referenceWords, runsTableOf, seedWords, type Table, tableOf } from "./table.js";
import type { Comparison, MethodSummary } from "./types.js";

export interface PageOptions {
  /** Path of the source, and the hash of its text. */
  readonly file?: string | undefined;
  readonly sha256?: string | undefined;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in an element or an attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c]);

const capital = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`;

function tableHtml({ columns, rows }: Table): string {
  const heads = columns.map(
    (c) => `<th scope="col" class="${c.align}" title="${escapeHtml(c.doc)}">${escapeHtml(c.head)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map(({ text, best }, j) => {
      const { head, align } = columns[j];
      return `<td class="${align}${best ? " best" : ""}" data-head="${escapeHtml(head)}">${escapeHtml(text)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
}

function methodList(methods: readonly MethodSummary[]): string {
  const items = methods.map(({ label, method, title, given }) => {
    const options = Object.entries(given).map(([name, value]) => `${name} = ${value}`);
    const name = label === method ? label : `${label} (${method})`;
    return `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(title)}${options.length > 0 ? `; ${escapeHtml(options.join(", "))}` : ""}</dd>`;
  });
  return `<dl>${items.join("\n")}</dl>`;
}

export async function comparisonPage(comparison: Comparison, options: PageOptions = {}): Promise<string> {
  const order = comparison.methods.map((m) => m.label);
  const figures: string[] = [];
  for (const panel of panelsOf(comparison))
    figures.push(
      `<figure><figcaption>${escapeHtml(headingOf(panel))}</figcaption>${embedded(await panelSvg(panel, order), headingOf(panel), figures.length)}</figure>`,
    );
  const { methods, skipped, seeds, spread, tolerance } = comparison;
  const table = tableOf(comparison);
  const title = `Comparison: ${comparison.problem}`;
  const source = [
    options.file === undefined ? "" : `File ${escapeHtml(options.file)}`,
    options.sha256 === undefined ? "" : `SHA-256 of the source ${options.sha256}`,
    `Blo ${version}`,
  ].filter((t) => t !== "");
  const start = spread > 0 ? `starts spread by ${spread} around the written one` : "the written start";
  const sections = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>Each run had ${escapeHtml(budgetWords(comparison))}, tolerance ${amount(tolerance)}, ${escapeHtml(seedWords(seeds))}, ${start}. ${escapeHtml(capital(referenceWords(comparison)))}</p>`,
    comparison.interrupted ? "<p><strong>Interrupted: only completed runs count.</strong></p>" : "",
    "<h2>Methods</h2>",
    tableHtml(table),
    `<p class="note">Numbers are medians over the seeds${methods.length > 1 ? "; the best of a column is bold" : ""}. A gradient counts one call, a second-order product two. What is measured here was computed after each run by solvers of its own and counts against nobody.</p>`,
    "<h2>Convergence</h2>",
    figures.length > 0
      ? `<div class="plots">${figures.join("\n")}</div><p class="note">Lines are medians over the seeds, bands lie between the quartiles. A run that ended keeps its last value.</p>`
      : "<p>Nothing could be measured.</p>",
    "<h2>What took part</h2>",
    methodList(methods),
    skipped.length > 0
      ? `<h2>What does not fit</h2><dl>${skipped.map((s) => `<dt>${escapeHtml(s.method)}</dt><dd>${escapeHtml(s.reasons.join("; "))}</dd>`).join("\n")}</dl>`
      : "",
    "<h2>Columns</h2>",
    `<dl>${table.columns.map((c) => `<dt>${escapeHtml(c.head)}</dt><dd>${escapeHtml(c.doc)}</dd>`).join("\n")}</dl>`,
    "<h2>All runs</h2>",
    tableHtml(runsTableOf(comparison)),
    `<p class="note">${source.join(". ")}.</p>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
${sections.filter((s) => s !== "").join("\n")}
</body>
</html>
`;
}

/** An SVG for the inside of a page: a name for readers who do not see it, no wider than it was drawn, ids that no other has. */
function embedded(svg: string, title: string, number: number): string {
  return svg
    .replaceAll(/( id="|url\(#)/g, `$1plot${number}-`)
    .replace(/^<\?xml[^>]*>\s*/, "")
    .replace(/<svg /, `<svg role="img" aria-label="${escapeHtml(title)}" `)
    .replace(/(<svg [^>]*?) width="([\d.]+)" height="[\d.]+"/, '$1 style="max-width:$2px"');
}
