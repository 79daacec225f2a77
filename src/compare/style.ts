/** The style sheet of comparison pages: one column on a phone, where a table becomes a list of its rows; two plots abreast on wide screens; paper. */
export const pageStyle = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; background: #fff; color: #1b1b1b;
  font: 16px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; max-width: 46rem; }
.note { color: #555; font-size: .9rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .82rem; }
th, td { padding: .3rem .4rem; overflow-wrap: normal; text-align: right; vertical-align: top; border-bottom: 1px solid #ddd; }
th { font-weight: 600; border-bottom-color: #888; white-space: nowrap; }
.left { text-align: left; }
.words { text-align: left; min-width: 12rem; }
.best { font-weight: 700; color: #00563f; }
.plots { display: grid; grid-template-columns: 1fr; gap: 1rem; }
figure { margin: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; max-width: 30rem; }
dl { margin: 0; font-size: .9rem; }
dt { font-weight: 600; margin-top: .4rem; }
dd { margin: 0 0 0 1rem; }
@media (min-width: 50rem) { .plots { grid-template-columns: 1fr 1fr; } }
@media screen and (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { border-top: 2px solid #888; padding: .3rem 0; }
  td, td.left, td.words { display: flex; justify-content: space-between; gap: 1rem; text-align: right; border: 0; padding: .1rem 0; min-width: 0; }
  td::before { content: attr(data-head); color: #555; flex: none; }
  td:empty { display: none; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  table { font-size: 8.5pt; }
  .plots { grid-template-columns: 1fr 1fr; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`;
