/** The numbers at the end of section 2: dense on purpose, one page of paper. */
export const CARD = `
.card{margin-top:36px}
.card-part{margin-top:24px}
.card-part h4{font-size:15px;line-height:1.6;font-weight:700;margin-bottom:6px}
.card-part table{font-size:14px;line-height:1.5}
.card-part th,.card-part td{padding:6px 14px 6px 0;font-variant-numeric:tabular-nums}
.card-part thead th{overflow-wrap:normal}html:lang(ja) .card-part thead th{word-break:auto-phrase}.card-part tbody th{font-weight:400}
.card-part .m{margin-right:6px}
.card-part .small{margin-top:6px}
.card-part .sub{font-size:12.5px}
@media print,screen and (min-width:861px){.card-parts{display:grid;grid-template-columns:minmax(0,11fr) minmax(0,9fr);column-gap:32px}
.card-part{grid-column:1/-1}#card-compare{grid-column:1}#card-moves{grid-column:2}}
@media screen and (max-width:860px){.card-part .wide{min-width:640px}}
@media print{
.card-parts{column-gap:16pt}.card{margin-top:12pt}.card-part{margin-top:8pt;break-inside:avoid}
.card-part h4{font-size:8.8pt;margin-bottom:1pt}.card-part table{font-size:7.8pt;line-height:1.35}
.card-part th,.card-part td{padding:1.6pt 7pt 1.6pt 0}.card-part thead th{font-size:7.2pt}
.card summary .inside{display:block;font-size:7.4pt;line-height:1.4}.card .small{font-size:7.4pt;line-height:1.4;margin-top:2pt}.card-part .m{width:8pt;height:8pt;margin-right:4pt}.card-part .sub{display:inline;font-size:7pt;margin-left:.6em}}
`;
