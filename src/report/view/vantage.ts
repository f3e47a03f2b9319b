/** What runs of the same day from other vantage points add: from where a place is reached, and from where it is not. */
import { showable } from '../../lib/hostile-text.ts';
import type { Service } from '../../model/service.ts';
import type { Elsewhere } from '../../model/snapshot.ts';
import type { Cell } from '../view-model.ts';
import { joined, type Context } from './context.ts';

type State = Elsewhere['places'][string];

const NAMES = 6;

function elsewhere({ snapshot }: Context): readonly Elsewhere[] {
  return snapshot.elsewhere ?? [];
}

function stateAt({ places }: Elsewhere, key: string): State {
  return Object.hasOwn(places, key) ? (places[key] ?? 'not-looked') : 'not-looked';
}

/** Names of the vantage points at which the place was in one of these states. Empty: none. */
function namesWhere(context: Context, { key }: Pick<Service, 'key'>, ...states: readonly State[]): string {
  const names = elsewhere(context)
    .filter((one) => states.includes(stateAt(one, key)))
    .map(({ vantage }) => showable(vantage, 60));
  return joined(context, names, NAMES);
}

function told(text: string, say: (list: string) => string): string[] {
  return text === '' ? [] : [say(text)];
}

/** The cell of the own look with what others of the same day saw beneath. */
export function withElsewhere(context: Context, service: Service, cell: Cell): Cell {
  const say = context.m.vantage;
  return {
    text: cell.text,
    sub: [
      ...cell.sub,
      ...told(namesWhere(context, service, 'open'), say.reachedFrom),
      ...told(namesWhere(context, service, 'closed', 'no-answer'), say.notFrom),
      ...told(namesWhere(context, service, 'not-looked'), say.notLookedFrom),
    ],
  };
}

/** The cell of the declaration with its sources, where it is declared for some only. */
export function withSources(context: Context, { key }: Service, cell: Cell): Cell {
  const { allowed, reached } = declaredSources(context, key);
  const say = context.m.vantage;
  return {
    text: cell.text,
    sub: [...cell.sub, ...told(allowed, say.restrictedTo), ...told(reached, say.reachedDespite)],
  };
}

function declaredSources(context: Context, key: string): { allowed: string; reached: string } {
  const expected = context.snapshot.expected.find((one) => one.key === key);
  const list = (names: readonly string[] = []): string =>
    joined(
      context,
      names.map((name) => showable(name, 60)),
      NAMES,
    );
  return { allowed: list(expected?.allowedSources), reached: list(expected?.reachedFrom) };
}

/** Facts for the part "seen" of a finding. */
export function elsewhereLines(context: Context, service: Service): string[] {
  const say = context.m.vantage;
  const { allowed, reached } = declaredSources(context, service.key);
  return [
    ...told(namesWhere(context, service, 'open'), say.seenReached),
    ...told(namesWhere(context, service, 'closed', 'no-answer'), say.seenNot),
    ...told(namesWhere(context, service, 'not-looked'), say.seenNotLooked),
    ...(allowed === '' || reached === '' ? [] : [say.declaredFor(allowed, reached)]),
  ];
}

/** Under the table of doors: who else looked that day, and what answered there and not here. */
export function elsewhereNote(context: Context): string[] {
  const { m, dates, snapshot } = context;
  const runs = elsewhere(context);
  if (runs.length === 0) return [];
  const name = ({ vantage }: Elsewhere): string => showable(vantage, 60);
  const here = new Set(snapshot.services.filter(isReachedHere).map(({ key }) => key));
  const onlyThere = runs.flatMap((run) => {
    const keys = Object.keys(run.places).filter((key) => run.places[key] === 'open' && !here.has(key));
    const places = keys.map((key) => showable(key, 80));
    return keys.length === 0
      ? []
      : [m.vantage.onlyThere(name(run), keys.length, joined(context, places, 20))];
  });
  const list = runs.map((run) => m.vantage.one(name(run), dates.moment(run.endedAt)));
  return [m.vantage.others(joined(context, list, NAMES)), ...onlyThere];
}

/** By an own look of this run. */
function isReachedHere({ sightings }: Service): boolean {
  return sightings.some(
    ({ source, status }) => source === 'probe' && (status === 'open' || status === 'protocol-error'),
  );
}
