/** The colours of rendered text as functions, so that only the command line knows about terminals. */
export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly info: (text: string) => string;
  /** What stands out: places, names, headings. */
  readonly strong: (text: string) => string;
  /** What stands back: line numbers, bars, notes. */
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

const same = (text: string): string => text;

/** No colours. */
export const plain: Paint = {
  error: same,
  warning: same,
  info: same,
  strong: same,
  dim: same,
  good: same,
  bad: same,
};
