/** What a line of a run's journal may be. One JSON object a line; a line without its line break was never written. */
import { z } from 'zod';
import { Asset } from '../model/import.ts';
import { Observation, SourceName, SweepResult } from '../model/observation.ts';
import { Recheck } from '../model/recheck.ts';
import { Candidate, SourceCoverage } from '../model/snapshot.ts';

export const JOURNAL_SCHEMA = 1;

/** Longest line, in bytes with its line break; longer ones are neither written nor read. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** First line: what this run set out to do. A resumed run goes on with the header that it finds. */
export const RunHeader = z.object({
  kind: z.literal('run'),
  schemaVersion: z.literal(JOURNAL_SCHEMA),
  runId: z.string(),
  /** A journal made under another scope must not be resumed. */
  scopeDigest: z.string(),
  startedAt: z.string(),
  toolVersion: z.string(),
  vantage: z.string(),
  passive: z.boolean(),
  portProfile: z.string(),
  /** Range form: "21-23,443". */
  ports: z.string(),
});
export type RunHeader = z.infer<typeof RunHeader>;

export const RunEnd = z.object({ kind: z.literal('end'), endedAt: z.string(), complete: z.boolean() });
export type RunEnd = z.infer<typeof RunEnd>;

export const JournalEntry = z.discriminatedUnion('kind', [
  RunHeader,
  z.object({ kind: z.literal('observation'), ...Observation.shape }),
  z.object({ kind: z.literal('sweep'), results: z.array(SweepResult).readonly() }),
  z.object({ kind: z.literal('candidate'), candidate: Candidate }),
  z.object({ kind: z.literal('asset'), asset: Asset }),
  z.object({ kind: z.literal('done'), source: SourceName, unit: z.string() }),
  z.object({ kind: z.literal('coverage'), coverage: SourceCoverage }),
  RunEnd,
  /** Added after the end: the run is what it was. */
  z.object({ kind: z.literal('recheck'), recheck: Recheck }),
]);
export type JournalEntry = z.infer<typeof JournalEntry>;

export const JOURNAL_KINDS: ReadonlySet<string> = new Set<JournalEntry['kind']>([
  'run',
  'observation',
  'sweep',
  'candidate',
  'asset',
  'done',
  'coverage',
  'end',
  'recheck',
]);
