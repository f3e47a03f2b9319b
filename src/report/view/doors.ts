import type { DoorsView, DoorView } from '../view-model.ts';
import { anchorOf, findingId, markOf, type Context, type Entry } from './context.ts';
import {
  authenticationCell,
  declaredCell,
  ownCell,
  patchCell,
  placeCell,
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
    none: doors.length === 0 ? m.doors.none : undefined,
    more: doors.length > ROWS ? m.doors.more(doors.length - ROWS) : undefined,
    note: m.doors.note(dates.zone),
  };
}

function doorView(context: Context, { service, finding }: Entry): DoorView {
  return {
    ...markOf(finding),
    id: finding === undefined ? context.m.dash : findingId(finding),
    anchor: finding === undefined ? undefined : anchorOf(finding),
    place: placeCell(context, service),
    product: productCell(context, service),
    authentication: authenticationCell(context, service),
    patch: patchCell(context, service, finding),
    own: ownCell(context, service),
    record: recordCell(context, service),
    declared: declaredCell(context, service),
  };
}
