import { showable } from '../../../lib/hostile-text.ts';
import type { Block, Cell } from '../../view-model.ts';
import type { SectionView, SheetCell, SheetView } from '../../view-model-sections.ts';
import { answerCell, answeredNote, answerOf, idCell, judgedDoors, type Judged } from '../answered.ts';
import { className, findingId, joined, placeText, serviceName, siteName, type Context } from '../context.ts';
import { withElsewhere, withSources } from '../vantage.ts';
import { authenticationCell } from '../words.ts';

const DOORS = 60;
const CLASSES = 12;
const IDS = 8;
/** Characters of an answer in a narrow column. */
const NARROW = 120;

/** Section 9: what was seen before any log-in, and what to ask of person, organisation, source, factor and accounts. */
export function buildAuthentication(context: Context): SectionView {
  const { auth } = context.m.owner;
  const doors = judgedDoors(context);
  const blocks: Block[] = [
    ...(doors.length === 0
      ? [{ kind: 'text' as const, text: auth.none }]
      : [{ kind: 'sheet' as const, ...doorsSheet(context, doors) }]),
    { kind: 'heading', text: auth.commonTitle },
    { kind: 'pairs', items: auth.common },
    { kind: 'heading', text: auth.leftTitle },
    { kind: 'list', style: 'boxes', items: auth.left },
  ];
  if (doors.length > 0) blocks.push({ kind: 'sheet', ...classesSheet(context, doors) });
  return { number: '9', title: auth.title, lead: auth.lead, blocks };
}

function doorsSheet(context: Context, doors: readonly Judged[]): SheetView {
  const { auth } = context.m.owner;
  return {
    id: 'auth-doors',
    title: auth.doors,
    note: context.m.lines([auth.doorsNote, ...answeredNote(context)]),
    inside: '',
    columns: [
      { text: auth.door, width: 18 },
      { text: auth.seen, width: 19 },
      { text: auth.reach, width: 15 },
      { text: auth.person, width: 12 },
      { text: auth.organisation, width: 12 },
      { text: auth.source, width: 12 },
      { text: auth.accounts, width: 12 },
    ],
    rows: doors.slice(0, DOORS).map((one) => doorRow(context, one)),
    more: doors.length > DOORS ? auth.moreDoors(doors.length - DOORS) : undefined,
  };
}

function doorRow(context: Context, { finding, service }: Judged): SheetCell[] {
  const told = answerOf(context, finding);
  return [
    idCell(finding, [siteName(context, finding.siteId), placeText(service), serviceName(context, service)]),
    authenticationCell(context, service),
    reachCell(context, { finding, service }),
    ...[told.persons, told.organisations, told.sources, told.accounts].map((text) =>
      answerCell(context, text === undefined ? undefined : showable(text, NARROW), 2),
    ),
  ];
}

/** Measured from here and from other vantage points, and what was declared. */
function reachCell(context: Context, { finding, service }: Judged): Cell {
  const own: Cell = { text: context.m.ids.reach[finding.inputs.reach], sub: [] };
  return withSources(context, service, withElsewhere(context, service, own));
}

/** What is to be asked of one kind and of no other. */
function classesSheet(context: Context, doors: readonly Judged[]): SheetView {
  const { m, lang, knowledge } = context;
  const { auth, columns } = m.owner;
  const classes = new Map<Judged['service']['class'], string[]>();
  for (const { finding, service } of doors)
    classes.set(service.class, [...(classes.get(service.class) ?? []), findingId(finding)]);
  const kinds = [...classes].filter(([name]) => knowledge.advice.has(name));
  return {
    id: 'auth-kinds',
    title: auth.classes,
    note: undefined,
    inside: '',
    columns: [
      { text: auth.kind, width: 22 },
      { text: columns.asked, width: 48 },
      { text: columns.answer, width: 30 },
    ],
    rows: kinds.slice(0, CLASSES).map(([name, ids]) => {
      const asks = (knowledge.advice.get(name)?.['auth-questions'] ?? []).map((text) => text[lang]);
      const [first = '', ...rest] = asks;
      return [
        { text: className(context, name), sub: [joined(context, ids, IDS)] },
        { text: first, sub: rest },
        { text: '', blanks: Math.max(2, Math.min(asks.length, 4)) },
      ];
    }),
    more: kinds.length > CLASSES ? auth.moreClasses(kinds.length - CLASSES) : undefined,
  };
}
