/** What is taken from a device before anybody touches it: rows R-1 and so on, the same on every sheet and in every run. */
import { showable } from '../../lib/hostile-text.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import type { Texts } from '../../model/texts.ts';
import type { Block } from '../view-model.ts';
import type { SheetCell, SheetView } from '../view-model-sections.ts';
import { className, findingId, joined, portText, shortName, siteName, type Context } from './context.ts';
import { tracedDevices, type TracedDevice } from './traces.ts';

const SHEETS = 8;
const NAMED = 10;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const FREE_ROWS = 3;

export function recordBlocks(context: Context): Block[] {
  const say = context.m.rescuer.record;
  const devices = tracedDevices(context);
  const shown = devices.slice(0, SHEETS);
  const rest = devices.slice(SHEETS).map(({ finding }) => findingId(finding));
  return [
    { kind: 'heading', text: say.title, anchor: 'record-sheets' },
    { kind: 'text', text: say.lead },
    ...(rest.length === 0
      ? []
      : [{ kind: 'text' as const, text: say.rest(shown.length, rest.length, joined(context, rest, NAMED)) }]),
    ...shown.map((device): Block => ({ kind: 'sheet', ...deviceSheet(context, device) })),
    { kind: 'sheet', ...blankSheet(context) },
  ];
}

function deviceSheet(context: Context, device: TracedDevice): SheetView {
  const say = context.m.rescuer.record;
  const id = findingId(device.finding);
  const kinds = [...new Set(device.all.map(({ service }) => service.class))];
  return {
    id: `record-${id.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`,
    title: say.of(id),
    note: noteOf(context, device),
    inside: placeOf(context, device),
    columns: columnsOf(context),
    rows: rowsOf(context, kinds, device.recordFirst),
    more: undefined,
  };
}

/** Its address, site and doors. */
function placeOf(context: Context, { all, address, siteId }: TracedDevice): string {
  const { m } = context;
  const ports = all.map(({ finding, service }) =>
    m.rescuer.record.port(findingId(finding), shortName(context, service.class), portText(service)),
  );
  return m.label(m.withNote(showable(address, 60), siteName(context, siteId)), joined(context, ports, NAMED));
}

function noteOf(context: Context, device: TracedDevice): string {
  const { m } = context;
  const say = m.rescuer.record;
  const { all, recordFirst } = device;
  const isRecord = all.every(({ finding }) => finding.inputs.reach === 'unknown');
  return m.lines([
    `${placeOf(context, device)}${m.stop}`,
    recordFirst ? say.recordFirst : say.checkOnly,
    ...(isRecord ? [say.isRecord] : []),
  ]);
}

function blankSheet(context: Context): SheetView {
  const say = context.m.rescuer.record;
  const free = Array.from({ length: FREE_ROWS }, (): SheetCell[] => [
    { text: '', ticks: [say.done] },
    { text: '' },
    { text: '', blanks: 1 },
    { text: '' },
    ...custody(),
  ]);
  return {
    id: 'record-blank',
    title: say.blankTitle,
    note: say.blankNote,
    inside: '',
    columns: columnsOf(context),
    rows: [...rowsOf(context, [], true), ...free],
    more: undefined,
  };
}

function columnsOf({ m }: Context): SheetView['columns'] {
  const { columns } = m.rescuer.record;
  return [
    { text: columns.number, width: 10 },
    { text: columns.when, width: 9 },
    { text: columns.what, width: 30 },
    { text: columns.how, width: 19 },
    { text: columns.hash, width: 16 },
    { text: columns.custody, width: 16 },
  ];
}

/**
 * The common rows, each followed by what the kinds of service on this device add to it: R-4, R-4a, R-4b. Where logs are to be looked
 * through, nothing is taken that asks for a suspicion.
 */
function rowsOf(context: Context, kinds: readonly ServiceClass[], recordFirst: boolean): SheetCell[][] {
  const { m, lang, knowledge } = context;
  const say = m.rescuer.record;
  return knowledge.commonAdvice['record-order'].flatMap((step, index) => {
    if (step['record-first'] && !recordFirst) return [];
    const number = index + 1;
    const when: SheetCell = { text: say.when[step.when] };
    const own = ownItems(context, kinds, number).map(({ text, kind }, at): SheetCell[] => [
      { text: say.number(`${number}${LETTERS[at] ?? ''}`), ticks: [say.done] },
      when,
      { text: text[lang] },
      { text: kinds.length > 1 ? say.atKind(className(context, kind)) : '', blanks: 1 },
      ...custody(),
    ]);
    return [
      [
        { text: say.number(`${number}`), ticks: [say.done] },
        when,
        { text: step[lang] },
        { text: step.how[lang] },
        ...custody(),
      ],
      ...own,
    ];
  });
}

function ownItems(
  { knowledge }: Context,
  kinds: readonly ServiceClass[],
  step: number,
): { readonly text: Texts; readonly kind: ServiceClass }[] {
  return kinds.flatMap((kind) =>
    (knowledge.advice.get(kind)?.preserve ?? [])
      .filter((one) => one.step === step)
      .map((text) => ({ text, kind })),
  );
}

/** Lines for the hash, and for who, when and where it is kept. */
function custody(): SheetCell[] {
  return [
    { text: '', blanks: 1 },
    { text: '', blanks: 1 },
  ];
}
