import { showable } from '../../../lib/hostile-text.ts';
import { shutAfter, type Span } from '../../../model/exposure.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Exposure, Service } from '../../../model/service.ts';
import type { ServiceClass } from '../../../model/service-class.ts';
import { answerCell, answerOf, idCell, siteAnswerOf } from '../answered.ts';
import {
  findingId,
  placeText,
  seenByProbe,
  serviceName,
  shortName,
  siteName,
  type Context,
} from '../context.ts';
import { waysIn, type Reason, type WayIn } from '../door-reasons.ts';
import { logDays, logPeriod } from '../numbers.ts';
import { pastDoors, type PastDoor } from '../past-doors.ts';
import { storeOf } from '../traces.ts';
import type { Block } from '../../view-model.ts';
import type { SheetCell } from '../../view-model-sections.ts';

const ROWS = 20;
const PAST_ROWS = 10;
const LOGS = 2;
const SPANS = 3;
const CVES = 3;

/** Ways in that could have been used, from outside alone: never that one was. */
export function hypothesisBlocks(context: Context): Block[] {
  const { m } = context;
  const say = m.rescuer.hypotheses;
  const open = waysIn(context);
  const past = pastDoors(context);
  const other: Block = { kind: 'box', title: say.otherTitle, items: say.other };
  if (open.length + past.length === 0)
    return [
      { kind: 'heading', text: say.title, anchor: 'hypotheses' },
      { kind: 'text', text: say.none },
      other,
    ];
  const said = new Map<string, string>();
  const rows = [
    ...open.slice(0, ROWS).map((one) => openRow(context, one, said)),
    ...past.slice(0, PAST_ROWS).map((one) => pastRow(context, one, said)),
  ];
  const more = Math.max(0, open.length - ROWS) + Math.max(0, past.length - PAST_ROWS);
  return [
    {
      kind: 'sheet',
      id: 'hypotheses',
      title: say.title,
      note: m.lines([say.lead, say.order]),
      columns: [
        { text: say.columns.door, width: 14 },
        { text: say.columns.why, width: 17 },
        { text: say.columns.open, width: 16 },
        { text: say.columns.proof, width: 22 },
        { text: say.columns.refute, width: 14 },
        { text: say.columns.left, width: 17 },
      ],
      rows,
      more: more > 0 ? say.more(more) : undefined,
    },
    { kind: 'rule', text: m.limits.notClean },
    other,
  ];
}

function openRow(context: Context, one: WayIn, said: Map<string, string>): SheetCell[] {
  const { finding, service, reasons } = one;
  const about = [
    serviceName(context, service),
    siteName(context, finding.siteId ?? service.siteId),
    placeText(service),
  ];
  return [
    idCell(finding, about),
    whyCell(context, one),
    openCell(context, service.exposure ?? bare(finding), finding),
    proofCell(context, service.class, findingId(finding), said),
    refuteCell(context, reasons, findingId(finding), said),
    leftCell(context, finding, service),
  ];
}

function whyCell(context: Context, { finding, service, reasons }: WayIn): SheetCell {
  const { m } = context;
  const say = m.rescuer.hypotheses;
  const [first = '', ...rest] = reasons.map((reason) => say.reasons[reason]);
  const isRecord = !seenByProbe(service);
  return {
    text: first,
    sub: [
      ...rest,
      say.certainty(m.ids.certainty[finding.certainty]),
      ...(isRecord ? [say.isRecord] : []),
      ...(finding.inputs.reach === 'some' ? [say.limited] : []),
    ],
  };
}

/** A snapshot from before exposures were kept tells only what was seen here. */
function bare({ firstSeen, lastSeen }: Pick<Finding, 'firstSeen' | 'lastSeen'>): Exposure {
  const spans = [{ from: firstSeen, to: lastSeen, sources: [], looks: 1 }];
  return { first: firstSeen, last: lastSeen, spans, shut: [] };
}

function openCell(context: Context, exposure: Exposure, finding?: Finding): SheetCell {
  const { m, dates } = context;
  const say = m.rescuer.hypotheses;
  const { spans } = exposure;
  const [newest, ...earlier] = spans.toReversed();
  if (newest === undefined) return { text: m.unknown };
  const shown = earlier.slice(0, SPANS - 1);
  const shut = shutAfter(exposure);
  const notices = (finding?.exploited ?? [])
    .filter(({ kevAdded }) => kevAdded !== undefined)
    .toSorted((a, b) => ((a.kevAdded ?? '') < (b.kevAdded ?? '') ? 1 : -1));
  const hidden = earlier.length - shown.length;
  return {
    text: spanText(context, newest),
    sub: [
      ...seenText(context, newest),
      ...shown.map((span) => spanText(context, span)),
      ...(hidden > 0 ? [say.moreSpans(hidden)] : []),
      ...(shut === undefined ? [] : [say.shut(dates.numeric(shut.at))]),
      ...notices
        .slice(0, CVES)
        .map(({ cve, kevAdded = '' }) => say.notice(showable(cve, 30), dates.numeric(kevAdded))),
      ...(notices.length > CVES ? [say.moreNotices(notices.length - CVES)] : []),
    ],
  };
}

function spanText({ m, dates }: Context, { from, to }: Span): string {
  const [first, last] = [dates.numeric(from), dates.numeric(to)];
  return first === last ? last : m.rescuer.logs.period(first, last);
}

/** Whether own probes, others or both saw the time that is meant. */
function seenText({ m }: Context, { sources }: Span): string[] {
  const say = m.rescuer.hypotheses;
  if (sources.length === 0) return [];
  if (!sources.includes('probe')) return [say.seenByOthers];
  return [sources.length === 1 ? say.seenByOwn : say.seenByBoth];
}

/** Said in full once for a kind of service; others of the kind refer to it. */
function proofCell(context: Context, kind: ServiceClass, id: string, said: Map<string, string>): SheetCell {
  const { m, lang, knowledge } = context;
  const say = m.rescuer.hypotheses;
  const like = said.get(kind);
  if (like !== undefined) return { text: say.same(like) };
  const checks = knowledge.advice.get(kind)?.['log-checks'] ?? [];
  if (checks.length === 0) return { text: m.finding.noAdvice };
  said.set(kind, id);
  const [first = '', ...rest] = checks
    .slice(0, LOGS)
    .map((check) => m.label(lang === 'ja' ? (check['log-ja'] ?? check.log) : check.log, check[lang]));
  const hidden = checks.length - LOGS;
  return { text: first, sub: [...rest, ...(hidden > 0 ? [say.moreLogs(hidden)] : [])] };
}

function refuteCell(
  { m }: Context,
  reasons: readonly Reason[],
  id: string,
  said: Map<string, string>,
): SheetCell {
  const { refute, same } = m.rescuer.hypotheses;
  const isWeak = reasons.some((one) => one === 'affected' || one === 'suspected' || one === 'recorded');
  const name = isWeak ? 'refute-version' : 'refute';
  const like = said.get(name);
  if (like !== undefined) return { text: same(like) };
  said.set(name, id);
  return { text: refute.logs, sub: [...(isWeak ? [refute.version] : []), refute.source] };
}

function leftCell(context: Context, finding: Finding, service: Service): SheetCell {
  const { m } = context;
  const { behind } = answerOf(context, finding);
  const told = behind ?? siteAnswerOf(context, finding.siteId ?? service.siteId).behind;
  const answer = answerCell(context, told);
  const label = m.label(m.rescuer.hypotheses.behind, answer.text).trim();
  return {
    ...answer,
    text: leftText(context, finding, service),
    sub: [label, ...(answer.sub ?? [])],
  };
}

function leftText(context: Context, finding: Finding, service: Service): string {
  const { m, lang, dates, snapshot } = context;
  const say = m.rescuer.hypotheses;
  const days = logDays(context, finding);
  if (days === undefined) {
    const store = storeOf(context, service.class);
    return m.lines([say.notAnswered, ...(store === undefined ? [] : [store.lasts[lang]])]);
  }
  const open = dates.daysBetween(logPeriod(finding, service).from, snapshot.endedAt) ?? 0;
  return days >= open ? say.covers(days) : say.partly(days, open - days);
}

function pastRow(context: Context, past: PastDoor, said: Map<string, string>): SheetCell[] {
  const { m, dates, lang } = context;
  const say = m.rescuer.hypotheses;
  const { entry, exposure } = past;
  const state =
    entry.state === 'closed'
      ? say.closed(entry.closedAt === undefined ? '' : dates.numeric(entry.closedAt))
      : say.notSeen;
  const store = storeOf(context, entry.class);
  return [
    {
      text: findingId(entry),
      sub: [shortName(context, entry.class), siteName(context, entry.siteId), showable(entry.subject, 80)],
      mark: { priority: entry.priority, trace: entry.trace, unowned: false, anchor: undefined },
    },
    { text: state, sub: [say.wasOpen] },
    openCell(context, exposure ?? bare(entry)),
    proofCell(context, entry.class, findingId(entry), said),
    refuteCell(context, [], findingId(entry), said),
    {
      text: m.lines([say.notAnswered, ...(store === undefined ? [] : [store.lasts[lang]])]),
      sub: [m.label(say.behind, '').trim()],
      blanks: 1,
    },
  ];
}
