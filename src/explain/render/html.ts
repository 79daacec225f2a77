/** Sections as one page that stands on its own: formulas set by KaTeX, its fonts inside, nothing fetched, no script. */
import type { Derivation } from "../../base/derivation.js";
import { frame } from "../../base/frame.js";
import { assertNever } from "../../base/never.js";
import { plain } from "../../base/paint.js";
import type { Source } from "../../base/source.js";
import { version } from "../../base/version.js";
import { escapeHtml } from "../../compare/html.js";
import type { Block, Fact, Section } from "../document.js";
import { breaksSomewhere } from "./derivations.js";
import type { DocumentOptions } from "./latex.js";
import { explainStyle } from "./style.js";

export interface PageOptions extends DocumentOptions {
  /** Where the spans of derivations are. */
  readonly source?: Source | undefined;
}

type Katex = typeof import("../vendor/katex.js");

const frameWidth = 100;

export async function htmlPage(sections: readonly Section[], options: PageOptions = {}): Promise<string> {
  const katex = await import("../vendor/katex.js");
  const { title = "Explanation" } = options;
  const writer = new PageWriter(katex, options);
  const body = sections.map((s) => writer.section(s)).join("\n");
  const contents = sections.map((s) => `<a href="#${escapeHtml(s.id)}">${escapeHtml(capital(s.title))}</a>`).join(" ");
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>`;
  return `<!doctype html>
<html lang="en"><head>${head}<style>${formulaStyle(katex, body)}${explainStyle}</style></head>
<body><main><header><h1>${escapeHtml(title)}</h1><nav>${contents}</nav></header>
${body}
<footer>blo ${version}</footer></main></body></html>
`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The style sheet with those of its fonts that the page uses, as data; the others are left out. */
function formulaStyle({ style, fonts }: Katex, body: string): string {
  const faces: string[] = [];
  const rules = style.replace(/@font-face\{[^}]*\}/g, (face) => {
    const [, file] = /KaTeX_([\w-]+)\.woff2/.exec(face) ?? [];
    const data = file === undefined ? undefined : fonts[file];
    if (data !== undefined && isUsed(file, body))
      faces.push(face.replace(/src:[^}]*/, `src:url(data:font/woff2;base64,${data}) format("woff2")`));
    return "";
  });
  return faces.join("") + rules;
}

/** Classes of KaTeX that ask for a font. */
const asking: Readonly<Record<string, RegExp>> = {
  "Main-Regular": /class="katex"/,
  "Main-Bold": /\b(mathbf|textbf)\b/,
  "Main-Italic": /\b(mathit|textit)\b/,
  "Math-Italic": /\bmathnormal\b/,
  "Size1-Regular": /\b(size1|small-op|delim-size1)\b/,
  "Size2-Regular": /\b(size2|large-op)\b/,
  "Size3-Regular": /\bsize3\b/,
  "Size4-Regular": /\b(size4|delim-size4)\b/,
};

function isUsed(file: string, body: string): boolean {
  return asking[file]?.test(body) ?? false;
}

class PageWriter {
  constructor(
    private readonly katex: Katex,
    private readonly options: PageOptions,
  ) {}

  section({ id, title, blocks }: Section): string {
    let caption: string | undefined;
    const parts = blocks.map((block) => {
      const name = block.kind === "formula" ? block.name : undefined;
      const head = name !== undefined && name !== caption ? `<h3>${escapeHtml(name)}</h3>` : "";
      caption = name;
      return head + this.block(block);
    });
    return `<section id="${escapeHtml(id)}"><h2>${escapeHtml(capital(title))}</h2>\n${parts.join("\n")}</section>`;
  }

  private block(block: Block): string {
    switch (block.kind) {
      case "text":
        return `<p>${spoken(block.text)}</p>`;
      case "formula":
        return `<div class="formula" tabindex="0">${this.formula(block.formula.tex)}</div>`;
      case "lines":
        return `<pre>${block.lines.map(escapeHtml).join("\n")}</pre>`;
      case "facts":
        return `<dl>${block.rows.map(factHtml).join("\n")}</dl>`;
      case "table":
        return tableHtml(block.columns, block.rows);
      case "derivation":
        return `<ul class="derivation">${this.derivation(block.derivation)}</ul>`;
      default:
        return assertNever(block);
    }
  }

  private formula(tex: string): string {
    return this.katex.renderToString(tex, { displayMode: true, throwOnError: true, strict: "ignore" });
  }

  private derivation(d: Derivation): string {
    const { source, derivations } = this.options;
    const rule = d.rule === undefined ? "" : ` <small>${spoken(d.rule)}</small>`;
    const place =
      d.breaks && d.span && source
        ? `<pre>${escapeHtml(frame(source, d.span, { width: frameWidth, paint: plain, accent: (t) => t, mark: "^" }).join("\n"))}</pre>`
        : "";
    const statement = `<span${d.breaks ? ' class="bad"' : ""}>${spoken(d.statement)}</span>${rule}${place}`;
    if (d.premises.length === 0) return `<li>${statement}</li>`;
    const open = derivations === true || d.premises.some(breaksSomewhere) ? " open" : "";
    const premises = d.premises.map((p) => this.derivation(p)).join("");
    return `<li><details${open}><summary>${statement}</summary><ul>${premises}</ul></details></li>`;
  }
}

/** Sentences, in which code stands between backticks. */
function spoken(text: string): string {
  return text
    .split("`")
    .map((part, k) => (k % 2 === 1 ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join("");
}

function factHtml({ term, value, why, mood }: Fact): string {
  const mark = mood === "good" ? '<span class="good">✓</span> ' : mood === "bad" ? '<span class="bad">✗</span> ' : "";
  const reason = why === undefined ? "" : ` <span class="why">${escapeHtml(why)}</span>`;
  return `<div><dt>${mark}${escapeHtml(term)}</dt><dd>${escapeHtml(value)}${reason}</dd></div>`;
}

function tableHtml(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((c) => `<th scope="col">${escapeHtml(c)}</th>`).join("");
  const body = rows
    .map(
      (r) =>
        `<tr>${r.map((c, j) => `<td data-head="${escapeHtml(columns[j] ?? "")}">${escapeHtml(c)}</td>`).join("")}</tr>`,
    )
    .join("\n");
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}
