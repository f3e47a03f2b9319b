/** The sheet with which logs are asked for: one row a log, however many doors it is about. */
import { compareInstants, earliest, latest } from '../../lib/time.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import type { Holder } from '../../model/volatility.ts';
import type { Block } from '../view-model.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { answerOf } from './answered.ts';
import { findingId, joined, shortName, type Context } from './context.ts';
import { waysIn } from './door-reasons.ts';
import { logDays, logPeriod } from './numbers.ts';
import { pastDoors } from './past-doors.ts';
import { holderOf, holderText, rankOf, siteOf, storeOf, traced } from './traces.ts';

const ROWS = 60;
const NAMED = 8;
const WINDOWS = 'windows';

/** A place whose logs are wanted, with the time that they are wanted of. */
interface Wanted {
  readonly id: string;
  readonly kind: ServiceClass;
  readonly siteId: string | undefined;
  readonly from: string;
  readonly to: string;
  /** That it was open at `from` is known from records or files alone. */
  readonly fromRecord: boolean;
  readonly days: number | undefined;
  readonly offBox: boolean;
}

interface Request {
  readonly log: string;
  readonly about: string;
  readonly lasts: readonly string[];
  readonly holders: readonly Holder[];
  readonly of: readonly Wanted[];
  /** Logs of the device itself: what was answered about them counts. */
  readonly onDevice: boolean;
}

export function logRequestBlocks(context: Context): Block[] {
  const { m } = context;
  const say = m.rescuer.logs;
  const wanted = wantedOf(context);
  const requests = [...deviceRequests(context, wanted), ...elsewhereRequests(context, wanted)];
  if (requests.length === 0)
    return [
      { kind: 'heading', text: say.title },
      { kind: 'text', text: say.none },
    ];
  const shown = requests.slice(0, ROWS);
  const said = new Set<string>();
  return [
    {
      kind: 'sheet',
      id: 'log-request',
      title: say.title,
      note: say.note(context.dates.zone),
      inside: '',
      columns: [
        { text: say.columns.number, width: 11 },
        { text: say.columns.log, width: 27, code: true },
        { text: say.columns.period, width: 17 },
        { text: say.columns.lasts, width: 19 },
        { text: say.columns.whom, width: 12 },
        { text: say.columns.hash, width: 14 },
      ],
      rows: shown.map((request, index) => requestRow(context, request, index + 1, said)),
      more: requests.length > ROWS ? say.more(requests.length - ROWS) : undefined,
    },
  ];
}

/** Where traces are asked for, and all ways in: what is a hypothesis without its logs stays one. */
function wantedOf(context: Context): Wanted[] {
  const { snapshot } = context;
  const places = new Map([...traced(context), ...waysIn(context)].map((one) => [one.finding.key, one]));
  const open = [...places.values()].map(({ finding, service }): Wanted => ({
    id: findingId(finding),
    kind: service.class,
    siteId: finding.siteId ?? service.siteId,
    from: logPeriod(finding, service).from,
    to: snapshot.endedAt,
    fromRecord: service.exposure?.spans[0]?.sources.includes('probe') === false,
    days: logDays(context, finding),
    offBox: answerOf(context, finding).logs?.['off-box'] === 'yes',
  }));
  const past = pastDoors(context).map(({ entry, from, to, fromRecord }): Wanted => ({
    id: findingId(entry),
    kind: entry.class,
    siteId: entry.siteId,
    from,
    to,
    fromRecord,
    days: undefined,
    offBox: false,
  }));
  return [...open, ...past];
}

/** Most volatile first; at one store in the order of the findings. */
function deviceRequests(context: Context, wanted: readonly Wanted[]): Request[] {
  const { lang, knowledge, m } = context;
  const kinds = [...new Set(wanted.map(({ kind }) => kind))];
  const ofKinds = kinds
    .toSorted((a, b) => rankOf(context, a) - rankOf(context, b))
    .flatMap((kind) => {
      const of = wanted.filter((one) => one.kind === kind);
      const checks = knowledge.advice.get(kind)?.['log-checks'] ?? [];
      return checks.map((check) => ({ ...deviceRequest(context, of), log: logName(lang, check), kind }));
    });
  const windows = wanted.filter(({ kind }) => storeOf(context, kind)?.id === WINDOWS);
  const named = new Set(ofKinds.map(({ log }) => log));
  const baseline =
    windows.length === 0
      ? []
      : knowledge.commonAdvice['windows-baseline']
          .map((check) => logName(lang, check))
          .filter((log) => !named.has(log))
          .map((log) => ({ ...deviceRequest(context, windows), log, about: m.rescuer.logs.baseline }));
  return [...ofKinds, ...baseline];
}

function deviceRequest(context: Context, of: readonly Wanted[]): Omit<Request, 'log'> {
  const { lang } = context;
  const [first] = of;
  const store = first === undefined ? undefined : storeOf(context, first.kind);
  return {
    about: first === undefined ? '' : shortName(context, first.kind),
    lasts: store === undefined ? [] : [store.name[lang], store.lasts[lang]],
    holders: [...new Set(of.map(({ kind, siteId }) => holderOf(context, kind, siteId)))],
    of,
    onDevice: true,
  };
}

function elsewhereRequests(context: Context, wanted: readonly Wanted[]): Request[] {
  const { lang, knowledge } = context;
  return (knowledge.volatility?.elsewhere ?? []).flatMap((one) => {
    const isCloud = ({ siteId }: Wanted): boolean => siteOf(context, siteId)?.kind === 'cloud';
    const of = one.only === 'cloud' ? wanted.filter(isCloud) : wanted;
    if (of.length === 0) return [];
    return [
      {
        log: logName(lang, one),
        about: one.look[lang],
        lasts: [one.lasts[lang]],
        holders: [one.holder],
        of,
        onDevice: false,
      },
    ];
  });
}

function logName(
  lang: Context['lang'],
  check: { readonly log: string; readonly 'log-ja'?: string | undefined },
): string {
  return lang === 'ja' ? (check['log-ja'] ?? check.log) : check.log;
}

function requestRow(context: Context, request: Request, number: number, said: Set<string>): SheetCell[] {
  const { m } = context;
  const say = m.rescuer.logs;
  const ids = joined(
    context,
    request.of.map(({ id }) => id),
    NAMED,
  );
  return [
    { text: say.number(number), ticks: [say.received] },
    { text: request.log, sub: [request.about, say.about(ids)].filter((text) => text !== '') },
    periodCell(context, request.of),
    lastsCell(context, request, said),
    { text: request.holders.map((holder) => holderText(context, holder)).join(m.listSeparator) },
    { text: '', blanks: 1 },
  ];
}

/** The widest period of all: who is asked twice for one log gives it once. */
function periodCell({ m, dates }: Context, of: readonly Wanted[]): SheetCell {
  const say = m.rescuer.logs;
  const from = earliest(of.map((one) => one.from)) ?? '';
  const to = latest(of.map((one) => one.to)) ?? '';
  // Calendar days, both ends counted.
  const days = dates.daysBetween(dates.numeric(from), dates.numeric(to));
  const isRecord = of.some((one) => one.fromRecord && compareInstants(one.from, from) === 0);
  return {
    text: say.period(dates.numeric(from), dates.numeric(to)),
    sub: [...(days === undefined ? [] : [say.days(days + 1)]), ...(isRecord ? [say.fromRecord] : [])],
  };
}

/** How long records of a store last is said in its first row. */
function lastsCell({ m }: Context, { lasts, of, onDevice }: Request, said: Set<string>): SheetCell {
  const say = m.rescuer.logs;
  const [text = say.unknown, ...how] = lasts;
  if (!onDevice) return { text };
  const known = of.flatMap(({ days }) => days ?? []);
  const unanswered = of.length - known.length;
  const isNew = !said.has(text);
  said.add(text);
  return {
    text,
    sub: [
      ...(isNew ? how : []),
      ...(known.length === 0 ? [] : [say.answered(Math.min(...known))]),
      ...(unanswered > 0 ? [say.unanswered(unanswered)] : []),
      ...(of.some(({ offBox }) => offBox) ? [say.offBox] : []),
    ],
  };
}
