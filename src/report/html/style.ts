/**
 * The style of the report: a railway timetable more than a dashboard. Black rules, white space, one fact a line; colour only
 * helps a shape (▲ ■ ● ○), so the page reads the same in black and white and for every eye. Text is never coloured.
 * Light and dark are two values of one token, so that a device and a button of the page can both choose.
 */
import { CARD } from './style-card.ts';
import { FINDINGS } from './style-findings.ts';
import { PAPER } from './style-paper.ts';
import { PHONE } from './style-phone.ts';
import { DIRECTOR } from './style-director.ts';
import { PLOTS } from './style-plots.ts';
import { RESCUE } from './style-rescue.ts';
import { SMALL } from './style-small.ts';
import { TOOLS } from './style-tools.ts';

const SANS =
  '"Helvetica Neue",Helvetica,Arial,"Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","BIZ UDPGothic","Yu Gothic UI","Yu Gothic",Meiryo,system-ui,sans-serif';
const MONO =
  'ui-monospace,SFMono-Regular,Menlo,Consolas,"BIZ UDGothic","Noto Sans Mono CJK JP","MS Gothic",monospace';

const TOKENS = `
:root{color-scheme:light dark;
--paper:#fff;--wash:#f4f5f7;--ink:#14181d;--ink2:#4a525c;--rule:#b9c0c9;--hair:#dfe3e8;
--p1:#D55E00;--p2:#E69F00;--p3:#0072B2;--p4:#7F7F7F;--edge:#14181d;--mono:${MONO}}
@media screen{
:root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark}
@supports (color:light-dark(#000,#fff)){:root{
--paper:light-dark(#fff,#12161a);--wash:light-dark(#f4f5f7,#1b2026);--ink:light-dark(#14181d,#eceef0);--ink2:light-dark(#4a525c,#b3bbc4);--rule:light-dark(#b9c0c9,#56606b);--hair:light-dark(#dfe3e8,#2d343c);
--p1:light-dark(#D55E00,#F07A1F);--p3:light-dark(#0072B2,#56B4E9);--p4:light-dark(#7F7F7F,#A3A9B0);--edge:light-dark(#14181d,#eceef0)}}}
@supports not (color:light-dark(#000,#fff)){:root{color-scheme:light}}
@media print{:root{color-scheme:light}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:400 16px/1.75 ${SANS};font-variant-numeric:tabular-nums;overflow-wrap:anywhere;line-break:strict}
html:lang(en) body{line-height:1.6}
.page{max-width:1272px;margin:0 auto;padding:0 36px 96px}
.defs{position:absolute}
h1,h2,h3,h4,p,ol,ul,dl,dd,figure,table,pre{margin:0}
a{color:inherit;text-decoration-thickness:1px;text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--p3);outline-offset:2px}
b,th{font-weight:700}
h1,h2,h3,h4{text-wrap:balance}
html:lang(ja) :is(h1,h2,h3,h4,.head p,.label,.number p){word-break:auto-phrase}
p,li,dd,.sub{text-wrap:pretty}
.small{font-size:14px;line-height:1.6;color:var(--ink2)}
.nowrap{white-space:nowrap}
.m{width:20px;height:20px;flex:none;vertical-align:-4px}
.m.large{width:40px;height:40px}
.m.tiny{width:16px;height:16px;vertical-align:-2px}
.t{width:13px;height:13px;vertical-align:-1.5px;margin-right:5px}
.trace{white-space:nowrap;margin-left:.5em}
.finding-id{white-space:nowrap;margin-right:.7em}
code,pre,.hash{font-family:var(--mono);font-weight:400}
code{font-size:.92em;overflow-wrap:anywhere}
pre{font-size:13.5px;line-height:1.6;overflow-x:auto;white-space:pre}
.hash{font-size:12.5px;line-height:1.5;overflow-wrap:anywhere;color:var(--ink2)}
`;

const COVER = `
.cover{border-top:10px solid var(--ink);padding-top:34px}
.top{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:24px;align-items:start}
.order{border-bottom:1px solid var(--ink);padding-bottom:18px}
.order ol{list-style:none;margin-top:8px;padding:0;display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:10px 32px;counter-reset:order}
.order li{counter-increment:order;padding-left:34px;position:relative}
.order li::before{content:counter(order);position:absolute;left:0;top:4px;width:22px;text-align:center;border:1px solid var(--ink);line-height:22px;font-size:13px}
.kind{font-size:14px;color:var(--ink2);margin-bottom:6px}
h1{font-size:40px;line-height:1.25;font-weight:700}
html:lang(ja) h1{letter-spacing:.02em}
.org{font-size:20px;line-height:1.5;margin-top:8px}
.tlp{background:#000;color:#FFC000;font-weight:700;font-size:15px;line-height:1;padding:9px 12px;white-space:nowrap;border:1px solid #000;-webkit-print-color-adjust:exact;print-color-adjust:exact}
@media screen{.tlp{border-color:#FFC000}}
.facts{display:grid;grid-template-columns:1fr 1.1fr 1.3fr 1.1fr;gap:0 32px;margin-top:34px;border-top:1px solid var(--ink)}
.facts>div{padding:14px 0 18px}
.facts dt{font-size:13px;color:var(--ink2);line-height:1.5}
.facts dd{font-size:15px;line-height:1.6}
.health{border-top:1px solid var(--rule);border-bottom:1px solid var(--ink);padding:14px 0;display:grid;grid-template-columns:216px minmax(0,1fr);gap:8px 40px;font-size:15px;line-height:1.6}
nav{padding-top:16px;font-size:14px;line-height:1.5}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:6px 28px}
nav a{text-decoration:none;display:inline-block;padding:3px 0}
nav a:hover{text-decoration:underline}
nav .no{color:var(--ink2);margin-right:.5em}
`;

const SECTIONS = `
section{display:grid;grid-template-columns:216px minmax(0,1fr);gap:0 40px;margin-top:72px;border-top:2px solid var(--ink);padding-top:16px}
section.wide{display:block}
.head .no{display:block;font-size:15px;line-height:1.6;color:var(--ink2)}
h2{font-size:24px;line-height:1.4;font-weight:700}
.head p{margin-top:10px}
section.wide>.head{display:grid;grid-template-columns:minmax(216px,max-content) minmax(0,1fr);gap:0 40px;margin-bottom:24px}
section.wide>.head p{align-self:end;margin:0;max-width:66em}
h3{font-size:18px;line-height:1.5;font-weight:700;margin:40px 0 12px}
.body>h3:first-child{margin-top:0}
.none{font-size:17px;max-width:44em}
.action{display:grid;grid-template-columns:56px minmax(0,1fr) 200px;gap:0 20px;padding:26px 0 28px;border-bottom:1px solid var(--rule)}
.action:first-child{padding-top:6px}
.action.brief{grid-template-columns:56px minmax(0,1fr);padding:14px 0 16px}.brief .m.large{width:32px;height:32px}.brief h3{font-size:19px}
.brief .due{grid-column:2;border:0;padding:0;margin-top:4px;display:flex;flex-wrap:wrap;gap:0 .6em;align-items:baseline}.brief .due b{font-size:15px}.brief .due dd{margin-right:1.2em}.brief .due dd+dt{margin:0}.brief .word{margin-top:0;line-height:1.3}
.word{font-weight:700;font-size:15px;line-height:1.4;margin-top:6px}
.action h3{font-size:22px;line-height:1.45;margin:0 0 4px}
.action h3 a{text-decoration:none}
.action h3 a:hover{text-decoration:underline}
.where{font-size:15px;color:var(--ink2)}
.action ol{padding-left:1.6em;margin-top:12px;max-width:44em}
.action li{margin-top:4px;padding-left:.2em}
.due{border-left:1px solid var(--rule);padding-left:20px;font-size:14px;line-height:1.6}
.due b{display:block;font-size:17px;line-height:1.45}
.due dt{color:var(--ink2)}
.due dd+dt{margin-top:10px}
.fixed{margin-top:12px;font-size:15px;border-left:3px solid var(--ink);padding-left:12px;max-width:44em}
.two{display:grid;grid-template-columns:1fr 1fr;gap:0 48px;margin-top:28px}
.two h3{margin:0;padding-top:12px;border-top:2px solid var(--ink)}
.two ul{list-style:none;padding:0;margin-top:6px;font-size:15px;line-height:1.6}
.two li{padding:8px 0;border-bottom:1px solid var(--hair)}
.two li span,.two dd span{display:block;font-size:14px;color:var(--ink2)}
.call{margin-top:6px;font-size:15px;line-height:1.6}
.call div{display:grid;grid-template-columns:6.5em minmax(0,1fr);gap:0 12px;padding:8px 0;border-bottom:1px solid var(--hair)}
.call dt{font-weight:700}
html:lang(en) .call div{grid-template-columns:8.5em minmax(0,1fr)}
.tel{font-size:20px;line-height:1.4;display:block;white-space:nowrap}
.two .small{margin-top:10px}
.numbers{display:grid;grid-template-columns:repeat(3,minmax(0,1fr)) minmax(0,2.3fr);border-bottom:1px solid var(--rule);padding-bottom:26px}
.number{padding-right:24px}
.value{font-size:52px;line-height:1.1;font-weight:700;display:block;letter-spacing:-.01em}
.value small{font-size:20px;font-weight:400;margin-left:.15em;letter-spacing:0}
.value.word-value{font-size:32px;line-height:57px;letter-spacing:0;white-space:nowrap}
.label{font-size:14px;line-height:1.55;color:var(--ink2);margin-top:6px;display:block;max-width:14em}
.pair{display:grid;grid-template-columns:1fr 1fr;border-left:2px solid var(--ink);padding-left:24px;gap:0 16px}
.number p{margin-top:8px;font-size:14px;line-height:1.6}
.line{display:block;border-bottom:1px dotted var(--ink2);height:1.9em;max-width:10em}
.plot{display:block;width:100%;height:auto;overflow:visible}
.plot.narrow{display:none}
.plot text{fill:var(--ink);font-family:inherit;font-size:14px}
.plot.narrow text{font-size:13px}
.plot .cap{font-weight:700}
.plot text.h{font-size:16px;font-weight:700}
.plot text.s{font-size:12.5px;fill:var(--ink2)}
.plot .b{font-weight:700}
.plot .wall{fill:var(--ink)}.plot .halo{fill:var(--paper)}
.plot .box{fill:none;stroke:var(--ink2);stroke-width:1}
.plot .dot{stroke:var(--rule);stroke-width:1;stroke-dasharray:1 4;stroke-linecap:round}
.plot .way{stroke:var(--ink2);stroke-width:1.2}.plot .dash{stroke-dasharray:5 4}
.plot .stopper{stroke:var(--ink);stroke-width:3}
.plot .in{fill:none;stroke:var(--ink);stroke-width:1.2}
.plot .bus{stroke:var(--ink);stroke-width:2}
.plot .van{fill:var(--paper);stroke:var(--ink);stroke-width:2}.plot .van.dash{stroke-dasharray:3 2.4}
.plot .rule{stroke:var(--ink);stroke-width:1}
.plot .shut{stroke:var(--ink);stroke-width:2}
.strip{max-width:480px}
.key{display:flex;flex-wrap:wrap;gap:6px 26px;font-size:14px;line-height:1.6;color:var(--ink2);padding:0;list-style:none;margin-top:18px}
.key li{display:flex;align-items:center;gap:8px}.key svg{flex:none}
.key line{stroke:var(--ink2)}.key .stopper{stroke:var(--ink);stroke-width:3}.key .dash{stroke-dasharray:5 4}
details{margin-top:16px;font-size:15px}
summary{cursor:pointer;padding:6px 0;color:var(--ink2);text-decoration:underline;text-underline-offset:.25em;text-decoration-thickness:1px}
section>.section-fold{margin:0}section.wide>.section-fold>summary{padding:0}.section-fold>.body{margin-top:20px}
details ul{padding-left:1.3em;margin-top:6px}
`;

const TABLES = `
table{width:100%;border-collapse:collapse;font-size:15px;line-height:1.6}
th,td{text-align:left;vertical-align:top;padding:11px 18px 11px 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:13px;line-height:1.45;border-bottom:1.5px solid var(--ink);vertical-align:bottom;color:var(--ink2);font-weight:400;padding-top:0}
thead th b{color:var(--ink);font-size:15px}
.sub{display:block;font-size:13.5px;line-height:1.55;color:var(--ink2);font-weight:400}
.id{display:flex;gap:8px;align-items:center;font-weight:700;white-space:nowrap}
.id a{text-decoration:none}
.id a:hover{text-decoration:underline}
.doors,.list{table-layout:fixed}
.doors th,.doors td{padding-right:16px}
.doors .three{background:var(--wash);padding-left:14px}
.doors .after{padding-left:16px}
.doors .c1{width:10.5%}.doors .c2{width:13.5%}.doors .c3{width:15.5%}.doors .c4{width:16%}.doors .c5{width:16.5%}.doors .c6{width:9.5%}.doors .c7{width:9%}.doors .c8{width:9.5%}
.list .c1{width:11%}.list .c2{width:19%}.list .c3{width:26%}.list .c4{width:31%}.list .c5{width:13%}
.logs td:first-child{width:46%}
.cover-table .c1{width:17%}.cover-table .c2{width:33%}.cover-table .c3{width:12%}
.scroll{overflow-x:auto}
.grid th,.grid td{text-align:center;padding:10px 6px}
.grid tbody th,.grid thead th:first-child{text-align:left;padding-left:0}
.cell{display:inline-flex;gap:5px;align-items:center;margin:0 4px;white-space:nowrap}
.zero{color:var(--ink2)}
.kinds{display:grid;grid-template-columns:repeat(auto-fit,minmax(104px,1fr));gap:14px 0;border-bottom:1px solid var(--rule);padding-bottom:18px;margin-bottom:8px}
.kinds div{font-size:14px;line-height:1.5;color:var(--ink2);padding-right:8px}
.kinds b{display:block;font-size:26px;line-height:1.3;color:var(--ink)}
.kinds i{font-style:normal;font-weight:400;display:inline-block;width:1.25em}
.changes .k{width:2.2em;font-size:20px;line-height:1.3;font-weight:700;padding-right:8px}
.changes .i{width:6em;font-weight:700;white-space:nowrap}
.changes .p{width:9.5em;white-space:nowrap}
.ask{display:block;border-bottom:1px dotted var(--ink2);min-height:1.9em;max-width:24em;font-size:13.5px;color:var(--ink2)}
.after-table{margin-top:12px}
`;

/** What comes later may set right what came before. Each part ends with its own rules for phones (under 860 px) and for paper. */
const STYLE = [
  TOKENS,
  COVER,
  SECTIONS,
  TABLES,
  FINDINGS,
  PHONE,
  PAPER,
  TOOLS,
  RESCUE,
  PLOTS,
  SMALL,
  DIRECTOR,
  CARD,
]
  .join('')
  .replaceAll('\n', '');

/** @param header Printed at the head and foot of every sheet of paper; already escaped as CSS strings. */
export function styleSheet(header: {
  readonly left: string;
  readonly right: string;
  /** Absent: only the number of the sheet. */
  readonly foot: string | undefined;
}): string {
  const foot =
    header.foot === undefined
      ? ''
      : `@bottom-left{content:${header.foot};font:7pt sans-serif;text-align:left;width:160mm}`;
  const page = `@page{size:A4;margin:14mm 12mm 12mm;@top-left{content:${header.left};font:8pt sans-serif}@top-right{content:${header.right};font:bold 8pt sans-serif}${foot}@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif}}`;
  return page + STYLE;
}

/** A CSS string literal in which everything but letters, digits and spaces is written as an escape: nothing can end it early. */
export function cssString(text: string): string {
  const escaped = [...text]
    .map((c) => (/[\p{L}\p{N} ]/u.test(c) ? c : `\\${(c.codePointAt(0) ?? 0xfffd).toString(16)} `))
    .join('');
  return `"${escaped}"`;
}
