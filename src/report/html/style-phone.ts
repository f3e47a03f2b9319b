/** Under 1160 px the heading goes on top; under 860 px tables fold: one row becomes one block, labelled from the column heads. */
export const PHONE = `
@media screen and (max-width:1160px){
section,section.wide>.head,.foot{grid-template-columns:minmax(0,1fr)}
.head{margin-bottom:22px}section.wide>.head p{margin-top:8px}section{margin-top:64px}
.action{grid-template-columns:56px minmax(0,1fr) 180px}}
@media screen and (max-width:860px){
.page{padding:0 20px 64px}
.cover{padding-top:22px}
.top{grid-template-columns:minmax(0,1fr)}.tlp{justify-self:start}
h1{font-size:30px}.org{font-size:18px}
.facts{grid-template-columns:minmax(0,1fr);margin-top:24px}
.facts>div{padding:9px 0;border-bottom:1px solid var(--hair);display:grid;grid-template-columns:6.6em minmax(0,1fr);gap:0 12px;align-items:baseline}
.facts>div dd{grid-column:2}
.facts>div:last-child{border-bottom:0}
.health{grid-template-columns:minmax(0,1fr)}
.order ol{grid-template-columns:minmax(0,1fr)}
nav:not(.order) a{padding:9px 0;display:grid;grid-template-columns:1.6em minmax(0,1fr);line-height:1.4}nav:not(.order) .no{margin:0}
nav ul{display:grid;grid-template-columns:1fr 1fr;gap:0 16px}
nav ul li{border-bottom:1px solid var(--hair)}
section{margin-top:64px}
.head{margin-bottom:20px}
.action{grid-template-columns:34px minmax(0,1fr);gap:0 12px}
.m.large{width:30px;height:30px}
.word{font-size:12px;line-height:1.25;margin-top:4px;width:34px}
.action h3{font-size:20px}
.due{grid-column:2;border-left:0;border-top:1px solid var(--rule);padding:12px 0 0;margin-top:14px;display:grid;grid-template-columns:6.5em minmax(0,1fr);gap:4px 10px;align-items:baseline}
.action.brief{grid-template-columns:34px minmax(0,1fr)}.brief .due{margin-top:6px}.due dd+dt{margin:0}.due b{font-size:16px}
.two{grid-template-columns:minmax(0,1fr);gap:28px 0}.tel{white-space:normal}
.numbers{grid-template-columns:repeat(3,minmax(0,1fr))}
.number{padding-right:10px}.value{font-size:40px}.value small{font-size:15px}.value.word-value{font-size:26px;line-height:44px}
.pair{grid-column:1/-1;margin-top:22px;border-left:0;border-top:2px solid var(--ink);padding:16px 0 0}
.plot.broad{display:none}.plot.narrow{display:block}
.kinds{grid-template-columns:repeat(4,minmax(0,1fr))}.kinds div{font-size:13px}
.fold thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.fold,.fold tbody,.fold tr,.fold td,.fold th{display:block;width:auto}
.fold tr{border-bottom:1px solid var(--ink);padding:14px 0 12px}
.fold tr:first-child{border-top:1.5px solid var(--ink)}
.fold td,.fold tbody th{border:0;padding:3px 0}
.fold td[data-l]{display:grid;grid-template-columns:6.2em minmax(0,1fr);gap:0 12px}
.fold td[data-l]::before{content:attr(data-l);font-size:13px;line-height:1.9;color:var(--ink2)}
.doors .three,.doors .after,.doors td[data-l]{background:none;padding-left:0;padding-right:0}
.doors .idline,.list .idline{display:flex;gap:14px;align-items:baseline}
.logs td:first-child{width:auto}
.changes tr{display:grid;grid-template-columns:2em 4.2em minmax(0,1fr);align-items:baseline}
.changes .k,.changes .i,.changes .p{width:auto}.changes .w{grid-column:1/-1}
.grid{font-size:13px;line-height:1.4}.grid th,.grid td{padding:9px 2px}
.grid .cell{display:flex;justify-content:center;margin:0;gap:3px}
.grid thead th{font-size:11.5px;line-height:1.35}.grid .m{width:15px;height:15px}
.grid .sub{font-size:11.5px}
article.finding>details>summary{grid-template-columns:30px minmax(0,1fr) 20px;gap:0 12px}.finding-head h3{font-size:19px}
.meta{gap:0 14px}
div.part{grid-template-columns:minmax(0,1fr);gap:6px}.part h4 .no{min-width:0}details.part>div{padding-left:0}.part h4 .no:empty{display:none}
.pairs{grid-template-columns:minmax(0,1fr);gap:0}.pairs dd+dt{margin-top:8px}.pairs dt{max-width:none}
.pairs.facts-small{gap:0}
.bytes{grid-template-columns:minmax(0,1fr)}.bytes>div{padding:12px}
pre{font-size:12.5px}.appendix,.body>.boxes{columns:1}
.phone{font-size:18px;padding:14px 16px}
.foot{margin-top:64px}}
`;
