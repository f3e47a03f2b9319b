import type { DoorsView, DoorView } from '../view-model.ts';
import { withLedger } from './assets.ts';
import { anchorOf, findingId, markOf, type Context, type Entry } from './context.ts';
import { ownLook } from './passive.ts';
import { elsewhereNote, withElsewhere, withSources } from './vantage.ts';
import {
  authenticationCell,
  declaredCell,
  doorCell,
  ownCell,
  patchCell,
  productCell,
  recordCell,
} from './words.ts';

const ROWS = 200;

export function buildDoors(context: Context): DoorsView {
  const { m, dates } = context;
  const doors = context.entries.filter(
    ({ service, finding }) => (finding?.inputs.role ?? service.role) === 'door',
  );
  return {
    rows: doors.slice(0, ROWS).map((entry) => doorView(context, entry)),
    none: doors.length === 0 ? nothingText(context) : undefined,
    more: doors.length > ROWS ? m.doors.more(doors.length - ROWS) : undefined,
    note: m.lines([m.doors.note(dates.zone), ...elsewhereNote(context)]),
  };
}

function nothingText(context: Context): string {
  return ownLook(context) === 'looked' ? context.m.doors.none : context.m.passive.noDoors;
}

function doorView(context: Context, { service, finding }: Entry): DoorView {
  return {
    ...markOf(finding),
    id: finding === undefined ? context.m.dash : findingId(finding),
    anchor: finding === undefined ? undefined : anchorOf(finding),
    place: doorCell(context, service),
    product: productCell(context, service),
    authentication: authenticationCell(context, service),
    patch: patchCell(context, service, finding),
    own: withElsewhere(context, service, ownCell(context, service)),
    record: recordCell(context, service),
    declared: withLedger(context, service, withSources(context, service, declaredCell(context, service))),
  };
}
