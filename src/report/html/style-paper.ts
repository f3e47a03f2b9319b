/** A4, often in black and white: no wash, ruled columns, a row or an action or a part is never cut in two. */
export const PAPER = `
@media print{
body{font-size:9.1pt;line-height:1.48}
.page{max-width:none;padding:0}
nav:not(.order){display:none}.order ol{gap:2pt 8mm}.order{font-size:8.4pt}
a{text-decoration:none}
.cover{border-top-width:6pt;padding-top:10pt}h1{font-size:22pt}.org{font-size:12pt}
.facts{margin-top:10pt;gap:0 12pt}.facts>div{padding:6pt 0 8pt}
.health{padding:6pt 0;grid-template-columns:32mm minmax(0,1fr);gap:0 6mm}
.facts dt,.facts dd,.health,.small,.head p,.key,details{font-size:8.4pt}
section{display:block;margin-top:13pt;padding-top:5pt}
section.wide>.head,.head{display:block;margin-bottom:7pt}
.head .no{display:inline;font-size:11pt;margin-right:.6em}.head h2{display:inline}.head p{margin-top:3pt}
h2{font-size:14.5pt}h3{font-size:11pt;margin:9pt 0 3pt}
.head,h3,article.finding>details>summary,details.part>summary,thead{break-after:avoid}.head{break-inside:avoid}
thead{display:table-header-group}
.action,tr,.box,.plot,.phone,.numbers,.kinds,.two>div,.evidence,.part h4,summary,.part li,.part p,.pairs>dd{break-inside:avoid}
.part h4{break-after:avoid}
.action{grid-template-columns:36pt minmax(0,1fr) 112pt;gap:0 10pt;padding:8pt 0}
.action h3{font-size:13pt}.where,.due,.fixed,.part .fixed{font-size:8.8pt}.due{padding-left:10pt}.due b{font-size:9.4pt;white-space:nowrap}
.m.large{width:24pt;height:24pt}.word{font-size:8.8pt}
.two{margin-top:12pt;gap:0 9mm}.two h3{font-size:10.5pt;padding-top:5pt}.two ul,.call{font-size:8.8pt}.two li,.call div{padding:3pt 0}.two li span,.two dd span{font-size:8.2pt}.tel{font-size:12pt}
.value{font-size:28pt}.value small{font-size:11pt}.value.word-value{font-size:17pt;line-height:31pt}
.label,.number p{font-size:8.4pt}.numbers{padding-bottom:12pt}
table{font-size:8.2pt;line-height:1.42}th,td{padding:3pt 7pt 3pt 0}.sub,thead th{font-size:7.6pt}thead th b{font-size:8.4pt}
.doors .c1{width:7.5%}.doors .c2{width:13%}.doors .c3{width:13.5%}.doors .c4{width:15.5%}.doors .c5{width:17%}.doors .c6{width:11.5%}.doors .c7{width:11%}.doors .c8{width:11%}.doors .three{background:none;padding-left:6pt;border-left:.75pt solid var(--rule)}.doors th,.doors td{padding-right:6pt}.doors .after{padding-left:6pt}
.m{width:12pt;height:12pt;vertical-align:-2pt}
.kinds b{font-size:14pt}.kinds div{font-size:8pt}.changes .k{font-size:12pt}.ask{font-size:7.8pt;min-height:14pt}
article.finding{border-bottom:0;padding-bottom:8pt}article.finding+article.finding{border-top:1pt solid var(--ink)}
article.finding>details>summary{grid-template-columns:30pt minmax(0,1fr);gap:0 8pt;padding:8pt 0}
article.finding>details>summary::after,details.part>summary::after{content:none!important}
.finding-head h3{font-size:14pt}.meta{font-size:8.4pt}.gist{display:none}.finding-body{padding:0}
:is(div,details).part{display:block;padding:5pt 0 6pt}.part h4{font-size:9pt;gap:.5em;margin-bottom:2pt}.part h4 .no{min-width:0}.part h4 .no:empty{display:none}details.part>summary{padding:0}details.part>div{padding:0}
.finding-body{columns:2;column-gap:8mm;column-rule:.5pt solid var(--rule);font-size:8.5pt;line-height:1.45}.finding-body details{font-size:8.5pt}.finding-body>.part:last-child{border-bottom:0}.part>div>*+*{margin-top:5pt}.part li+li{margin-top:2pt}.finding-body :is(.logs,.logs tbody){font-size:7.8pt}
.finding-body .pairs{gap:2pt 8pt;grid-template-columns:minmax(4em,max-content) minmax(0,1fr)}.finding-body .pairs dt{max-width:9em}.finding-body .phone{font-size:10pt;padding:5pt 8pt}
.rescuer details.part:not([open]){display:none}
.finding .evidence>details{display:none}
.appendix{columns:4;column-gap:4mm}.appendix .evidence>details>summary{padding:4pt 0 1pt;font-size:7.6pt;line-height:1.4;break-after:avoid}
.appendix .bytes{display:block}.appendix .bytes>div{border:0;padding:0}.appendix .bytes :is(pre,div>span){display:none}.appendix .pairs{display:block;font-size:7pt;line-height:1.4}.appendix .pairs :is(dt,dd){display:inline}.appendix .pairs dd{margin-right:8pt}.appendix .hash{margin-top:1pt}.appendix .evidence>details>*+*{margin-top:1pt}.appendix .evidence p{font-size:6.6pt;line-height:1.35}.appendix .evidence>details>:last-child{display:none}
pre{font-size:7.8pt}.hash{font-size:7pt}.bytes span,.evidence>p,.pairs.facts-small{font-size:8pt}
.phone{font-size:11.5pt;padding:8pt 12pt}.phone .for{font-size:7.8pt}
.foot{margin-top:12pt;font-size:8pt;grid-template-columns:32mm minmax(0,1fr);gap:0 6mm}
details::details-content{content-visibility:visible;display:block}}
`;
