/** The hearing sheets: for each site one, for each door what was seen and what only the owner knows, with what has been answered. */
import { showable } from '../../lib/hostile-text.ts';
import type { SheetCell, SheetView } from '../view-model-sections.ts';
import {
  answerCell,
  answeredNote,
  answerOf,
  answersCell,
  answerText,
  idCell,
  judged,
  logsCell,
  yesNoText,
  type Judged,
} from './answered.ts';
import { findingId, joined, placeText, seenByProbe, serviceName, siteName, type Context } from './context.ts';
import { logPeriod } from './numbers.ts';
import { authenticationCell, patchCell, productCell, versionText } from './words.ts';

/** Nobody asks about more in one visit; the rest is named. */
const GROUPS = 24;
const IDS = 12;
/** Name of a worksheet. */
const TITLE = 28;

/** Doors that look alike and of which nothing different was told: one block for all of them, most urgent first. */
type Group = readonly [Judged, ...Judged[]];

export interface Hearing {
  readonly sheets: readonly SheetView[];
  /** What was left out, by number. */
  readonly more: string | undefined;
}

export function buildHearing(context: Context): Hearing {
  const { m } = context;
  const groups = groupsOf(context);
  const shown = groups.slice(0, GROUPS);
  const rest = groups.slice(GROUPS).flat();
  const bySite = new Map<string, Group[]>();
  for (const group of shown) {
    const id = group[0].finding.siteId ?? '';
    bySite.set(id, [...(bySite.get(id) ?? []), group]);
  }
  const ids = new Set<string>();
  return {
    sheets: [...bySite].map(([siteId, ofSite]) => sheetOf(context, siteId, ofSite, ids)),
    more:
      rest.length === 0
        ? undefined
        : m.owner.more(
            rest.length,
            joined(
              context,
              rest.map(({ finding }) => findingId(finding)),
              IDS,
            ),
          ),
  };
}

/** What leads inside, and what asks for work. */
function groupsOf(context: Context): Group[] {
  const groups = new Map<string, [Judged, ...Judged[]]>();
  for (const one of judged(context)) {
    const { finding, service } = one;
    if (finding.inputs.role !== 'door' && finding.priority === 'P4') continue;
    const key = JSON.stringify([
      finding.siteId,
      service.class,
      finding.productId,
      finding.priority,
      service.version,
      service.authentication,
      seenByProbe(service),
      answerOf(context, finding),
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function sheetOf(context: Context, siteId: string, groups: readonly Group[], taken: Set<string>): SheetView {
  const { m } = context;
  const { owner } = m;
  const isTold = groups.some(([{ finding }]) => Object.keys(answerOf(context, finding)).length > 0);
  const by = answeredNote(context);
  const toldLines = by.length === 0 ? [owner.ask.told] : by;
  return {
    id: freeId(`hearing-${slug(siteId)}`, taken),
    title: showable(owner.ask.hearing(siteName(context, siteId)), TITLE),
    note: m.lines([owner.ask.hearingLead, ...(isTold ? toldLines : [owner.ask.untold])]),
    inside: joined(
      context,
      groups.map(([{ finding }]) => findingId(finding)),
      IDS,
    ),
    columns: [
      { text: owner.ask.door, width: 18 },
      { text: owner.columns.asked, width: 28 },
      { text: owner.columns.seen, width: 24 },
      { text: owner.columns.answer, width: 30 },
    ],
    rows: groups.flatMap((group) => rowsOf(context, group)),
    more: undefined,
  };
}

/** The id of a site as part of an anchor. */
function slug(siteId: string): string {
  const id = siteId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return id === '' ? 'other' : id;
}

function freeId(id: string, taken: Set<string>): string {
  let free = id;
  for (let n = 2; taken.has(free); n += 1) free = `${id}-${n}`;
  taken.add(free);
  return free;
}

function rowsOf(context: Context, group: Group): SheetCell[][] {
  const [{ finding, service }] = group;
  const { m, dates } = context;
  const { owner } = m;
  const told = answerOf(context, finding);
  const since = dates.numeric(logPeriod(finding, service).from);
  // Every row says whose it is: in a spreadsheet, and when it is sorted, it stands alone.
  const ask = (asks: readonly string[], seen: readonly string[], answer: SheetCell): SheetCell[] => [
    idCell(finding),
    lined(asks),
    lined(seen),
    answer,
  ];
  return [
    firstRow(context, group, since),
    ...(seenByProbe(service)
      ? []
      : [ask([owner.ask.stillThere], [owner.ask.recordSince(since)], tickCell(context))]),
    ask(
      [owner.questions['may-close'], owner.questions['closing-decided-by']],
      [declaredText(context, service.key)],
      closingCell(context, group[0]),
    ),
    ask(
      [owner.questions.version, owner.questions['patched-by']],
      [versionText(context, service), m.label(m.doors.patch, patchCell(context, service, finding).text)],
      answersCell(context, [
        { name: owner.answer.version, text: told.version },
        { name: owner.answer.patchedBy, text: told['patched-by'] },
      ]),
    ),
    ask(
      [owner.logs.where, owner.logs.days, owner.logs['off-box']],
      [owner.ask.period(since)],
      logsCell(context, told.logs),
    ),
    ask([owner.questions.behind, owner.ask.whoAnswers], [m.dash], answerCell(context, told.behind, 2)),
  ];
}

/** With what the door looks like from outside. */
function firstRow(context: Context, group: Group, since: string): SheetCell[] {
  const [{ finding, service }, ...others] = group;
  const { m, dates } = context;
  const { ask, answer, questions } = m.owner;
  const told = answerOf(context, finding);
  const openedOn = told['opened-on'];
  const product = productCell(context, service);
  const authentication = authenticationCell(context, service);
  const alike = joined(
    context,
    others.map((one) => findingId(one.finding)),
    IDS,
  );
  return [
    idCell(finding, [
      placeText(service),
      serviceName(context, service),
      ...(others.length === 0 ? [] : [ask.alike(alike)]),
    ]),
    lined([ask.opened, questions['opened-on']]),
    lined([product.text, ...product.sub, authentication.text, ...authentication.sub, ask.since(since)]),
    answersCell(context, [
      { name: answer.openedBy, text: told['opened-by'] },
      { name: answer.purpose, text: told.purpose },
      { name: answer.openedOn, text: openedOn === undefined ? undefined : dates.full(openedOn) },
    ]),
  ];
}

function lined([text = '', ...sub]: readonly string[]): SheetCell {
  return sub.length === 0 ? { text } : { text, sub };
}

function declaredText({ m, snapshot }: Context, key: string): string {
  const expected = snapshot.expected.find((one) => one.key === key);
  return expected === undefined
    ? m.label(m.doors.declared, m.doors.undeclared)
    : m.label(m.doors.declared, showable(`${expected.reason} ${expected.owner}`, 100));
}

function tickCell({ m }: Context): SheetCell {
  return { text: '', ticks: [m.owner.yes, m.owner.no, m.owner.notKnown] };
}

/** Whether it may be closed, and who decides. */
function closingCell(context: Context, { finding }: Judged): SheetCell {
  const { m } = context;
  const told = answerOf(context, finding);
  const decides = told['closing-decided-by'];
  const who = decides === undefined ? [] : [m.label(m.owner.answer.decides, answerText(decides))];
  const mayClose = told['may-close'];
  if (mayClose !== undefined)
    return {
      text: yesNoText(context, mayClose),
      sub: [...who, m.owner.told],
      ...(who.length === 0 ? { blanks: 1 } : {}),
    };
  return who.length === 0
    ? { ...tickCell(context), blanks: 1 }
    : { ...tickCell(context), sub: [...who, m.owner.told] };
}
