/**
 * Diagnostics as a SARIF log (OASIS Static Analysis Results Interchange Format 2.1.0), for code hosts and editors.
 * The rules are the catalogue's entries for the codes that occur.
 */

import type { Diagnostic, Severity } from "./diagnostic.js";
import { entryOf } from "./explain.js";
import type { Source } from "./source.js";
import type { Span } from "./span.js";

type Level = "error" | "warning" | "note";
const levels: Readonly<Record<Severity, Level>> = { error: "error", warning: "warning", info: "note" };

export interface SarifLocation {
  readonly message?: { readonly text: string };
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: Readonly<Record<string, number>>;
  };
}

export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly version: string;
        readonly rules: readonly Readonly<Record<string, unknown>>[];
      };
    };
    readonly columnKind: "utf16CodeUnits";
    readonly results: readonly Readonly<Record<string, unknown>>[];
  }[];
}

/** A path as a relative or absolute URI reference: separators stay, everything that is special in a URI is escaped. */
function uri(path: string): string {
  const slashed = path.replaceAll("\\", "/");
  const escaped = encodeURI(slashed.replace(/[\ud800-\udfff]/gu, "�"))
    .replaceAll("#", "%23")
    .replaceAll("?", "%3F");
  return slashed.startsWith("/") ? `file://${escaped}` : escaped;
}

function location(source: Source, span: Span): SarifLocation["physicalLocation"] {
  const start = source.position(span.start);
  const end = source.position(span.end);
  return {
    artifactLocation: { uri: uri(source.name) },
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
      charOffset: span.start,
      charLength: span.end - span.start,
    },
  };
}

function locations(d: Diagnostic, source: Source | undefined): SarifLocation[] {
  if (d.span && source) return [{ physicalLocation: location(source, d.span) }];
  if (!d.at) return source ? [{ physicalLocation: { artifactLocation: { uri: uri(source.name) } } }] : [];
  const region = d.at.row === undefined ? {} : { region: { startLine: d.at.row } };
  return [{ physicalLocation: { artifactLocation: { uri: uri(d.at.file) }, ...region } }];
}

/** The log of one run over one problem file. */
export function toSarif(diagnostics: readonly Diagnostic[], source: Source | undefined, version: string): SarifLog {
  const used = [...new Set(diagnostics.map((d) => d.code))].sort();
  const index = new Map(used.map((code, i) => [code, i]));
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "blo",
            version,
            rules: used.map((code) => {
              const { severity, title, page, hint } = entryOf(code);
              return {
                id: code,
                shortDescription: { text: title },
                help: { text: page, markdown: page },
                defaultConfiguration: { level: levels[severity] },
                ...(hint ? { fullDescription: { text: hint } } : {}),
              };
            }),
          },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((d) => ({
          ruleId: d.code,
          ruleIndex: index.get(d.code),
          level: levels[d.severity],
          message: { text: d.hint ? `${d.message}\n${d.hint}` : d.message },
          locations: locations(d, source),
          ...(source && d.related.length > 0
            ? {
                relatedLocations: d.related.map((r, id) => ({
                  id,
                  message: { text: r.message },
                  physicalLocation: location(source, r.span),
                })),
              }
            : {}),
        })),
      },
    ],
  };
}
