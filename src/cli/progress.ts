/** Progress on standard error: one line that is rewritten on a terminal, a plain line every few seconds elsewhere. */
import { cutTo } from "../base/width.js";
import type { TraceRow } from "../methods/result.js";
import type { Terminal } from "./terminal.js";
import { number, short } from "./words.js";

const rewriteEvery = 100;
const lineEvery = 5000;

export class Progress {
  private readonly terminal: Terminal;
  private readonly quiet: boolean;
  private last: number;
  private shown = false;

  constructor(terminal: Terminal, quiet: boolean) {
    this.terminal = terminal;
    this.quiet = quiet;
    this.last = performance.now();
  }

  /** Called after every iteration; costs a look at the clock. */
  update(row: TraceRow): void {
    if (this.quiet) return;
    const now = performance.now();
    const { terminal } = this;
    if (now - this.last < (terminal.interactive ? rewriteEvery : lineEvery)) return;
    this.last = now;
    const parts = [`iteration ${row.iteration}`];
    if (Number.isFinite(row.value)) parts.push(`value ${short(row.value)}`);
    if (Number.isFinite(row.stationarity)) parts.push(`stationarity ${short(row.stationarity)}`);
    parts.push(`${number(row.calls, 6)} calls`, `${row.seconds.toFixed(1)} s`);
    this.line(parts.join("  "));
  }

  /** A line for work that is not iterations; the text is made only where it is shown. */
  news(text: () => string): void {
    if (this.quiet) return;
    const now = performance.now();
    if (now - this.last < (this.terminal.interactive ? rewriteEvery : lineEvery)) return;
    this.last = now;
    this.line(text());
  }

  /** A stage without iterations, such as the certificate. */
  stage(text: string): void {
    if (!this.quiet && this.terminal.interactive) this.line(text);
  }

  private line(text: string): void {
    const { terminal } = this;
    if (terminal.interactive) terminal.err(`\r\u001b[2K${terminal.paintErr.dim(cutTo(text, terminal.widthErr - 1))}`);
    else terminal.err(`${text}\n`);
    this.shown = true;
  }

  /** Takes the line away before anything else is written. */
  clear(): void {
    if (this.shown && this.terminal.interactive) this.terminal.err("\r\u001b[2K");
    this.shown = false;
  }
}
