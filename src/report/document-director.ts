/** The plain form of the director's sheet. */
import type { Node } from './document-node.ts';
import { headNodes } from './document-small.ts';
import { messagesFor, type Messages } from './messages/index.ts';
import type { NumberView, ReportView } from './view-model.ts';
import type { DirectorView } from './view-model-pages.ts';

export function directorNodes({ director, lang }: ReportView): Node[] {
  const m = messagesFor(lang);
  const say = m.pages.director;
  const { numbers, pair, said, ask, may, maySource, limits, law } = director;
  return [
    ...headNodes(director),
    text(director.conclusion),
    heading(say.numbersTitle),
    { kind: 'pairs', items: [...numbers, ...pair].map((number) => numberPair(number, m)) },
    ...[said, ask].flatMap((line) => (line === undefined ? [] : [text(line)])),
    heading(say.mayTitle),
    { kind: 'pairs', items: may.map(({ what, text: line }) => ({ term: what, text: line })) },
    text(maySource),
    heading(say.decisionsTitle),
    ...decisionNodes(director, m),
    heading(say.sitesTitle),
    {
      kind: 'table',
      head: [say.site, say.siteDoors, say.siteUrgent, say.siteOwner, say.siteLongest],
      rows: director.sites.rows,
    },
    ...(director.sites.more === undefined ? [] : [text(director.sites.more)]),
    heading(say.limitsTitle),
    ...[...limits, law].map(text),
  ];
}

const text = (line: string): Node => ({ kind: 'text', text: line });
const heading = (line: string): Node => ({ kind: 'heading', level: 2, text: line });

function numberPair({ value, unit, label, note }: NumberView, m: Messages): { term: string; text: string } {
  const counted = value === undefined ? m.pages.director.unknown : `${value} ${unit}`.trim();
  return { term: label, text: note === '' ? counted : m.withNote(counted, note) };
}

function decisionNodes({ decisions }: DirectorView, m: Messages): Node[] {
  const say = m.pages.director;
  if (decisions.length === 0) return [text(say.noDecisions)];
  const rows = decisions.map(({ kind, text: line, sub, by }) => [
    kind,
    sub === '' ? line : m.withNote(line, sub),
    by,
  ]);
  return [{ kind: 'table', head: [say.decision, say.what, say.by], rows }];
}
