/** Generated parts of docs/experiments.md, one for each experiment. */

const begin = (id: string): string => `<!-- begin generated: ${id} -->\n`;
const end = (id: string): string => `<!-- end generated: ${id} -->`;

function bounds(page: string, id: string): readonly [number, number] {
  const from = page.indexOf(begin(id));
  const to = page.indexOf(end(id));
  if (from < 0 || to < from) throw new Error(`docs/experiments.md has no part for ${id}`);
  return [from + begin(id).length, to];
}

export function partOf(page: string, id: string): string {
  const [from, to] = bounds(page, id);
  return page.slice(from, to);
}

export function withPart(page: string, id: string, text: string): string {
  const [from, to] = bounds(page, id);
  return `${page.slice(0, from)}${text}\n${page.slice(to)}`;
}
