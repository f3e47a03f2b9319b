/** The band over a report from records alone, and the table of what only the owner can answer. */
export const RESCUE = `
.records{border:3px double var(--ink);padding:16px 20px 18px;margin-top:26px;display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:12px 40px;font-size:14px;line-height:1.65}
.records .records-title{font-size:18px;line-height:1.5;font-weight:700;margin-bottom:6px}
.records ul{margin:4px 0 0;padding-left:1.25em}
.section-note{font-size:13px;line-height:1.6;border-left:3px double var(--ink);padding-left:10px;margin-top:10px}
section.wide>.head .section-note{grid-column:1/-1;margin:14px 0 0}
.yours{table-layout:fixed}
.yours .c1{width:24%}.yours .c2{width:34%}.yours .c3{width:10%}.yours .c4{width:16%}.yours .c5{width:16%}
.yours tbody th{overflow-wrap:anywhere}
.way-line{display:block}.way-line+.way-line{margin-top:4px}
span.tick{white-space:nowrap;margin-right:1.4em}
span.tick::before{content:"";display:inline-block;width:13px;height:13px;border:1.5px solid var(--ink);margin-right:6px;vertical-align:-1px}
td>div>.line{max-width:none}
.lent{font-size:14px;line-height:1.7;margin-top:6px}
.ledger .boxes li{padding-left:28px}.ledger .boxes li::before{top:.8em}
@media screen and (max-width:1160px){.records{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:860px){
.records{padding:12px 14px 14px;margin-top:20px}.records .records-title{font-size:17px}
.yours .answer{padding-top:4px}}
@media print{
.records{font-size:8.2pt;padding:6pt 9pt 7pt;margin-top:8pt;gap:4pt 8mm;break-inside:avoid}.records .records-title{font-size:10.5pt;margin-bottom:3pt}
.section-note{font-size:8pt;margin-top:4pt}.head .section-note{display:block}
.lent{font-size:8.4pt}span.tick{margin-right:.6em}span.tick::before{width:8pt;height:8pt}
.ledger>div{break-inside:auto}.ledger li{break-inside:avoid}.ledger .boxes li{padding-left:16pt}.ledger .boxes li::before{top:4pt;width:8pt;height:8pt}}
`;
