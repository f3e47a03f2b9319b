/** Plots: ink, stripes, grey and outlines carry the meaning, on the screen in both colour schemes and on paper. */
export const PLOTS = `
:root{--nolog:#d3d8de}
@media screen{@supports (color:light-dark(#000,#fff)){:root{--nolog:light-dark(#d3d8de,#3b434c)}}}
.figure{margin-top:40px}.figure>h3{margin-bottom:6px}.figure>.small{max-width:56em;margin-bottom:14px}
.body>ul+.small{margin-top:12px}#yours+.small{margin-bottom:14px}
.body>.figure:first-child{margin-top:0}
.body>.figure>h3{margin-top:0}
.plot .gl{stroke:var(--hair);stroke-width:1}
.plot .hair{stroke:var(--rule);stroke-width:1}
.plot .now{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:2 2}
.plot text.big{font-size:16px;font-weight:700}
.plot .solid,.plot-key .solid{fill:var(--ink)}
.plot .striped,.plot-key .striped{stroke:var(--ink);stroke-width:1}
.plot .nolog,.plot-key .nolog{fill:var(--nolog)}
.plot .haslog,.plot-key .haslog{fill:var(--paper);stroke:var(--ink);stroke-width:1}
.plot .unanswered,.plot-key .unanswered{fill:none;stroke:var(--ink2);stroke-width:1;stroke-dasharray:4 3}
.plot .unseen,.key .plot-key .unseen{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4}
.plot .cross,.plot-key .cross{fill:none;stroke:var(--ink);stroke-width:2.2}
.plot .tick{fill:none;stroke:var(--ink);stroke-width:1;stroke-dasharray:2 1.5}
.plot .letter-box{fill:var(--paper);stroke:var(--ink);stroke-width:1}
.plot text.letter{font-size:12px;font-weight:700}
.plot .stem,.key .plot-key .stem{stroke:var(--ink);stroke-width:2.5}
.plot .faint{fill:var(--ink2)}
.key-letter{display:inline-block;border:1px solid var(--ink);color:var(--ink);font-size:12px;line-height:16px;width:18px;text-align:center;flex:none}
.plot .hit{fill:transparent;stroke:none}
.plot a{text-decoration:none}
.plot a:hover .b{text-decoration:underline}
.plot .tip{visibility:hidden;pointer-events:none}
.plot .tip rect{fill:var(--paper);stroke:var(--ink);stroke-width:1}
.plot .tip text.s{fill:var(--ink)}
.plot .row:hover .tip,.plot a:focus-visible .tip{visibility:visible}
.matrix{table-layout:fixed}.matrix th,.matrix td{padding-right:12px}
.matrix thead th:first-child{width:26%}.matrix tbody th{font-weight:400}
.matrix .m{margin-right:7px}.matrix tbody a{text-decoration:none}.matrix tbody a:hover{text-decoration:underline}
.cell-mark{width:18px;height:18px;vertical-align:-4px;margin-right:7px}
.cell-mark .stroke,.cell-mark .thin{fill:none;stroke:var(--ink);stroke-width:2.6}
.cell-mark .thin{stroke-width:2}
.cell-mark .dot-mark{fill:var(--ink)}
.cell-mark .empty{fill:none;stroke:var(--ink2);stroke-width:1.2;stroke-dasharray:2.5 2}
.cell-word{font-size:13.5px}
.numbers-table{font-size:14px;min-width:640px;overflow-wrap:normal}.numbers-table td{padding-right:12px}
@media screen and (max-width:860px){
.matrix thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.matrix,.matrix tbody{display:block}
.matrix tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:8px 12px;border-bottom:1px solid var(--ink);padding:12px 0}
.matrix tbody th{grid-column:1/-1;width:auto}
.matrix th,.matrix td{display:block;border:0;padding:0}
.matrix td::before{content:attr(data-l);display:block;font-size:12.5px;line-height:1.4;color:var(--ink2)}}
@media print{
.figure{margin-top:18pt}.plot .tip{display:none}
.figure>h3,.figure>.small{break-after:avoid;break-inside:avoid}
.cell-mark{width:11pt;height:11pt}.cell-word{font-size:8pt}.numbers-table{min-width:0;font-size:8pt}
.key-letter{width:12pt;font-size:8pt;line-height:11pt}}
`;
