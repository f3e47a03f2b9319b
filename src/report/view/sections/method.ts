import { showable } from '../../../lib/hostile-text.ts';
import type { Priority } from '../../../model/finding.ts';
import { textOf } from '../../messages/index.ts';
import type { Block } from '../../view-model.ts';
import type { SectionView, SheetView } from '../../view-model-sections.ts';
import { conditionLines } from '../conditions.ts';
import type { Context } from '../context.ts';
import { buildLimits } from '../limits.ts';
import { isActive, ownLook } from '../passive.ts';

const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P3', 'P4'];
const SOURCES = 12;

/** Section M: how it was looked and judged, with the table that judged, so that people can check both. */
export function buildMethod(context: Context): SectionView {
  const { m } = context;
  const say = m.method;
  const silent = ownLook(context) === 'silent';
  return {
    number: 'M',
    title: say.title,
    lead: say.lead,
    blocks: [
      { kind: 'heading', text: say.lookTitle },
      { kind: 'list', style: 'bullets', items: say.look },
      ...(silent ? [{ kind: 'text' as const, text: say.lookPassive }] : []),
      { kind: 'heading', text: say.sentTitle },
      { kind: 'pairs', items: sentLines(context) },
      ...(silent ? [] : markBlocks(context)),
      { kind: 'heading', text: say.certaintyTitle },
      {
        kind: 'pairs',
        items: (['confirmed', 'inferred', 'to-confirm'] as const).map((id) => ({
          term: m.ids.certainty[id],
          text: say.certainty[id],
        })),
      },
      { kind: 'sheet', ...tableSheet(context) },
      { kind: 'sheet', ...adjustSheet(context) },
      { kind: 'heading', text: say.deadlinesTitle },
      { kind: 'pairs', items: PRIORITIES.map((priority) => deadlineLine(context, priority)) },
      { kind: 'text', text: say.deadlinesNote, small: true },
      { kind: 'heading', text: say.closedTitle },
      { kind: 'list', style: 'bullets', items: say.closed },
      { kind: 'heading', text: say.versionsTitle },
      { kind: 'pairs', items: buildLimits(context).versions, small: true },
    ],
  };
}

type Pair = Extract<Block, { kind: 'pairs' }>['items'][number];

function sentLines(context: Context): Pair[] {
  const { m, snapshot, dates } = context;
  const { startedAt, endedAt } = snapshot;
  const say = m.method;
  const silent = ownLook(context) === 'silent';
  const asked = snapshot.coverage
    .filter((one) => !isActive(one) && one.requests > 0)
    .slice(0, SOURCES)
    .map(({ source, requests }) => say.askedOne(m.ids.source[source], requests));
  return [
    ...(silent ? [] : [{ term: say.vantage, text: showable(snapshot.vantage, 60) }]),
    { term: say.time, text: say.span(dates.moment(startedAt), dates.moment(endedAt)) },
    { term: 'UTC', text: say.span(showable(startedAt, 30), showable(endedAt, 30)) },
    { term: say.probes, text: probesText(context) },
    ...(asked.length === 0 ? [] : [{ term: say.asked, text: asked.join(m.listSeparator) }]),
    ...(silent ? [] : [{ term: say.sender, text: say.senderBlank }]),
  ];
}

/** A source that failed may have sent something all the same; a tool that was started does not say how much it sent. */
function probesText({ m, snapshot }: Context): string {
  const say = m.method;
  const own = snapshot.coverage.filter((one) => isActive(one) && one.state !== 'off');
  const lines = own.map(({ source, requests, state }) => {
    if (requests > 0) return m.label(m.ids.source[source], say.sent(requests));
    return m.label(m.ids.source[source], state === 'failed' ? say.sentUnknown : say.sentUncounted);
  });
  return lines.length === 0 ? say.sentNothing : m.lines(lines);
}

function markBlocks({ m }: Context): Block[] {
  const say = m.method;
  return [
    { kind: 'heading', text: say.marksTitle },
    { kind: 'text', text: say.marksLead },
    { kind: 'pairs', items: say.marks },
  ];
}

function tableSheet(context: Context): SheetView {
  const { m, knowledge, findings } = context;
  const say = m.method.table;
  const { rows, version } = knowledge.decisions;
  return {
    id: 'decision-table',
    title: say.title,
    note: say.note(version),
    columns: [
      { text: say.number, width: 7 },
      { text: say.condition, width: 55 },
      { text: say.priority, width: 12 },
      { text: say.trace, width: 15 },
      { text: say.count, width: 11 },
    ],
    rows: rows.map(({ id, number, when, priority, trace, fixed, modifiers }) => [
      { text: `${number}` },
      {
        text: textOf(m.ids.row, id),
        sub: [
          ...conditionLines(context, when),
          ...(fixed ? [say.fixed] : []),
          ...(modifiers?.length === 0 ? [say.noModifiers] : []),
        ],
      },
      { text: `${priority} ${m.ids.priority[priority]}` },
      { text: `${trace} ${m.ids.trace[trace]}` },
      { text: say.findings(findings.filter(({ row }) => row === id).length) },
    ]),
    more: undefined,
  };
}

/** Several adjustments may share an id: one says what happened, so its findings are counted once. */
function adjustSheet(context: Context): SheetView {
  const { m, knowledge, findings } = context;
  const say = m.method.adjust;
  const { modifiers } = knowledge.decisions;
  return {
    id: 'adjustments',
    title: say.title,
    note: say.note,
    columns: [
      { text: say.what, width: 40 },
      { text: say.condition, width: 49 },
      { text: say.count, width: 11 },
    ],
    rows: modifiers.map(({ id, when, 'not-above': limit }, index) => {
      const isFirst = modifiers.findIndex((one) => one.id === id) === index;
      const moved = findings.filter((finding) => finding.modifiers.includes(id)).length;
      return [
        { text: textOf(m.ids.modifier, id) },
        {
          text: conditionLines(context, when).join(m.clauseSeparator),
          ...(limit === undefined ? {} : { sub: [say.notAbove(m.ids.priority[limit])] }),
        },
        { text: isFirst ? m.method.table.findings(moved) : m.dash },
      ];
    }),
    more: undefined,
  };
}

function deadlineLine({ m, knowledge }: Context, priority: Priority): Pair {
  const { start, finish } = knowledge.decisions.deadlines[priority];
  const text =
    start === undefined || finish === undefined ? m.method.deadlineNone : m.method.deadline(start, finish);
  return { term: `${priority} ${m.ids.priority[priority]}`, text };
}
