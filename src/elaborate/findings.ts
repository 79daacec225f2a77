/** Collects what elaboration finds, each finding once, in the order of the source. */
import type { Code, Parameters } from "../base/catalogue/index.js";
import { type Diagnostic, type DiagnosticOptions, diagnostic, type Related } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";

export class Findings {
  private readonly found = new Map<string, Diagnostic>();
  /** Calls of user functions that are being expanded, outermost first. */
  private readonly calls: { readonly name: string; readonly span: Span }[] = [];

  report<C extends Code>(code: C, parameters: Parameters<C>, options: DiagnosticOptions = {}): undefined {
    const innermost = this.calls[this.calls.length - 1];
    const called: Related[] = innermost
      ? [{ span: innermost.span, message: `\`${innermost.name}\` is called here` }]
      : [];
    this.add(diagnostic(code, parameters, { ...options, related: [...(options.related ?? []), ...called] }));
    return undefined;
  }

  add(d: Diagnostic): void {
    const key = `${d.code}|${d.span?.start}|${d.span?.end}|${d.message}`;
    if (!this.found.has(key)) this.found.set(key, d);
  }

  /** Expands a call: what is found meanwhile also points at the call. */
  within<T>(name: string, span: Span, expand: () => T): T {
    this.calls.push({ name, span });
    try {
      return expand();
    } finally {
      this.calls.pop();
    }
  }

  /** Reports about the outermost call being expanded, if there is one, instead of the place at hand. */
  atOutermost(span: Span, report: (span: Span) => undefined): undefined {
    const calls = this.calls.splice(0);
    report(calls[0]?.span ?? span);
    this.calls.push(...calls);
    return undefined;
  }

  /** Names of the functions being expanded, outermost first. */
  get expanding(): readonly string[] {
    return this.calls.map((c) => c.name);
  }

  get hasErrors(): boolean {
    return [...this.found.values()].some((d) => d.severity === "error");
  }

  /** By place; findings without a place first. */
  sorted(): Diagnostic[] {
    return [...this.found.values()].sort((a, b) => (a.span?.start ?? -1) - (b.span?.start ?? -1));
  }
}
