/** The style sheet of comparison pages, light or dark as the reader's system: one column on a phone, where a table becomes a list of its rows; two plots abreast on wide screens; paper. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #555; --line: #ddd; --rule: #888; --paper: #fff; --best: #00563f; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --soft: #9aa3ad; --line: #363c43; --rule: #6b747d; --paper: #16191d; --best: #5cc98a; }
  figure svg { filter: invert(1) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; max-width: 46rem; }
.note { color: var(--soft); font-size: .9rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .82rem; }
th, td { padding: .3rem .4rem; overflow-wrap: normal; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; border-bottom-color: var(--rule); white-space: nowrap; }
.left { text-align: left; }
.words { text-align: left; min-width: 12rem; }
.best { font-weight: 700; color: var(--best); }
.plots { display: grid; grid-template-columns: 1fr; gap: 1rem; }
figure { margin: 0; break-inside: avoid; }
figcaption { font-weight: 600; font-size: .85rem; margin-bottom: .3rem; }
figure svg { display: block; width: 100%; height: auto; }
dl { margin: 0; font-size: .9rem; }
dt { font-weight: 600; margin-top: .4rem; }
dd { margin: 0 0 0 1rem; }
@media (min-width: 50rem) { .plots { grid-template-columns: 1fr 1fr; } }
@media screen and (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { border-top: 2px solid var(--rule); padding: .3rem 0; }
  td, td.left, td.words { display: flex; justify-content: space-between; gap: 1rem; text-align: right; border: 0; padding: .1rem 0; min-width: 0; }
  td::before { content: attr(data-head); color: var(--soft); flex: none; }
  td:empty { display: none; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  table { font-size: 7.5pt; }
  th, td { padding: .2rem; }
  .plots { grid-template-columns: 1fr 1fr; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`;
