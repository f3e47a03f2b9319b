/** What the stored runs of an organisation come to, for trends and for the list of its runs. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../lib/atomic-file.ts';
import { isBlind } from '../model/coverage.ts';
import { Priority } from '../model/finding.ts';
import type { RunSummary } from '../model/history.ts';
import { Role } from '../model/service-class.ts';
import { SNAPSHOT_SCHEMA, Snapshot, SourceCoverage } from '../model/snapshot.ts';
import { compareRunIds, listRuns, organisationFolder, type Run } from './store.ts';

export interface HistoryRun {
  readonly summary: RunSummary;
  /** As the organisation file gave it for that run. */
  readonly organisation: { readonly ja: string; readonly en: string };
  readonly sites: readonly { readonly id: string; readonly ja: string; readonly en: string }[];
  readonly timezone: string;
  readonly tlp: string;
}

/** unfinished: it has no snapshot, because it is running or was stopped · damaged: it has one that cannot be read. */
export interface UnreadRun {
  readonly runId: string;
  readonly state: 'unfinished' | 'damaged';
}

/** Both oldest first. A run that cannot be read is told, never passed over. */
export interface History {
  readonly runs: readonly HistoryRun[];
  readonly unread: readonly UnreadRun[];
}

export const HISTORY_FILE = 'history.json';
/** Another number: everything that is kept is made again. */
const HISTORY_SCHEMA = 1;

const Count = z.number().int().min(0);
const HistoryEntry = z.object({
  /** Of the snapshot that it was made from: one that was made again, or put back from a backup, differs. */
  bytes: z.number(),
  modifiedMs: z.number(),
  organisation: z.object({ ja: z.string(), en: z.string() }),
  sites: z.array(z.object({ id: z.string(), ja: z.string(), en: z.string() })),
  timezone: z.string(),
  tlp: z.string(),
  summary: z.object({
    runId: z.string(),
    endedAt: z.string(),
    vantage: z.string(),
    complete: z.boolean(),
    passive: z.boolean(),
    blind: z.boolean(),
    services: Count,
    priorities: z.record(Priority, Count),
    doors: z.record(z.string(), Count),
    recordedDoors: z.record(z.string(), Count),
    changes: z.record(z.string(), Count),
  }),
});
type HistoryEntry = z.infer<typeof HistoryEntry>;
const HistoryFile = z.object({ schema: z.literal(HISTORY_SCHEMA), entries: z.array(z.unknown()) });

/** What is counted of a snapshot: an older or newer one need not fit the whole schema to be counted. */
const Countable = z.object({
  schemaVersion: z.literal(SNAPSHOT_SCHEMA),
  organisation: Snapshot.shape.organisation,
  sites: z.array(z.object({ id: z.string(), ja: z.string(), en: z.string() })),
  timezone: z.string(),
  tlp: z.string(),
  vantage: z.string(),
  endedAt: z.string(),
  complete: z.boolean(),
  passive: z.boolean(),
  coverage: z.array(SourceCoverage.pick({ state: true, looked: true })),
  services: z.array(z.unknown()),
  findings: z.array(
    z.object({
      subject: z.string(),
      siteId: z.string().optional(),
      priority: Priority,
      inputs: z.object({ role: Role, reach: z.string() }),
    }),
  ),
  changes: z.array(z.object({ kind: z.string() })),
});
type Countable = z.infer<typeof Countable>;

/**
 * Sums up every stored run of an organisation up to and with the run `upTo`.
 *
 * The sums are kept in one file beside the runs, for hundreds of snapshots of some megabytes each take minutes to read. One file
 * instead of one in each run: it costs one read and one write, and a run's folder stays as it was. It is only a copy: entries that
 * do not fit their snapshot any more are made again, and when it cannot be written nothing is lost but time.
 *
 * @throws AppError `organisation-id`, `read-failed`
 */
export async function readHistory(root: string, organisation: string, upTo?: string): Promise<History> {
  const all = await listRuns(root, organisation);
  const path = join(organisationFolder(root, organisation), HISTORY_FILE);
  const kept = await readKept(path);
  const entries = new Map<string, HistoryEntry>();
  const unread: UnreadRun[] = [];
  const runs: HistoryRun[] = [];
  let isChanged = false;
  for (const run of all) {
    const before = kept.get(run.runId);
    if (upTo !== undefined && compareRunIds(run.runId, upTo) > 0) {
      if (before !== undefined) entries.set(run.runId, before);
      continue;
    }
    const entry = await entryOf(run, before);
    if (typeof entry === 'string') {
      unread.push({ runId: run.runId, state: entry });
      continue;
    }
    isChanged ||= entry !== before;
    entries.set(run.runId, entry);
    const { bytes: _bytes, modifiedMs: _modifiedMs, ...told } = entry;
    runs.push(told);
  }
  if (isChanged || entries.size !== kept.size) await keep(path, [...entries.values()]);
  return { runs, unread };
}

async function readKept(path: string): Promise<Map<string, HistoryEntry>> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const file = text === undefined ? undefined : HistoryFile.safeParse(parsed(text)).data;
  const entries = (file?.entries ?? []).flatMap((one) => HistoryEntry.safeParse(one).data ?? []);
  return new Map(entries.map((entry) => [entry.summary.runId, entry]));
}

async function keep(path: string, entries: readonly HistoryEntry[]): Promise<void> {
  const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
  const text = `{"schema":${HISTORY_SCHEMA},"entries":[\n${lines}\n]}\n`;
  // A folder that may only be read has its history all the same, more slowly.
  await writeFileAtomically(path, text).catch(() => undefined);
}

async function entryOf(
  { runId, snapshotPath }: Run,
  before: HistoryEntry | undefined,
): Promise<HistoryEntry | UnreadRun['state']> {
  const found = await stat(snapshotPath).catch(() => undefined);
  if (found === undefined) return 'unfinished';
  const [bytes, modifiedMs] = [found.size, Math.floor(found.mtimeMs)];
  if (before?.bytes === bytes && before.modifiedMs === modifiedMs) return before;
  const text = await readFile(snapshotPath, 'utf8').catch(() => undefined);
  const snapshot = text === undefined ? undefined : Countable.safeParse(parsed(text)).data;
  if (snapshot === undefined) return 'damaged';
  const { organisation, sites, timezone, tlp } = snapshot;
  return {
    bytes,
    modifiedMs,
    organisation: { ja: organisation.ja, en: organisation.en },
    sites,
    timezone,
    tlp,
    summary: summaryOf(runId, snapshot),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a run comes to. */
export function summaryOf(runId: string, snapshot: Countable): HistoryEntry['summary'] {
  const { endedAt, vantage, complete, passive, coverage, services, findings, changes } = snapshot;
  const isBlindRun = isBlind(coverage);
  const priorities = { P1: 0, P2: 0, P3: 0, P4: 0 };
  for (const { priority } of findings) priorities[priority] += 1;
  const doors = findings.filter(({ inputs }) => inputs.role === 'door');
  return {
    runId,
    endedAt,
    vantage,
    // As the cover of the report counts it: a source that failed leaves holes, one that was left out on purpose does not.
    complete:
      complete && !isBlindRun && coverage.every(({ state }) => state === 'complete' || state === 'off'),
    passive,
    blind: isBlindRun,
    services: services.length,
    priorities,
    doors: bySite(doors.filter(({ inputs }) => inputs.reach === 'everyone')),
    recordedDoors: bySite(
      doors.filter(({ inputs: { reach } }) => reach === 'passive-only' || reach === 'unknown'),
    ),
    changes: tally(changes.map(({ kind }) => kind)),
  };
}

/** Places, not findings: a door with two findings is one. A place of no site stands under the empty text. */
function bySite(findings: Countable['findings']): Record<string, number> {
  const places = new Map(findings.map(({ subject, siteId }) => [subject, siteId ?? '']));
  return tally([...places.values()]);
}

function tally(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
