/** The full report as a run of plain parts, from which the text and the Markdown form are written. */
import { blockNodes, evidenceNodes, sheetCellText } from './document-blocks.ts';
import { cardNodes } from './document-card.ts';
import type { Node } from './document-node.ts';
import { passiveNodes, withNotes, yoursNodes } from './document-rescue.ts';
import { symbolOf } from './mark-symbol.ts';
import { messagesFor, type Messages } from './messages/index.ts';
import type { ActionView, Cell, FindingView, Mark, NumberView, ReportView } from './view-model.ts';
import type { SectionNumber } from './views.ts';

export function toDocument(view: ReportView): Node[] {
  const m = messagesFor(view.lang);
  const { cover } = view;
  return [
    { kind: 'heading', level: 1, text: `${cover.title}  ${cover.organisation}` },
    { kind: 'text', text: cover.tlp },
    ...passiveNodes(view.passive),
    {
      kind: 'pairs',
      items: cover.facts.map(({ label, lines }) => ({ term: label, text: lines.join(' / ') })),
    },
    { kind: 'text', text: `${cover.health.label}${m.clauseSeparator}${cover.health.text}` },
    ...withNotes(sections(view, m), view.passive),
  ];
}

function sections(view: ReportView, m: Messages): Node[] {
  return [
    ...today(view, m),
    ...glance(view, m),
    ...changes(view, m),
    ...doors(view, m),
    ...findings(view, m),
    ...blockSections(view, ['6', '7', '8', '9', '10', '11'], m),
    ...yoursNodes(view.yours, m),
    ...blockSections(view, ['12', '13', '14'], m),
    ...limits(view, m),
    ...appendix(view, m),
    ...blockSections(view, ['G', 'M'], m),
  ];
}

function section(number: string, title: string, lead: string): Node[] {
  const heading: Node = { kind: 'heading', level: 2, text: `${number}. ${title}` };
  return lead === '' ? [heading] : [heading, { kind: 'text', text: lead }];
}

function today({ today: part }: ReportView, m: Messages): Node[] {
  const help = part.help.map(({ who, what, phone }) => ({
    term: who,
    text: phone === undefined ? what : `${phone} ${what}`,
  }));
  return [
    ...section('1', m.sections.today, part.lead),
    ...(part.none === undefined ? [] : [{ kind: 'text' as const, text: part.none }]),
    ...part.actions.flatMap((action) => actionNodes(action, m)),
    { kind: 'heading', level: 3, text: m.today.dontTitle },
    { kind: 'list', style: 'bullets', items: m.today.donts.map(({ what, why }) => m.label(what, why)) },
    ...part.rules.map((text): Node => ({ kind: 'text', text })),
    { kind: 'heading', level: 3, text: m.today.callTitle },
    { kind: 'pairs', items: help },
    { kind: 'text', text: part.helpText },
  ];
}

function actionNodes(action: ActionView, m: Messages): Node[] {
  const word = action.priority === undefined ? '' : m.ids.priority[action.priority];
  return [
    { kind: 'heading', level: 3, text: `${symbolOf(action)} ${word}  ${action.id}  ${action.headline}` },
    { kind: 'text', text: action.where },
    { kind: 'list', style: 'numbers', items: action.steps },
    ...action.notes.map((text): Node => ({ kind: 'text', text })),
    {
      kind: 'pairs',
      items: [
        { term: m.today.begin, text: action.begin },
        { term: m.today.finish, text: action.finish },
      ],
    },
  ];
}

function glance({ glance: part, card }: ReportView, m: Messages): Node[] {
  const number = ({ value, unit, label, note }: NumberView): { term: string; text: string } => ({
    term: label,
    text: [value === undefined ? m.glance.unknownNumber : `${value} ${unit}`.trim(), note]
      .filter((text) => text !== '')
      .join(' '),
  });
  const cells = part.grid.rows.map(({ name, cells: row }) => [
    name,
    ...row.map((cell) =>
      cell.length === 0 ? m.dash : cell.map((one) => `${symbolOf(one)}${m.number(one.count)}`).join(' '),
    ),
  ]);
  return [
    ...section('2', m.sections.glance, part.lead),
    { kind: 'pairs', items: [...part.numbers, ...part.pair].map(number) },
    { kind: 'heading', level: 3, text: m.glance.map },
    {
      kind: 'list',
      style: 'bullets',
      items: part.map.sites.map((site) =>
        m.label([site.name, site.kind].filter((text) => text !== '').join(m.listSeparator), site.text),
      ),
    },
    { kind: 'heading', level: 3, text: m.glance.grid },
    { kind: 'table', head: [m.glance.site, ...part.grid.columns], rows: cells },
    ...(part.grid.empty === '' ? [] : [{ kind: 'text' as const, text: part.grid.empty }]),
    ...cardNodes(card, (cell) => sheetCellText(cell, m)),
  ];
}

function changes({ changes: part }: ReportView, m: Messages): Node[] {
  const rows = part.items.map((item) => [
    `${item.symbol} ${item.id}`,
    markText(item, m),
    [item.title, ...item.lines, ...(item.ask === undefined ? [] : [`${item.ask}__________`])].join(' '),
  ]);
  return [
    ...section('3', m.sections.changes, part.lead),
    ...(part.none === undefined ? [] : [{ kind: 'text' as const, text: part.none }]),
    ...(rows.length === 0
      ? []
      : [
          {
            kind: 'text' as const,
            text: part.kinds
              .map(({ symbol, name, count }) => `${symbol} ${name} ${m.number(count)}`)
              .join('  '),
          },
          { kind: 'table' as const, head: [m.changes.kind, m.changes.mark, m.changes.what], rows },
        ]),
    ...(part.more === undefined ? [] : [{ kind: 'text' as const, text: part.more }]),
  ];
}

function markText(mark: Mark, m: Messages): string {
  const word = mark.priority === undefined ? m.doors.notJudged : m.ids.priority[mark.priority];
  return `${symbolOf(mark)} ${word} ${mark.trace ?? ''}`.trimEnd();
}

function cellText(cell: Cell, m: Messages): string {
  return [cell.text, ...cell.sub].join(m.listSeparator);
}

function doors({ doors: part }: ReportView, m: Messages): Node[] {
  const say = m.doors;
  const rows = part.rows.map((row) => [
    `${row.id} ${markText(row, m)}`,
    ...[row.place, row.product, row.authentication, row.patch, row.own, row.record, row.declared].map(
      (cell) => cellText(cell, m),
    ),
  ]);
  const head = [
    say.id,
    say.door,
    say.product,
    say.authentication,
    say.patch,
    say.own,
    say.records,
    say.declared,
  ];
  return [
    ...section('4', m.sections.doors, say.lead),
    ...(part.none === undefined ? [] : [{ kind: 'text' as const, text: part.none }]),
    ...(rows.length === 0 ? [] : [{ kind: 'table' as const, head, rows }]),
    ...(part.more === undefined ? [] : [{ kind: 'text' as const, text: part.more }]),
    { kind: 'text', text: part.note },
  ];
}

function findings({ findings: part }: ReportView, m: Messages): Node[] {
  const head = [m.doors.id, m.finding.place, m.finding.what, m.finding.reading, m.finding.firstSeen];
  return [
    ...section('5', m.sections.findings, part.lead),
    ...part.full.flatMap((finding) => findingNodes(finding, m)),
    ...part.tables.flatMap((table): Node[] => [
      { kind: 'heading', level: 3, text: table.title },
      { kind: 'text', text: table.note },
      {
        kind: 'table',
        head,
        rows: table.rows.map((row) => [
          `${row.id} ${markText(row, m)}`,
          ...[row.place, row.what, row.reading, row.since].map((cell) => cellText(cell, m)),
        ]),
      },
      ...(table.more === undefined ? [] : [{ kind: 'text' as const, text: table.more }]),
    ]),
  ];
}

function findingNodes(finding: FindingView, m: Messages): Node[] {
  return [
    { kind: 'heading', level: 3, text: `${symbolOf(finding)} ${finding.id}  ${finding.headline}` },
    { kind: 'pairs', items: [...finding.meta, ...finding.ground] },
    ...finding.parts.flatMap(({ number, title, blocks }): Node[] => [
      { kind: 'heading', level: 4, text: number === undefined ? title : `${number}  ${title}` },
      ...blocks.flatMap((block) => blockNodes(block, m)),
    ]),
  ];
}

function blockSections(view: ReportView, numbers: readonly SectionNumber[], m: Messages): Node[] {
  return view.sections
    .filter(({ number }) => numbers.includes(number))
    .flatMap(({ number, title, lead, blocks }) => [
      ...section(number, title, lead),
      ...blocks.flatMap((block) => blockNodes(block, m)),
    ]);
}

function limits({ limits: part }: ReportView, m: Messages): Node[] {
  const say = m.limits;
  return [
    ...section('15', m.sections.limits, say.lead),
    ...(part.zero === undefined ? [] : [{ kind: 'text' as const, text: part.zero }]),
    {
      kind: 'table',
      head: [say.source, say.looked, say.answered, say.notLooked],
      rows: part.sources.map(({ name, state, looked, answered, notLooked }) => [
        m.withNote(name, state),
        looked.join(m.clauseSeparator),
        answered,
        notLooked.join(m.clauseSeparator),
      ]),
    },
    { kind: 'heading', level: 3, text: say.scopeTitle },
    { kind: 'pairs', items: part.scope },
    { kind: 'heading', level: 3, text: say.cannotTitle },
    { kind: 'list', style: 'bullets', items: part.cannot },
    { kind: 'heading', level: 3, text: say.promiseTitle },
    ...part.promise.map((text): Node => ({ kind: 'text', text })),
    { kind: 'heading', level: 3, text: say.versionsTitle },
    { kind: 'pairs', items: part.versions },
  ];
}

function appendix({ appendix: part }: ReportView, m: Messages): Node[] {
  return [
    ...section('A', m.sections.appendix, m.evidence.lead),
    ...(part.items.length === 0 ? [{ kind: 'text' as const, text: m.evidence.none }] : []),
    ...part.items.filter(({ repeats }) => !repeats).flatMap((item) => evidenceNodes(item, m)),
    ...(part.omitted === undefined ? [] : [{ kind: 'text' as const, text: part.omitted }]),
  ];
}
