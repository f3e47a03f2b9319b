import { showable } from '../../../lib/hostile-text.ts';
import { openingOf } from '../../../model/exposure.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Service } from '../../../model/service.ts';
import { deskLetter } from '../../desk-letter.ts';
import type { Block } from '../../view-model.ts';
import type { SectionView, SheetCell, SheetView } from '../../view-model-sections.ts';
import { deskOf } from '../contacts.ts';
import { findingId, placeText, type Context } from '../context.ts';
import { tlpWord } from '../cover.ts';
import { headline } from '../words.ts';

const SEEN = 3;
const ROWS = 20;
const BLANK_ROWS = 3;

interface Urgent {
  readonly finding: Finding;
  readonly service: Service;
}

/** Section 13: always said, because whoever needs a desk needs it most when nothing else is known. */
export function buildDesk(context: Context): SectionView {
  const { m } = context;
  const urgent = urgentOf(context);
  return {
    number: '13',
    title: m.desk.title,
    lead: m.desk.lead,
    blocks: [
      ...orderBlocks(context),
      { kind: 'sheet', ...desksSheet(context) },
      { kind: 'heading', text: m.desk.draftsTitle },
      { kind: 'phone', label: m.desk.phoneTitle, text: phoneDraft(context, urgent) },
      ...letterBlocks(context, urgent),
      { kind: 'sheet', ...bringSheet(context) },
      { kind: 'sheet', ...touchedSheet(context) },
      { kind: 'sheet', ...toldSheet(context) },
    ],
  };
}

function urgentOf(context: Context): Urgent[] {
  return context.findings.flatMap((finding) => {
    const service = context.service(finding.subject);
    const isUrgent = finding.priority === 'P1' || finding.priority === 'P2';
    return service !== undefined && isUrgent && finding.verdict === 'found' ? [{ finding, service }] : [];
  });
}

function orderBlocks({ m, findings }: Context): Block[] {
  const misuse = findings.some(({ inputs }) => inputs.misuse);
  const recordFirst = findings.some(({ trace }) => trace === 'T2');
  const warnings = [...(misuse ? [m.desk.atOnce] : []), ...(recordFirst ? [m.desk.recordFirst] : [])];
  return [
    { kind: 'heading', text: m.desk.orderTitle },
    { kind: 'list', style: 'numbers', items: m.desk.order },
    { kind: 'rule', text: m.desk.unsure },
    ...warnings.map((text): Block => ({ kind: 'rule', text })),
  ];
}

function desksSheet(context: Context): SheetView {
  const { m, knowledge } = context;
  const say = m.desk.desks;
  const contacts = knowledge.contacts ?? [];
  const tick: SheetCell = { text: '', ticks: [say.toldTick] };
  const desks = contacts.map((contact): SheetCell[] => {
    const { who, desk, does, how, verified } = deskOf(context, contact, contacts);
    return [lead(who, [desk]), tick, cellOf(does), cellOf(how), cellOf(verified)];
  });
  return {
    id: 'desks',
    title: say.title,
    note: contacts.length === 0 ? m.desk.none : undefined,
    columns: [
      { text: say.who, width: 20 },
      { text: say.told, width: 10 },
      { text: say.does, width: 32 },
      { text: say.how, width: 24 },
      { text: say.verified, width: 14 },
    ],
    rows: [
      maintainerRow(context, tick),
      ...desks,
      [lead(say.other, []), tick, cellOf([say.otherDoes]), { text: '', blanks: 2 }, { text: m.dash }],
    ],
    more: undefined,
  };
}

function maintainerRow({ m, snapshot }: Context, tick: SheetCell): SheetCell[] {
  const say = m.desk.desks;
  const { maintainer } = snapshot;
  const reach = maintainer === undefined ? [] : [maintainer.name, maintainer.phone ?? ''];
  const how = reach.filter((text) => text !== '').map((text) => showable(text, 80));
  return [
    lead(say.maintainer, []),
    tick,
    cellOf([say.maintainerDoes]),
    how.length === 0 ? { text: '', blanks: 2 } : { ...cellOf(how), blanks: 1 },
    { text: how.length === 0 ? m.dash : say.maintainerFrom },
  ];
}

function lead(text: string, sub: readonly string[]): SheetCell {
  return { text, sub };
}

function cellOf([text = '', ...sub]: readonly string[]): SheetCell {
  return { text, sub };
}

function phoneDraft(context: Context, urgent: readonly Urgent[]): string {
  const { m } = context;
  const [worst] = urgent;
  const organisation = organisationName(context);
  return worst === undefined
    ? m.desk.phoneNone(organisation)
    : m.desk.phone(
        organisation,
        urgent.length,
        `${headline(context, worst.finding, worst.service)}${m.stop}`,
      );
}

function organisationName({ snapshot, lang }: Context): string {
  return showable(snapshot.organisation[lang], 60);
}

function letterBlocks(context: Context, urgent: readonly Urgent[]): Block[] {
  const { m, dates, snapshot, answers } = context;
  const shown = urgent.slice(0, SEEN);
  const { subject, lines } = deskLetter(m, {
    organisation: organisationName(context),
    seen: shown.map(
      ({ finding, service }) =>
        `${findingId(finding)} ${m.withNote(headline(context, finding, service), placeText(service))}${m.stop}`,
    ),
    none: m.desk.letter.seenNone,
    more: urgent.length - shown.length,
    since: shown.map(({ finding, service }) => ({
      id: findingId(finding),
      date: dates.short(openSince(service) ?? finding.firstSeen),
    })),
    checked: dates.moment(snapshot.startedAt),
    vantage: showable(snapshot.vantage, 40),
    unknownVersions: urgent.filter(({ finding }) => finding.missing.includes('version')).length,
    told: (answers.told ?? []).map(({ who, on }) =>
      on === undefined ? showable(who, 60) : m.withNote(showable(who, 60), dates.numeric(on)),
    ),
    tlp: tlpWord(snapshot.tlp),
    passingOn: 'ask',
  });
  return [
    { kind: 'text', text: m.desk.letterNote, small: true },
    {
      kind: 'box',
      title: m.label(m.desk.letter.subjectLabel, subject),
      items: lines.map(({ text, items }) => m.lines([text, ...items])),
    },
  ];
}

/** Beginning of the opening that holds today. */
function openSince({ exposure }: Service): string | undefined {
  return exposure === undefined ? undefined : exposure.spans[openingOf(exposure)]?.from;
}

function bringSheet({ m }: Context): SheetView {
  const say = m.desk.bring;
  return {
    id: 'desk-bring',
    title: say.title,
    note: say.note,
    inside: '',
    columns: [
      { text: say.number, width: 8 },
      { text: say.what, width: 42 },
      { text: say.where, width: 34 },
      { text: say.ready, width: 16 },
    ],
    rows: say.items.map(({ what, where }, index) => [
      { text: String(index + 1) },
      { text: what },
      { text: where },
      { text: '', ticks: [say.tick] },
    ]),
    more: undefined,
  };
}

function touchedSheet({ m, answers }: Context): SheetView {
  const say = m.desk.touched;
  const touched = answers.touched ?? [];
  return {
    id: 'desk-touched',
    title: say.title,
    note: say.note,
    inside: '',
    columns: [
      { text: say.on, width: 20 },
      { text: say.who, width: 25 },
      { text: say.what, width: 55 },
    ],
    rows: [
      ...touched
        .slice(0, ROWS)
        .map(({ who, on, what }) => [
          cellOf([showable(on ?? '', 60)]),
          cellOf([showable(who, 80)]),
          cellOf([showable(what, 300)]),
        ]),
      ...blankRows(3),
    ],
    more: moreOf(m, touched.length),
  };
}

function toldSheet({ m, dates, answers }: Context): SheetView {
  const say = m.desk.told;
  const told = answers.told ?? [];
  return {
    id: 'desk-told',
    title: say.title,
    note: undefined,
    inside: '',
    columns: [
      { text: say.who, width: 24 },
      { text: say.on, width: 16 },
      { text: say.what, width: 32 },
      { text: say.reply, width: 28 },
    ],
    rows: [
      ...told
        .slice(0, ROWS)
        .map(({ who, on, what }) => [
          cellOf([showable(who, 80)]),
          on === undefined ? { text: '', blanks: 1 } : cellOf([dates.numeric(on)]),
          cellOf([showable(what ?? '', 300)]),
          { text: '', blanks: 1 },
        ]),
      ...blankRows(4),
    ],
    more: moreOf(m, told.length),
  };
}

function blankRows(columns: number): SheetCell[][] {
  return Array.from({ length: BLANK_ROWS }, () =>
    Array.from({ length: columns }, (): SheetCell => ({ text: '', blanks: 1 })),
  );
}

function moreOf(m: Context['m'], count: number): string | undefined {
  return count > ROWS ? m.desk.more(count - ROWS) : undefined;
}
