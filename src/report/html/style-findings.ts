/** Findings that open and close, their parts, the bytes, and the blocks that parts and sections are made of. */
export const FINDINGS = `
article.finding{border-bottom:1px solid var(--rule);scroll-margin-top:12px}
.findings>article.finding:first-of-type{border-top:1px solid var(--ink)}
article.finding>details{margin:0;font-size:inherit}
article.finding>details>summary{display:grid;grid-template-columns:56px minmax(0,1fr) 28px;gap:0 20px;align-items:start;padding:20px 0 18px;color:var(--ink);text-decoration:none;list-style:none}
summary::-webkit-details-marker{display:none}
article.finding>details>summary::after,details.part>summary::after{content:"+";content:"+" / "";font-size:22px;line-height:1.3;color:var(--ink2);text-align:center;font-weight:400}
details[open].part>summary::after,article.finding>details[open]>summary::after{content:"−";content:"−" / ""}
.finding-head h3{font-size:22px;line-height:1.4;margin:0 0 4px}
article.finding>details>summary:hover h3{text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:.2em}
.meta{display:flex;flex-wrap:wrap;gap:0 22px;font-size:14px;color:var(--ink2)}
.meta b{color:var(--ink)}
.gist{margin-top:4px;font-size:15px}
details[open]>summary .gist{display:none}
article.finding:target>details>summary h3{text-decoration:underline;text-decoration-thickness:3px;text-underline-offset:.2em}
html:not(.js) article.finding:target>details::details-content,html:not(.js) :is(.evidence,.folded):target>details::details-content{content-visibility:visible;display:block}
.finding-body{border-top:1px solid var(--hair);padding-bottom:34px}
.part{padding:18px 0;border-bottom:1px solid var(--hair);margin:0;font-size:inherit}
div.part{display:grid;grid-template-columns:216px minmax(0,1fr);gap:0 28px}
details.part{padding:0}
details.part>summary{display:grid;grid-template-columns:minmax(0,1fr) 28px;padding:9px 0;color:var(--ink);text-decoration:none;list-style:none}
details.part>summary:hover h4{text-decoration:underline}
details.part>div{padding:2px 0 18px 244px}
.part h4{font-size:15px;line-height:1.6;font-weight:700;display:flex;gap:.7em}
.part h4 .no{font-weight:400;color:var(--ink2);min-width:1.4em;text-align:right;flex:none}
.part>div>*+*{margin-top:10px}
.part ol,.part ul{padding-left:1.5em}
.part li+li{margin-top:5px}
.part p,.part li{max-width:44em}
.part .fixed{margin-top:12px}
.boxes{list-style:none;padding:0!important}
.boxes li{padding-left:28px;position:relative}
.body>.boxes{columns:2;column-gap:48px;max-width:none!important}.body>.boxes li{break-inside:avoid}
.boxes li::before{content:"";position:absolute;left:2px;top:.42em;width:13px;height:13px;border:1.5px solid var(--ink)}
.box{border:2px solid var(--ink);padding:14px 20px 16px;max-width:60em}
.box ul{margin-top:4px;padding-left:1.3em}.box li+li{margin-top:3px}
.body>:is(ol,ul):not(.plain,.key){padding-left:1.6em;max-width:48em}.body>:is(ol,ul):not(.plain,.key) li+li{margin-top:4px}
.box+*,.body>.box:not(:first-child){margin-top:28px}
.phone{border:2px solid var(--ink);padding:18px 22px;font-size:19px;line-height:1.75}
.part .phone{max-width:none}
.phone .for{display:block;font-size:13px;color:var(--ink2);line-height:1.5;margin-bottom:4px}
.pairs{display:grid;grid-template-columns:minmax(6em,max-content) minmax(0,1fr);gap:6px 20px;max-width:52em}
.pairs dt{font-weight:700;max-width:13em}
.pairs.facts-small{font-size:14px;line-height:1.6;gap:3px 16px}
.pairs.facts-small dt{font-weight:400;color:var(--ink2)}
.evidence{scroll-margin-top:12px}
.evidence+.evidence{margin-top:10px}
.evidence>p{font-size:14px;line-height:1.6;max-width:none}
.evidence>details{margin:0;font-size:14px}
.appendix{columns:2;column-gap:48px}.appendix>:is(.small,.bar){column-span:all}.appendix .evidence{break-inside:avoid;border-bottom:1px solid var(--hair);margin:0}
.appendix .evidence>details>summary{padding:9px 0;color:var(--ink);text-decoration:none}
.appendix .evidence>details>summary:hover{text-decoration:underline}
.appendix .evidence>details>*+*{margin-top:8px}.appendix .evidence>details>:last-child{padding-bottom:14px}
.appendix .bytes{grid-template-columns:minmax(0,1fr)}
.appendix .evidence:target>details>summary{text-decoration:underline;text-decoration-thickness:3px}
.file{margin-top:6px;font-size:14px}.file a{display:inline-block;padding:3px 0}
.bytes{display:grid;grid-template-columns:1fr 1fr;gap:12px;align-items:start}
.bytes>div{border:1px solid var(--rule);padding:14px 16px;min-width:0}
.bytes span{font-size:13px;color:var(--ink2);display:block}
.bytes pre{margin-top:4px}
.bytes .hash{margin-top:8px}
.foot{margin-top:88px;border-top:2px solid var(--ink);padding-top:16px;font-size:14px;line-height:1.7;color:var(--ink2);display:grid;grid-template-columns:216px minmax(0,1fr);gap:0 40px}
.plain{padding-left:1.3em}
.body .plain,.body>p{max-width:48em}
.body>p+p{margin-top:8px}.body>p+:is(ul,ol,dl){margin-top:10px}
`;
