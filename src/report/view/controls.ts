/** Door × control: what was seen from outside, else what the owner has told. What is neither is not known, and never a no. */
import { CONTROLS, type Control, type YesNo } from '../../model/answers.ts';
import { showable } from '../../lib/hostile-text.ts';
import { textOf } from '../messages/index.ts';
import type { ControlsPlot } from '../view-model-sections.ts';
import { answerOf, siteAnswerOf, answeredNote, yesNoText, type Judged } from './answered.ts';
import {
  anchorOf,
  findingId,
  joined,
  markOf,
  placeText,
  serviceName,
  siteName,
  type Context,
} from './context.ts';

const ROWS = 40;

type Row = ControlsPlot['rows'][number];
type Cell = Row['cells'][number];

/** A fact seen from outside: it stands, whatever was told. */
interface Seen {
  readonly state: 'yes' | 'no';
  readonly fact: string;
}

/** @param doors most urgent first. Undefined: there is none. */
export function buildControls(context: Context, doors: readonly Judged[]): ControlsPlot | undefined {
  const { m } = context;
  const say = m.owner.controls;
  if (doors.length === 0) return undefined;
  const rows = doors.slice(0, ROWS).map((door) => rowOf(context, door));
  const columns = CONTROLS.map((control) => say.names[control]);
  const more = doors.length > ROWS ? [say.more(doors.length - ROWS)] : [];
  return {
    kind: 'controls',
    id: 'controls',
    title: say.title,
    label: say.label,
    note: m.lines([say.note, ...answeredNote(context), ...more]),
    columns,
    rows,
    text: {
      head: [say.door, ...columns],
      rows: rows.map(({ id, name, cells }) => [
        `${id} ${name}`,
        ...cells.map(({ state, from }) =>
          from === '' ? say.state[state] : m.withNote(say.state[state], from),
        ),
      ]),
    },
  };
}

function rowOf(context: Context, door: Judged): Row {
  const { m } = context;
  const { finding, service } = door;
  const name = serviceName(context, service);
  const detail = [siteName(context, finding.siteId), placeText(service)].join(m.listSeparator);
  const cells = CONTROLS.map((control) => cellOf(context, door, control));
  const told = CONTROLS.map((control, at) =>
    m.label(m.owner.controls.names[control], m.owner.controls.state[cells[at]?.state ?? 'unknown']),
  );
  return {
    ...markOf(finding),
    id: findingId(finding),
    anchor: anchorOf(finding),
    name,
    detail,
    tip: [name, detail, ...told].join(m.listSeparator),
    cells,
  };
}

function cellOf(context: Context, door: Judged, control: Control): Cell {
  const { m } = context;
  const say = m.owner.controls;
  const seen = seenFromOutside(context, door, control);
  const told = toldOf(context, door, control);
  if (seen !== undefined) {
    const differs = told !== undefined && told !== 'unknown' && told !== seen.state;
    return {
      state: seen.state,
      from: differs ? say.outsideDiffers(seen.fact, yesNoText(context, told)) : say.outside(seen.fact),
    };
  }
  if (told === undefined) return { state: 'unknown', from: '' };
  const word = told === 'unknown' ? m.owner.notKnown : yesNoText(context, told);
  return { state: told, from: m.label(m.owner.told, word) };
}

function seenFromOutside(context: Context, door: Judged, control: Control): Seen | undefined {
  switch (control) {
    case 'update':
      return updateSeen(context, door);
    case 'second-factor':
      return factorSeen(context, door);
    case 'source-limit':
      return limitSeen(context, door);
    case 'off-box-logs':
    case 'integrity-check':
    case 'edr':
      return undefined;
  }
}

function updateSeen(context: Context, { finding, service }: Judged): Seen | undefined {
  const say = context.m.owner.controls;
  const { knownUse, support } = finding.inputs;
  if (knownUse === 'confirmed') return { state: 'no', fact: say.affected };
  if (support === 'ended') return { state: 'no', fact: say.ended };
  const { version, identity } = service;
  if (knownUse !== 'none' || version.state === 'unknown' || version.certainty !== 'confirmed')
    return undefined;
  // Only where there was a list of releases to compare with.
  const compared = context.product(identity?.productId)?.exploited ?? [];
  return compared.length === 0 ? undefined : { state: 'yes', fact: say.fixed(showable(version.value, 60)) };
}

/** A password alone, seen before log-in, says nothing of what is asked after it. */
function factorSeen({ m }: Context, { finding, service }: Judged): Seen | undefined {
  const say = m.owner.controls;
  const { kind, facts } = service.authentication;
  if (kind === 'none') return { state: 'no', fact: say.open };
  if (kind !== 'strong' || finding.inputs.authentication !== 'strong') return undefined;
  const seen = facts.map((fact) => textOf(m.ids.authenticationFact, fact)).join(m.listSeparator);
  return { state: 'yes', fact: say.strong(seen) };
}

function limitSeen(context: Context, { finding, service }: Judged): Seen | undefined {
  const { m, snapshot } = context;
  const say = m.owner.controls;
  if (finding.inputs.reach === 'some') return { state: 'yes', fact: say.limited };
  if (finding.inputs.reach !== 'everyone') return undefined;
  // Declared for some sources: whether this vantage point is one of them nobody here can tell.
  const allowed = snapshot.expected.find(({ key }) => key === service.key)?.allowedSources ?? [];
  if (allowed.length > 0) return undefined;
  const elsewhere = (snapshot.elsewhere ?? []).filter(
    ({ places }) => Object.hasOwn(places, service.key) && places[service.key] === 'open',
  );
  const names = [snapshot.vantage, ...elsewhere.map(({ vantage }) => vantage)];
  const shown = joined(
    context,
    names.map((name) => showable(name, 60)),
    4,
  );
  return { state: 'no', fact: say.everyone(shown) };
}

/** Of logs, what was told of the door or else of its site. */
function toldOf(context: Context, { finding }: Judged, control: Control): YesNo | undefined {
  const told = answerOf(context, finding);
  const direct = told.controls?.[control];
  if (direct !== undefined || control !== 'off-box-logs') return direct;
  return told.logs?.['off-box'] ?? siteAnswerOf(context, finding.siteId).logs?.['off-box'];
}
