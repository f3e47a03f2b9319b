/**
 * The six rooms in order: scope → observe → identify → assess → track → report. `observe` is the only part that talks to
 * the network and it writes a journal; `conclude` makes a snapshot of that journal and is a function of its arguments, so
 * the same journal and the same knowledge give the same bytes. The report is made from a snapshot by `report/`.
 */
import type { Logger } from 'pino';
import { assess } from './assess/assess.ts';
import { identify } from './identify/identify.ts';
import { AppError, errorText } from './lib/app-error.ts';
import { compareInstants, DAY_MS } from './lib/time.ts';
import { advisoryAge } from './model/advisory.ts';
import type { Knowledge } from './model/knowledge.ts';
import type { Scope } from './model/scope.ts';
import {
  SNAPSHOT_SCHEMA,
  type CoverageReason,
  type Snapshot,
  type SourceCoverage,
} from './model/snapshot.ts';
import type { Source, SourceContext } from './observe/source.ts';
import type { Journal } from './track/journal.ts';
import type { JournalEntry } from './track/journal-entry.ts';
import type { JournalContent } from './track/read-journal.ts';
import { track } from './track/track.ts';

export interface ObserveInput {
  readonly sources: readonly Source[];
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
      journal.append({ kind: 'coverage', coverage });
    }),
  );
}

async function runSource(
  source: Source,
  journal: Journal,
  { scope, earlier, now, signal, log, progress }: Omit<ObserveInput, 'sources' | 'journal'>,
): Promise<SourceCoverage> {
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
          (observation) => observation.source === source.name,
        ),
        sweeps: source.name === 'probe' ? (earlier?.sweeps ?? []) : [],
      },
      record: recorderFor(source, journal),
    });
  } catch (error) {
    // A fault of ours in one source must not take the others' results with it; the report shows the hole.
    log.error({ source: source.name, error: errorText(error) }, 'a source failed unexpectedly');
    return failedCoverage(source, scope);
  }
}

/**
 * A journal that cannot be written tells its owner at once (`onFailure`, which ends the sending) and again when it is
 * closed. Sources and their many promises in flight are not made to trip over it as well.
 */
function recorderFor({ name }: Source, journal: Journal): SourceContext['record'] {
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
    done: (unit) => append({ kind: 'done', source: name, unit }),
  };
}

function failedCoverage({ name }: Source, { vantage }: Scope): SourceCoverage {
  return {
    source: name,
    vantage,
    state: 'failed',
    reason: 'unexpected' satisfies CoverageReason,
    addresses: 0,
    looked: 0,
    answered: 0,
    notLooked: [],
    requests: 0,
    refusedByScope: 0,
  };
}

export interface ConcludeInput {
  readonly journal: JournalContent;
  readonly scope: Scope;
  readonly knowledge: Knowledge;
  readonly previous: Snapshot | undefined;
  readonly toolVersion: string;
  /** When an old run is judged again: ISO-8601 UTC. The findings are as of the run; the age of the advisory data is as of this. */
  readonly judgedAt?: string;
}

/** From what was observed to what it means and how it changed. Pure. */
export function conclude({
  journal,
  scope,
  knowledge,
  previous,
  toolVersion,
  judgedAt,
}: ConcludeInput): Snapshot {
  const { header, observations, sweeps, end, complete } = journal;
  const startedAt = header?.startedAt ?? '';
  const endedAt = end?.endedAt ?? startedAt;
  const coverage = [...journal.coverage].toSorted((a, b) => (a.source < b.source ? -1 : 1));
  const services = identify(observations, sweeps, scope, knowledge);
  const register = previous?.register ?? [];
  const findings = assess({ services, scope, knowledge, now: endedAt, register, coverage });
  const tracked = track({ findings, services, coverage, scope, previous, now: endedAt, complete });
  return {
    schemaVersion: SNAPSHOT_SCHEMA,
    runId: header?.runId ?? '',
    ...describeScope(scope),
    startedAt,
    endedAt,
    complete,
    passive: header?.passive ?? false,
    tool: describeTool(toolVersion, knowledge, endedAt, judgedAt),
    coverage,
    services,
    ...tracked,
  };
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
