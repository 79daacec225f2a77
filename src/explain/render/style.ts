/** The style of an explanation's page: light or dark as the reader's system, tables as cards on narrow screens. */
export const explainStyle = `
:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5c636b;--line:#d9dde2;--paper:#fff;--tint:#f5f7f9;--good:#187a3d;--bad:#b3261e}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#9aa3ad;--line:#363c43;--paper:#16191d;--tint:#1f242a;--good:#5cc98a;--bad:#ff8f85}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
h3{font-size:.85rem;font-weight:600;color:var(--soft);margin:1rem 0 .2rem}
nav a{color:inherit;margin-right:.9rem;font-size:.9rem;white-space:nowrap;display:inline-block}
p{margin:.6rem 0}
code,pre{font:.9em/1.45 ui-monospace,monospace}
code{background:var(--tint);padding:0 .2em;border-radius:3px}
pre{background:var(--tint);padding:.6rem .8rem;border-radius:6px;overflow-x:auto;margin:.6rem 0}
.formula{overflow-x:auto;overflow-y:hidden;padding:.35rem .1rem}
.formula .katex-display{margin:0;text-align:left}
.formula .katex-display>.katex{text-align:left}
.katex{font-size:1.12em}
dl{margin:.6rem 0}
dl>div{display:grid;grid-template-columns:minmax(8rem,17rem) 1fr;gap:0 1rem;padding:.15rem 0}
dt{font-weight:600;overflow-wrap:anywhere}
dd{margin:0;overflow-wrap:anywhere}
.why,small,footer{color:var(--soft)}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.93rem}
th{text-align:left;color:var(--soft);font-weight:600}
th,td{padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.good{color:var(--good)}.bad{color:var(--bad)}
.derivation,.derivation ul{list-style:none;padding-left:1.2rem;border-left:1px solid var(--line);margin:.3rem 0}
summary{cursor:pointer}
footer{margin-top:3rem;font-size:.85rem}
@media(max-width:34rem){
dl>div{grid-template-columns:1fr;padding:.3rem 0}
thead{display:none}
tr{display:block;border-bottom:1px solid var(--line);padding:.4rem 0}
td{display:block;border:0;padding:0}
td::before{content:attr(data-head) ": ";color:var(--soft)}
}
@media print{
nav{display:none}
.formula{overflow:visible}
.formula .katex-display>.katex{white-space:normal;font-size:1em}
}
`;
