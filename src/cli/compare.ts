import { AppError } from '../lib/app-error.ts';
import { jsonLine, showable } from '../lib/hostile-text.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { comparePlaces, hoursApart, type ComparedCell, type ComparedPlace } from '../track/compare.ts';
import { findRun, listOrganisations, readSnapshot, type Run } from '../track/store.ts';
import { newestHeads } from '../track/vantages.ts';
import { alignedRows } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface CompareOptions {
  readonly reports: string;
  readonly org?: string;
  readonly vantages?: boolean;
  readonly json?: boolean;
}

const MOST_RUNS = 8;
/** Runs further apart than this may differ because of time, not because of the place. */
const CLOSE_HOURS = 24;

/** `sekisho compare RUN RUN…`: which doors are reachable from where. */
export async function compareCommand(
  references: readonly string[],
  options: CompareOptions,
  knowledge: Pick<Knowledge, 'products'>,
  terminal: Terminal,
): Promise<void> {
  const runs = await chosenRuns(references, options);
  const snapshots = await Promise.all(runs.map(async ({ snapshotPath }) => readSnapshot(snapshotPath)));
  requireOneOrganisation(snapshots);
  const places = comparePlaces(snapshots);
  const warnings = warningsOf(snapshots);
  for (const warning of warnings) terminal.say(`warning: ${warning}`);
  if (options.json === true) {
    terminal.result(jsonLines(snapshots, places, warnings, knowledge).join('\n'));
    return;
  }
  terminal.result(textLines(snapshots, places, knowledge).join('\n'));
}

async function chosenRuns(references: readonly string[], options: CompareOptions): Promise<Run[]> {
  if (options.vantages === true && references.length > 0)
    throw new AppError('usage', 'Name runs, or give --vantages, not both.');
  const runs =
    options.vantages === true
      ? await newestOfEach(options)
      : await Promise.all(references.map(async (one) => findRun(options.reports, options.org, one)));
  const distinct = [...new Map(runs.map((run) => [run.directory, run])).values()];
  if (distinct.length < 2 || distinct.length > MOST_RUNS) {
    const found =
      options.vantages === true
        ? `there are runs from ${distinct.length} vantage ${distinct.length === 1 ? 'point' : 'points'}`
        : `${distinct.length} ${distinct.length === 1 ? 'was' : 'were'} named`;
    throw new AppError(
      'usage',
      `Compare 2 to ${MOST_RUNS} different runs: ${found}. "sekisho runs" lists what there is; "sekisho scan --vantage NAME" looks from another place.`,
    );
  }
  return distinct;
}

/** The newest run with own looks of each vantage point; a passive one where there is no other. By name. */
async function newestOfEach({ reports, org }: CompareOptions): Promise<Run[]> {
  const heads = await newestHeads(reports, await onlyOrganisation(reports, org));
  const chosen = new Map<string, (typeof heads)[number]>();
  for (const head of heads) {
    const known = chosen.get(head.vantage);
    if (known === undefined || (known.passive && !head.passive)) chosen.set(head.vantage, head);
  }
  return [...chosen.values()].toSorted((a, b) => (a.vantage < b.vantage ? -1 : 1)).map(({ run }) => run);
}

async function onlyOrganisation(reports: string, org: string | undefined): Promise<string> {
  if (org !== undefined) return org;
  const [only, ...more] = await listOrganisations(reports);
  if (only !== undefined && more.length === 0) return only;
  throw new AppError(
    'usage',
    only === undefined
      ? `There are no runs under ${reports}.`
      : `Several organisations lie under ${reports}: ${[only, ...more].join(', ')}. Say which one with --org.`,
  );
}

function requireOneOrganisation(snapshots: readonly Snapshot[]): void {
  const ids = [...new Set(snapshots.map(({ organisation }) => organisation.id))];
  if (ids.length > 1)
    throw new AppError('usage', `Runs of one organisation can be compared; these are of ${ids.join(', ')}.`);
}

function warningsOf(snapshots: readonly Snapshot[]): string[] {
  const apart = hoursApart(snapshots);
  const isFar = apart === undefined || apart > CLOSE_HOURS;
  return [
    ...(isFar
      ? [
          `the runs are ${apart === undefined ? 'an unknown time' : `${apart} hours`} apart: what differs may have changed in between and say nothing about the place.`,
        ]
      : []),
    ...(new Set(snapshots.map(({ vantage }) => vantage)).size === 1
      ? ['all runs are from the same vantage point: what differs is a matter of time.']
      : []),
    ...snapshots
      .filter(({ passive }) => passive)
      .map(({ runId }) => `${runId} is a passive run: it looked at nothing itself.`),
  ];
}

/** "office-lan", and with its number where two runs are from the same place. */
function labels(snapshots: readonly Snapshot[]): string[] {
  const names = snapshots.map(({ vantage }) => showable(vantage, 60));
  return names.map((name, n) =>
    names.filter((other) => other === name).length > 1 ? `${name} (${n + 1})` : name,
  );
}

const STATES = {
  open: 'open',
  closed: 'closed',
  'no-answer': 'no answer',
  'not-looked': 'not looked',
} as const;

function textLines(
  snapshots: readonly Snapshot[],
  places: readonly ComparedPlace[],
  knowledge: Pick<Knowledge, 'products'>,
): string[] {
  const names = labels(snapshots);
  const header = snapshots.map(({ runId, endedAt, complete, passive }, n) => [
    `run ${n + 1}`,
    names[n] ?? '',
    runId,
    endedAt,
    `${complete ? 'complete' : 'stopped before its end'}${passive ? ', passive' : ''}`,
  ]);
  const rows = places.map((place) => [
    showable(place.key, 80),
    ...place.cells.map((cell) => cellText(cell, place, knowledge)),
    verdictText(place, names),
  ]);
  return [
    ...alignedRows(header.map((row) => row.map((cell) => showable(cell, 80)))),
    '',
    ...(rows.length === 0
      ? ['None of these runs found anything. See their coverage before reading this as "nothing there".']
      : alignedRows([['place', ...names, 'verdict'], ...rows])),
  ];
}

function cellText(
  { state, recordedBy, service }: ComparedCell,
  { differs }: ComparedPlace,
  { products }: Pick<Knowledge, 'products'>,
): string {
  if (state !== 'open')
    return recordedBy.length === 0 ? STATES[state] : `${STATES[state]} (recorded: ${recordedBy.join(', ')})`;
  const product = service?.identity?.productId;
  const version = service?.version.state === 'known' ? service.version.value : undefined;
  const details = [
    ...(differs.includes('product') || differs.includes('version')
      ? [product === undefined ? 'product not known' : (products.get(product)?.name ?? product)]
      : []),
    ...(differs.includes('version') ? [version ?? 'version not known'] : []),
  ];
  return [STATES.open, ...details.map((text) => showable(text, 40))].join(' ');
}

function verdictText({ verdict, cells, differs }: ComparedPlace, names: readonly string[]): string {
  const where = (state: ComparedCell['state']): string =>
    names.filter((_, n) => cells[n]?.state === state).join(', ');
  const unseen = where('not-looked');
  const gap = unseen === '' ? '' : `; not looked at from ${unseen}`;
  switch (verdict) {
    case 'same':
      return 'same everywhere';
    case 'only-from':
      return `only from ${where('open')}${gap}`;
    case 'differs':
      return `differs: ${differs.join(', ')}${gap}`;
    case 'not-compared':
      return `not compared${gap}`;
  }
}

function jsonLines(
  snapshots: readonly Snapshot[],
  places: readonly ComparedPlace[],
  warnings: readonly string[],
  { products }: Pick<Knowledge, 'products'>,
): string[] {
  const runs = snapshots.map(({ runId, vantage, endedAt, complete, passive }) => ({
    run: runId,
    vantage,
    endedAt,
    complete,
    passive,
  }));
  const cellJson = ({ state, recordedBy, service }: ComparedCell, n: number): object => {
    const id = service?.identity?.productId;
    return {
      run: snapshots[n]?.runId,
      vantage: snapshots[n]?.vantage,
      state,
      recordedBy,
      product: id === undefined ? null : { id, name: products.get(id)?.name ?? null },
      version: service?.version.state === 'known' ? service.version.value : null,
    };
  };
  return [
    {
      kind: 'comparison',
      organisation: snapshots[0]?.organisation.id,
      runs,
      hoursApart: hoursApart(snapshots) ?? null,
      warnings,
    },
    ...places.map(({ key, verdict, differs, cells }) => ({
      kind: 'place',
      place: key,
      verdict,
      differs,
      cells: cells.map((cell, n) => cellJson(cell, n)),
    })),
  ].map((line) => jsonLine(line));
}
