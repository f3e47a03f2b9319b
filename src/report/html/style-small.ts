/**
 * One sheet of A4 (small, director, weekly): the width of paper on a screen, one column on a phone. On paper it stands without the running
 * head of the long report. Nothing is set smaller to make room: texts are cut before they come here.
 */
export const SMALL = `
:is(.small,.director,.weekly) .page{max-width:none;padding:0}
body.small{font-size:16px;line-height:1.75;color:var(--ink)}
:is(.small,.director,.weekly) .foot{display:none}
.sheet{max-width:210mm;margin:0 auto;padding:10mm 15mm 8mm;font-size:13.6px;line-height:1.56}
.sheet h1{font-size:25px;line-height:1.3}
.sheet h2{font-size:16.6px;line-height:1.4}
.sheet h2 small{font-weight:400;font-size:12.6px;color:var(--ink2);margin-left:.8em}
.sheet h3{font-size:16px;line-height:1.45;margin:0}
html:lang(ja) .sheet :is(h3,ol li,.act-where){word-break:auto-phrase}html:lang(ja) .sheet .sheet-two li{word-break:normal}
.sheet ol{padding-left:1.45em;margin-top:4px}.sheet li{padding-left:.15em}
.sheet-top{border-top:8px solid var(--ink);padding-top:12px;display:grid;grid-template-columns:minmax(0,1fr) auto;gap:4px 20px;align-items:start}
.sheet-top .tlp{font-size:12.6px;padding:7px 9px}
.sheet-org{font-size:14.6px;line-height:1.5}.sheet-org span{margin-left:1.2em;white-space:nowrap}
.sheet-band{grid-column:1/-1;border:2px solid var(--ink);font-size:12.4px;line-height:1.5;padding:4px 10px}
.sheet-scope{margin-top:8px;font-size:12.6px;line-height:1.55;color:var(--ink2);border-bottom:1px solid var(--ink);padding-bottom:9px}
.sheet-scope span{display:block}
.sheet-today{margin-top:12px}
.sheet-none{font-size:15px;margin:8px 0 4px}
.act{display:grid;grid-template-columns:13mm minmax(0,1fr) 35mm;gap:0 4mm;padding:10px 0 9px;border-bottom:1px solid var(--rule);break-inside:avoid}
.act .m.large{width:11mm;height:11mm;display:block}
.act-mark div{font-weight:700;font-size:12px;line-height:1.3;margin-top:4px;width:11mm;text-align:center}
html:lang(en) .act-mark div{width:13mm;margin-left:-1mm;font-size:11.5px}
.act-where{font-size:12.6px;line-height:1.5;color:var(--ink2);margin-top:1px}
.act-fixed{margin-top:4px;font-weight:700;font-size:12.8px}
.act-due{font-size:11.8px;line-height:1.5;color:var(--ink2);border-left:1px solid var(--rule);padding-left:4mm}
.act-due dd{font-weight:700;font-size:13px;line-height:1.4;color:var(--ink);margin-bottom:3px}
.act-due .act-id{font-weight:400;color:var(--ink2);font-size:11.8px}
.sheet-phone{margin-top:12px;border:2px solid var(--ink);padding:7px 13px 9px;font-size:15px;line-height:1.6;break-inside:avoid}
.sheet-phone h2{font-size:11.8px;font-weight:400;color:var(--ink2);line-height:1.5}
.sheet-two{display:grid;grid-template-columns:1fr 1fr;gap:0 9mm;margin-top:13px}
.sheet-two>div{border-top:2px solid var(--ink);padding-top:6px;min-width:0}
.sheet-two :is(ul,dl){list-style:none;padding:0;margin-top:3px;font-size:12.8px;line-height:1.5}
.sheet-two :is(li,dl>div){padding:4px 0;border-bottom:1px solid var(--hair)}
.sheet-two :is(li,dl>div):last-child{border-bottom:0}
.sheet-two li span,.sheet-two dd span{color:var(--ink2);font-size:11.8px}
.sheet-two li span{margin-left:.8em}
.sheet-two dl>div{display:grid;grid-template-columns:5.6em minmax(0,1fr);gap:0 10px}.sheet-two dt{font-weight:700;white-space:nowrap}
.sheet-two dd span{display:block}
html:lang(en) .sheet-two dl>div{grid-template-columns:6.4em minmax(0,1fr)}html:lang(en) .sheet-two dt{white-space:normal}
.sheet-tel{font-size:17px;white-space:nowrap;line-height:1.3}
.sheet-two dd:has(.sheet-blank){display:flex;gap:.5em;align-items:flex-end}.sheet-two .sheet-blank{border-bottom:1px dotted var(--ink2);height:2em;flex:1}
.sheet-rule{font-size:12px;line-height:1.5;font-weight:700;border-top:1px solid var(--hair);padding:3px 0;text-wrap:balance}html:lang(ja) .sheet-rule{word-break:auto-phrase}
.sheet-lines{margin-top:9px;border-bottom:1px solid var(--ink)}
.sheet-lines>div{display:grid;grid-template-columns:27mm minmax(0,1fr);gap:0 4mm;padding:7px 0;border-top:1px solid var(--rule);font-size:12.6px;line-height:1.55}
.sheet-lines>div:first-child{border-top:2px solid var(--ink)}
.sheet-lines h2{font-size:13px;line-height:1.5}
.sheet-count{display:inline-block;white-space:nowrap;margin-right:1.4em}
.sheet-law{margin-top:7px;font-size:11.6px;line-height:1.5;color:var(--ink2)}
.sheet-head{margin-top:15px;padding-top:7px;border-top:2px solid var(--ink)}
.sheet-still{margin-top:10px;font-weight:700}
.weekly .act{grid-template-columns:13mm minmax(0,1fr) 45mm}.sheet .ask{font-size:12px}
.weekly .sheet-two{grid-template-columns:minmax(0,1fr)}
.moved thead th{font-weight:400}.moved .moved-kind{width:7mm;font-weight:700;font-size:16px;line-height:1.3}.moved tbody th{width:15mm}.moved .moved-mark{width:30mm;white-space:nowrap}
.moved thead th:first-child{width:22mm}.moved thead th:nth-child(2){width:30mm}
@media screen and (max-width:720px){
.moved,.moved tbody{display:block}.moved thead{display:none}.moved tr{display:grid;grid-template-columns:2em 4em minmax(0,1fr);padding:10px 0;border-bottom:1px solid var(--rule);align-items:baseline}
.sheet .moved :is(th,td){border:0;padding:0;width:auto}.moved td:last-child{grid-column:1/-1}
.sheet{padding:16px 20px 48px;font-size:16px;line-height:1.75}
.sheet-top{grid-template-columns:minmax(0,1fr)}.sheet-top .tlp{justify-self:start;font-size:14px}
.sheet h1{font-size:26px}.sheet-org{font-size:17px}.sheet-org span{margin-left:0;display:block}.sheet-band,.sheet-scope{font-size:14.5px}
.sheet h2{font-size:20px}.sheet h2 small{font-size:14px;display:block;margin:0}
.sheet .act{grid-template-columns:44px minmax(0,1fr);gap:0 12px;padding:20px 0}.act .m.large{width:32px;height:32px}.act-mark div{font-size:13px;width:34px}
html:lang(en) .act-mark div{width:44px;margin-left:0;text-align:left;font-size:12px}
.sheet h3{font-size:20px}.act-where,.act-fixed{font-size:15px}
.act-due{grid-column:2;border-left:0;border-top:1px solid var(--rule);padding:10px 0 0;margin-top:12px;font-size:14px;display:grid;grid-template-columns:5em minmax(0,1fr);gap:2px 8px;align-items:baseline}
.act-due dd{font-size:16px;margin:0}.act-due .act-id{grid-column:2;font-size:14px}
.sheet-phone{font-size:18px;padding:14px 16px;margin-top:22px}.sheet-phone h2{font-size:14px}
.sheet-two{grid-template-columns:minmax(0,1fr)}.sheet-two>div{margin-top:26px;padding-top:10px}.sheet-two :is(ul,dl){font-size:16px}
.sheet-two li span,.sheet-two dd span{font-size:14px}.sheet-two li span{display:block;margin:0}.sheet-two :is(li,dl>div){padding:8px 0}
.sheet-rule{font-size:15px}.sheet-tel{font-size:21px}
.sheet-lines{margin-top:26px}.sheet-lines>div{grid-template-columns:minmax(0,1fr);font-size:15px;padding:14px 0}.sheet-lines h2{font-size:16px}
.sheet-law{font-size:13.5px;margin-top:14px}}
@page sheet{size:A4;margin:8mm 14mm 9mm;@top-left{content:none}@top-right{content:none}@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif}}
@media print{
body:is(.small,.director){page:sheet;font-size:9.6pt;line-height:1.6}
.sheet{max-width:none;padding:0;font-size:10pt;line-height:1.5}
.sheet h1{font-size:18pt}.sheet h2{font-size:12pt}.sheet h3{font-size:11.6pt;margin:0}
.sheet-top{border-top-width:5pt;padding-top:7pt}.sheet-scope{margin-top:4pt;padding-bottom:5pt}.sheet-today{margin-top:7pt}
.act{padding:4.2pt 0 4pt}.act ol{margin-top:1.5pt;line-height:1.46}.act-mark div{font-size:9pt}.act .m.large{width:11mm;height:11mm}
.sheet-phone{margin-top:7pt;padding:3pt 9pt 4pt;font-size:10.4pt;line-height:1.5}.sheet-phone h2{font-size:8.8pt}
.sheet-two{margin-top:8pt}.sheet-two h2{font-size:11pt}.sheet-two :is(li,dl>div){padding:1.8pt 0}.sheet-two :is(ul,dl){font-size:9.4pt;line-height:1.45;margin-top:2pt}
.sheet-lines{margin-top:5pt}.sheet-lines>div{padding:3pt 0;font-size:9pt;line-height:1.48}.sheet-lines h2{font-size:9.6pt}
.sheet-two :is(li,dd) span{font-size:8.8pt}.sheet-two li span{margin-left:.6em}.sheet-count{margin-right:1em}
.sheet-rule{font-size:8.9pt;line-height:1.42}
.sheet-law{font-size:8.2pt;margin-top:4pt;line-height:1.45}}
`;
