import type { Trial } from "./brute.mjs";

export const classes: Readonly<Record<string, { readonly title: string }>>;
export function generate(name: string, index: number): Trial;
