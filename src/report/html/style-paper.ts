/** A4, often in black and white: no wash, ruled columns, a row or an action or a part is never cut in two. */
export const PAPER = `
@media print{
body{font-size:9.6pt;line-height:1.6}
.page{max-width:none;padding:0}
nav,summary{display:none}
a{text-decoration:none}
.cover{border-top-width:6pt;padding-top:10pt}h1{font-size:22pt}.org{font-size:12pt}
.facts{margin-top:10pt;gap:0 12pt}.facts>div{padding:6pt 0 8pt}
.health{padding:6pt 0;grid-template-columns:32mm minmax(0,1fr);gap:0 6mm}
.facts dt,.facts dd,.health,.small,.head p,.key,details{font-size:8.4pt}
section{display:block;margin-top:16pt;padding-top:6pt}
section.wide>.head,.head{display:block;margin-bottom:10pt}
.head .no{display:inline;font-size:11pt;margin-right:.6em}.head h2{display:inline}.head p{margin-top:3pt}
h2{font-size:14.5pt}h3{font-size:11.5pt;margin:18pt 0 6pt}
.head,h3,.finding-head,thead{break-after:avoid}.head{break-inside:avoid}
thead{display:table-header-group}
.action,tr,.plot,.phone,.numbers,.kinds,.two>div,.evidence,.part>h4,.part li,.part p,.pairs>dd{break-inside:avoid}
.part>h4{break-after:avoid}
.action{grid-template-columns:36pt minmax(0,1fr) 112pt;gap:0 10pt;padding:8pt 0}
.action h3{font-size:13pt}.where,.due,.fixed,.part .fixed{font-size:8.8pt}.due{padding-left:10pt}.due b{font-size:9.4pt;white-space:nowrap}
.m.large{width:24pt;height:24pt}.word{font-size:8.8pt}
.two{margin-top:12pt;gap:0 9mm}.two h3{font-size:10.5pt;padding-top:5pt}.two ul,.call{font-size:8.8pt}.two li,.call div{padding:3pt 0}.two li span,.two dd span{font-size:8.2pt}.tel{font-size:12pt}
.value{font-size:28pt}.value small{font-size:11pt}.value.word-value{font-size:17pt;line-height:31pt}
.label,.number p{font-size:8.4pt}.numbers{padding-bottom:12pt}
table{font-size:8.4pt;line-height:1.5}th,td{padding:4.5pt 8pt 4.5pt 0}.sub,thead th{font-size:7.6pt}thead th b{font-size:8.4pt}
.doors .three{background:none;padding-left:6pt;border-left:.75pt solid var(--rule)}.doors th,.doors td{padding-right:6pt}.doors .after{padding-left:6pt}
.m{width:12pt;height:12pt;vertical-align:-2pt}
.kinds b{font-size:14pt}.kinds div{font-size:8pt}.changes .k{font-size:12pt}.ask{font-size:7.8pt;min-height:14pt}
article.finding+article.finding{margin-top:22pt;padding-top:10pt}
.finding-head h3{font-size:15pt}.meta{font-size:9pt}
.part{display:block;padding:8pt 0 8pt 39mm;position:relative}.part>h4{font-size:9pt;position:absolute;left:0;top:8pt;width:34mm}
pre{font-size:7.8pt}.hash{font-size:7pt}.bytes span,.evidence>p,.pairs.facts-small{font-size:8pt}
.phone{font-size:11.5pt;padding:8pt 12pt}.phone .for{font-size:7.8pt}
.foot{margin-top:20pt;font-size:8pt;grid-template-columns:32mm minmax(0,1fr);gap:0 6mm}
details::details-content{content-visibility:visible;display:block}}
`;
