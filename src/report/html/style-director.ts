/** The director's sheet: a sentence, numbers as large as on the first page of the report, plain tables without colour. */
export const DIRECTOR = `
.conclusion{font-size:19px;line-height:1.55;font-weight:700;margin-top:12px;padding-bottom:12px;border-bottom:1px solid var(--ink)}
html:lang(ja) .conclusion{word-break:auto-phrase}
.director .sheet h2{margin-top:15px;padding-top:7px;border-top:2px solid var(--ink)}
.director .sheet-lines{margin-top:15px}.director .sheet-lines h2{margin:0;padding:0;border:0}
.five{display:grid;grid-template-columns:1fr 1fr 1fr 2.5fr;margin-top:13px;gap:0 5mm}
.five-pair{border-left:2px solid var(--ink);padding-left:5mm;display:grid;grid-template-columns:1fr 1fr;gap:0 4mm}
.five-pair>:is(p,em){grid-column:1/-1;font-weight:700;margin-top:7px;font-size:15px}.five-pair>em{font:inherit;font-size:11.8px;line-height:1.5;margin-top:2px}
.one b{display:block;font-size:38px;line-height:1.15}.one b small{font-size:15px;font-weight:400;margin-left:.2em}
.one .word-only{font-size:26px;line-height:43.7px}
.one span,.one em{display:block;font-style:normal;font-size:11.8px;line-height:1.5;color:var(--ink2)}
.one em{color:var(--ink)}
.may{display:grid;grid-template-columns:repeat(4,1fr);gap:0 5mm;margin-top:6px}
.may div{min-width:0}.may dt{font-weight:700}.may dd{font-size:12.4px;line-height:1.5}
.sheet table{font-size:12.8px;line-height:1.5;margin-top:4px;table-layout:fixed}
.sheet :is(th,td){padding:5px 10px 5px 0;border-bottom:1px solid var(--rule)}
.sheet thead th{font-size:11.6px;padding-top:0;border-bottom:1.5px solid var(--ink)}
.sheet td .sub{font-size:11.8px}
.decisions th{width:18mm}.decisions th:nth-child(2){width:auto}.decisions :is(th,td):last-child{width:33mm;font-weight:700}
.decisions thead th:last-child{font-weight:400}
html:lang(en) .decisions :is(th,td):last-child{width:46mm}
.sites th:first-child{width:28%}
@media screen and (max-width:720px){
.conclusion{font-size:20px}
.five{grid-template-columns:repeat(3,minmax(0,1fr))}.five-pair{grid-column:1/-1;border-left:0;border-top:2px solid var(--ink);padding:14px 0 0;margin-top:18px}
.five-pair>p{font-size:17px}.one span,.one em,.five-pair>em{font-size:13.5px}
.may{grid-template-columns:1fr 1fr;gap:14px 16px}.may dd{font-size:14.5px}
.sheet table{font-size:14px}.sheet :is(th,td){padding-right:6px}.sheet thead th{font-size:12px}.sheet td .sub{font-size:13px}
.decisions,.decisions tbody{display:block}.decisions thead{display:none}
.decisions tr{display:grid;grid-template-columns:5em minmax(0,1fr);padding:10px 0;border-bottom:1px solid var(--rule)}
.decisions :is(th,td){border:0;padding:0}.decisions :is(th,td):nth-child(n){width:auto}html:lang(en) .decisions td:last-child,.decisions td:last-child{grid-column:2;width:auto;margin-top:4px}
.sites th:first-child{width:24%}}
@media print{.conclusion{font-size:13.5pt;line-height:1.5;margin-top:7pt;padding-bottom:7pt}
.director .sheet{font-size:9.6pt}.director .sheet h2{font-size:11.4pt;margin-top:7.5pt;padding-top:3.5pt}.director .sheet-lines{margin-top:7.5pt}.director .sheet-lines h2{font-size:9.6pt;margin:0;padding:0}
.five{margin-top:8pt}.five-pair>p{font-size:11pt;margin-top:4pt}.one b{font-size:26pt}.one .word-only{font-size:17pt;line-height:30pt}
.sheet table{font-size:9.2pt;line-height:1.42;margin-top:2pt}.sheet :is(th,td){padding:2.4pt 7pt 2.4pt 0}.sheet thead th{font-size:8.4pt}.may{margin-top:3pt}.may dd{font-size:9pt}}
`;
