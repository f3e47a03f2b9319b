/** Controls, which are there with JavaScript only, the skip link, and sheets: widths of columns, boxes to tick. */
const WIDTHS = Array.from({ length: 100 }, (_, index) => `.w${index + 1}{width:${index + 1}%}`).join('');

export const TOOLS = `
.skip{position:absolute;left:-9999px}
.skip:focus{left:12px;top:8px;z-index:2;background:var(--paper);padding:8px 12px}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.tools{display:flex;justify-content:flex-end;flex-wrap:wrap;gap:8px;margin-bottom:18px}
button,select,input[type=search]{font:inherit;font-size:14px;line-height:1.5;color:var(--ink);background:var(--paper);border:1px solid var(--ink2);border-radius:0;padding:4px 11px;min-height:32px}
button{cursor:pointer}
button:hover:not(:disabled){background:var(--wash)}
button:disabled{color:var(--ink2);border-color:var(--rule);cursor:default}
input[type=search]{width:17em;max-width:100%}
input[type=checkbox]{width:20px;height:20px;vertical-align:-4px;margin:0 6px 0 0;accent-color:var(--ink2)}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;margin:0 0 16px;font-size:14px}
.bar .count{flex-basis:100%;max-width:none;color:var(--ink2)}
.toggles{display:flex;flex-wrap:wrap;gap:6px}
.toggles button[aria-pressed=false]{color:var(--ink2);border-style:dashed;text-decoration:line-through}
.finding-body>.bar{margin:14px 0 0}
.address{overflow-wrap:anywhere}
.copy{margin:4px 0 4px 10px;font-family:inherit;vertical-align:middle}
.phone .copy{display:block;margin:8px 0 0}
.hash .copy{min-height:26px;padding:1px 9px}
.sorter{font:inherit;color:inherit;background:none;border:0;padding:2px 0;min-height:26px;text-align:left;text-decoration:underline;text-decoration-style:dotted;text-underline-offset:.25em}
.sorter:hover{color:var(--ink)}
[aria-sort] .sorter{color:var(--ink);font-weight:700;text-decoration-style:solid}
[aria-sort=ascending] .sorter::after{content:" \\2191"}[aria-sort=descending] .sorter::after{content:" \\2193"}
.sort-bar{display:none}
dialog{border:2px solid var(--ink);background:var(--paper);color:var(--ink);padding:22px 26px;max-width:30em}
dialog::backdrop{background:rgb(0 0 0/.5)}
dialog h2{font-size:20px}
dialog dl{display:grid;grid-template-columns:4em minmax(0,1fr);gap:4px 12px;margin:14px 0}
dialog p{margin:0 0 14px}
kbd{font-family:var(--mono);border:1px solid var(--ink2);padding:1px 7px}
.fixed-columns{table-layout:fixed}
.worksheet table{font-size:14.5px;line-height:1.55}.worksheet :is(th,td){padding-top:9px;padding-bottom:9px}.worksheet thead th{padding-top:0}.worksheet .sub{font-size:13px;line-height:1.5}
.worksheet .small{margin-bottom:14px}.worksheet .after-table{margin-bottom:0}
.ticks.beside{margin-left:.8em}.beside .tick{margin-right:0!important}
.folded{border-bottom:1px solid var(--rule)}:not(.folded)+.folded{margin-top:32px;border-top:1px solid var(--ink)}
.folded>details{margin:0}.folded>details>summary{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.6fr) 28px;gap:0 20px;align-items:baseline;padding:11px 0;color:var(--ink);text-decoration:none;list-style:none}
.folded>details>summary::after{content:"+";content:"+" / "";font-size:22px;line-height:1;color:var(--ink2);text-align:center}.folded>details[open]>summary::after{content:"−";content:"−" / ""}
.folded+p{margin-top:16px}.folded>details>summary:hover h3{text-decoration:underline}
.folded h3{font-size:16px;margin:0}.inside{font-size:14px;line-height:1.5;color:var(--ink2);display:flex;flex-wrap:wrap;gap:0 16px;justify-content:space-between}
.inside>.nowrap{margin-left:auto}.folded>details[open]{padding-bottom:26px}.folded>details[open]>:last-child{margin-bottom:0}
.worksheet span.tick{display:inline-block;white-space:normal;position:relative;padding-left:21px;margin-right:1.2em}
.worksheet span.tick::before{position:absolute;left:0;top:.38em;margin:0}
${WIDTHS}
@media screen{.sifted{display:none!important}}
@media screen and (max-width:860px){
.folded>details>summary{grid-template-columns:minmax(0,1fr) 28px;padding:9px 0}.inside{grid-row:2}.inside>.nowrap{margin-left:0}.folded>details>summary::after{grid-area:1/2}
.fold td.blank{display:none}.worksheet .fold :is(td,tbody th){padding-top:3px;padding-bottom:3px}
.js .sort-bar{display:flex}.js .sortable thead{display:none}
.tools{justify-content:flex-start}}
@media print{.rescuer :is(#s14,#sA,#sG,#sM):has(>.section-fold:not([open])){display:none}.worksheet .small,.folded summary{break-after:avoid;break-inside:avoid}section>.section-fold>summary,.figure>details,#s2>.body>details{display:none}.section-fold>.body{margin:0}.worksheet table{font-size:7.8pt;line-height:1.4}.worksheet :is(th,td){padding-top:2.4pt;padding-bottom:2.4pt}.action.brief{grid-template-columns:36pt minmax(0,1fr);padding:5pt 0}.brief .m.large{width:18pt;height:18pt}.brief .due{margin-top:1pt}.brief h3{font-size:11.5pt}.worksheet .sub,.worksheet thead th{font-size:7.2pt}.worksheet .small{margin-bottom:4pt}.worksheet .line{height:1.55em}
.folded,:not(.folded)+.folded{border:0;margin:0}.folded>details{font-size:inherit}.folded>details[open]{padding:0}.folded>details>summary{display:block;padding:0}.folded>details>summary::after{content:none!important}.inside{display:none}.card .inside{display:block}.folded h3{font-size:11pt;margin:10pt 0 2pt}.folded .after-table{margin-top:4pt}
.tools,.bar,.copy,.skip,.file,dialog{display:none!important}
.sorter{text-decoration:none;min-height:0;padding:0}[aria-sort] .sorter::after{content:""}}
`;
