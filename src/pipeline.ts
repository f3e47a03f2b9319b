/**
 * The six rooms in order: scope → observe → identify → assess → track → report. `observe` is the only part that talks to
 * the network and it writes a journal; `conclude` makes a snapshot of that journal and is a function of its arguments, so
 * the same journal and the same knowledge give the same bytes. The report is made from a snapshot by `report/`.
 */
import type { Logger } from 'pino';
import { assess } from './assess/assess.ts';
import { withAssets } from './identify/assets.ts';
import { candidatesOf } from './identify/candidates.ts';
import { identify } from './identify/identify.ts';
import { AppError, errorText } from './lib/app-error.ts';
import { compareInstants, DAY_MS } from './lib/time.ts';
import { advisoryAge } from './model/advisory.ts';
import type { Knowledge } from './model/knowledge.ts';
import type { Scope } from './model/scope.ts';
import { SNAPSHOT_SCHEMA, type Snapshot, type SourceCoverage } from './model/snapshot.ts';
import { coverageOfNothing, type FileSource, type Source, type SourceContext } from './observe/source.ts';
import { elsewhereOf } from './track/elsewhere.ts';
import { withEarlierLooks } from './track/exposure.ts';
import type { Journal } from './track/journal.ts';
import type { JournalEntry } from './track/journal-entry.ts';
import type { JournalContent } from './track/read-journal.ts';
import { track } from './track/track.ts';

export interface ObserveInput {
  readonly sources: readonly (Source | FileSource)[];
  readonly scope: Scope;
  readonly journal: Journal;
  /** What an earlier, killed attempt at this run has left. */
  readonly earlier: JournalContent | undefined;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly progress: SourceContext['progress'];
}

/** Asks all sources side by side; each fails apart from the others. Everything learnt is in the journal afterwards. */
export async function observe({ sources, journal, ...input }: ObserveInput): Promise<void> {
  await Promise.all(
    sources.map(async (source) => {
      const coverage = await runSource(source, journal, input);
      if (coverage !== undefined) journal.append({ kind: 'coverage', coverage });
    }),
  );
}

async function runSource(
  source: Source | FileSource,
  journal: Journal,
  { scope, earlier, now, signal, log, progress }: Omit<ObserveInput, 'sources' | 'journal'>,
): Promise<SourceCoverage | undefined> {
  try {
    return await source.run({
      scope,
      now,
      signal,
      log: log.child({ source: source.name }),
      progress,
      alreadyDone: earlier?.done.get(source.name) ?? new Set(),
      earlier: {
        observations: (earlier?.observations ?? []).filter(
          // What a file of Shodan says is not what we have asked Shodan for.
          (observation) => observation.source === source.name && observation.file === source.file,
        ),
        sweeps: source.name === 'probe' ? (earlier?.sweeps ?? []) : [],
      },
      record: recorderFor(source, journal),
    });
  } catch (error) {
    // A fault of ours in one source must not take the others' results with it; the report shows the hole.
    log.error({ source: source.name, error: errorText(error) }, 'a source failed unexpectedly');
    return coverageOfNothing({
      source: source.name,
      vantage: scope.vantage,
      ...(source.file === undefined ? {} : { file: source.file }),
      state: 'failed',
      reason: 'unexpected',
    });
  }
}

/**
 * A journal that cannot be written tells its owner at once (`onFailure`, which ends the sending) and again when it is
 * closed. Sources and their many promises in flight are not made to trip over it as well.
 */
function recorderFor({ name }: Source | FileSource, journal: Journal): SourceContext['record'] {
  const append = (entry: JournalEntry): void => {
    try {
      journal.append(entry);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  };
  return {
    observation: (observation) => append({ kind: 'observation', ...observation }),
    sweep: (results) => append({ kind: 'sweep', results }),
    candidate: (candidate) => append({ kind: 'candidate', candidate }),
    asset: (asset) => append({ kind: 'asset', asset }),
    done: (unit) => append({ kind: 'done', source: name, unit }),
  };
}

export interface ConcludeInput {
  readonly journal: JournalContent;
  readonly scope: Scope;
  readonly knowledge: Knowledge;
  /** The run before it from the same vantage point. */
  readonly previous: Snapshot | undefined;
  /**
   * Newest runs of the vantage points of the organisation: numbers given there hold here too, and those of the same day tell what can
   * be reached from elsewhere. Absent: there are no others.
   */
  readonly others?: readonly Snapshot[];
  readonly toolVersion: string;
  /** When an old run is judged again: ISO-8601 UTC. The findings are as of the run; the age of the advisory data is as of this. */
  readonly judgedAt?: string;
}

/** From what was observed to what it means and how it changed. Pure. */
export function conclude({
  journal,
  scope: given,
  knowledge,
  previous,
  others = [],
  toolVersion,
  judgedAt,
}: ConcludeInput): Snapshot {
  const { header, observations, sweeps, end, complete } = journal;
  // What the run was begun with counts, also when it is judged again by a file that says otherwise.
  const scope = header === undefined ? given : { ...given, vantage: header.vantage };
  const startedAt = header?.startedAt ?? '';
  const endedAt = end?.endedAt ?? startedAt;
  const coverage = journal.coverage.toSorted((a, b) => (coverageOrder(a) < coverageOrder(b) ? -1 : 1));
  const found = withAssets(identify(observations, sweeps, scope, knowledge), journal.assets);
  const { services, exposures } = withEarlierLooks({ services: found, coverage, previous, now: endedAt });
  const register = previous?.register ?? [];
  const runId = header?.runId ?? '';
  const elsewhere = elsewhereOf({ ...scope, runId, endedAt, services, others });
  const findings = assess({ services, scope, knowledge, now: endedAt, register, coverage, elsewhere });
  const tracked = track({
    findings,
    services,
    coverage,
    scope,
    previous,
    now: endedAt,
    complete,
    elsewhere,
    otherRegisters: others.map((run) => run.register),
  });
  return {
    schemaVersion: SNAPSHOT_SCHEMA,
    runId,
    ...describeScope(scope),
    startedAt,
    endedAt,
    complete,
    passive: header?.passive ?? false,
    tool: describeTool(toolVersion, knowledge, endedAt, judgedAt),
    coverage,
    services,
    exposures,
    candidates: candidatesOf({ observations, searched: journal.candidates, services, scope }),
    ...(journal.assets.length === 0 ? {} : { assets: [...journal.assets] }),
    ...(elsewhere.length === 0 ? {} : { elsewhere }),
    ...tracked,
  };
}

/** Sources finish in any order; in a snapshot they stand in one. */
function coverageOrder({ source, vantage, file = '' }: SourceCoverage): string {
  return [source, vantage, file].join('\n');
}

/** Judged again within a day of the run is judged at the run: a second judgement of the same is then the same to the byte. */
function describeTool(
  version: string,
  { version: rules, advisoryData, advisoryList }: Knowledge,
  endedAt: string,
  judgedAt = endedAt,
): Snapshot['tool'] {
  const at = compareInstants(judgedAt, endedAt) >= DAY_MS ? judgedAt : endedAt;
  const { days } = advisoryAge(advisoryData, at);
  return {
    version,
    knowledge: rules,
    advisoryData,
    ...(days === undefined ? {} : { advisoryAgeDays: days }),
    ...(advisoryList === undefined ? {} : { advisoryList: { ...advisoryList } }),
  };
}

type ScopeDescription = Pick<
  Snapshot,
  | 'organisation'
  | 'sites'
  | 'permission'
  | 'maintainer'
  | 'exclusions'
  | 'timezone'
  | 'tlp'
  | 'vantage'
  | 'scopeDigest'
>;

function describeScope(scope: Scope): ScopeDescription {
  return {
    organisation: { id: scope.id, ...scope.organisation },
    sites: scope.sites.map(({ id, name, country, kind, ranges, hosts, contact }) => ({
      id,
      ...name,
      country,
      kind,
      ranges: ranges.map(({ text }) => text),
      hosts: [...hosts],
      contact,
    })),
    permission: scope.permission && { ...scope.permission },
    maintainer: scope.maintainer && { ...scope.maintainer },
    exclusions: scope.exclusions.map(({ text }) => text),
    timezone: scope.timezone,
    tlp: scope.tlp,
    vantage: scope.vantage,
    scopeDigest: scope.digest,
  };
}
