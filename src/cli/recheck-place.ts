import { AppError } from '../lib/app-error.ts';
import { showable } from '../lib/hostile-text.ts';
import type { RegisterEntry, Snapshot } from '../model/snapshot.ts';
import { parseServiceKey } from '../track/alias.ts';
import { findRun, readSnapshot, type Run } from '../track/store.ts';
import { newestHeads } from '../track/vantages.ts';

/** What is looked at again: a finding of a run, and where it is. */
export interface RecheckPlace {
  readonly run: Run;
  readonly snapshot: Snapshot;
  readonly entry: RegisterEntry;
  readonly address: string;
  readonly port: number;
  /** Of a record that does not say, the TCP half is meant: it nearly always is. */
  readonly transport: 'tcp' | 'udp';
}

interface Wanted {
  readonly reports: string;
  /** Id of the organisation that the file is about. */
  readonly organisation: string;
  /** From here the newest run is taken, if there is one that knows the finding. */
  readonly vantage: string;
  readonly spokenId: string;
  /** Id or path of a run; undefined: the newest. */
  readonly reference: string | undefined;
}

/**
 * Finds the finding by its number, in the register as well: what was closed can be looked at again.
 *
 * @throws AppError `usage` when no run knows the number, or the run is another organisation's
 */
export async function findPlace(wanted: Wanted): Promise<RecheckPlace> {
  const { reports, organisation, spokenId, reference } = wanted;
  const runs = reference === undefined ? await newestRuns(wanted) : [await oneRun(wanted, reference)];
  for (const run of runs) {
    const snapshot = await readSnapshot(run.snapshotPath);
    const entry = snapshot.register.find((one) => one.spokenId === spokenId);
    if (entry === undefined) continue;
    const place = parseServiceKey(entry.subject);
    if (place === undefined)
      throw new AppError(
        'usage',
        `${spokenId} is about ${showable(entry.subject, 80)}, which is no single place.`,
      );
    const { address, port, transport } = place;
    return { run, snapshot, entry, address, port, transport: transport === 'udp' ? 'udp' : 'tcp' };
  }
  if (runs.length === 0)
    throw new AppError(
      'run-not-found',
      `There is no finished run of ${organisation} under ${reports}. "sekisho scan" makes one.`,
    );
  const where =
    reference === undefined ? `The newest runs of ${organisation}` : `The run ${showable(reference, 80)}`;
  throw new AppError(
    'usage',
    `${where} ${reference === undefined ? 'know' : 'knows'} no finding ${spokenId}. "sekisho findings" lists them.`,
  );
}

/** From this vantage point first: what it sees is then set against what the same place saw before. */
async function newestRuns({ reports, organisation, vantage }: Wanted): Promise<Run[]> {
  const heads = await newestHeads(reports, organisation);
  const here = heads.filter((head) => head.vantage === vantage);
  return [...here, ...heads.filter((head) => head.vantage !== vantage)].map(({ run }) => run);
}

async function oneRun({ reports, organisation }: Wanted, reference: string): Promise<Run> {
  const run = await findRun(reports, organisation, reference);
  if (run.organisation === undefined || run.organisation === organisation) return run;
  throw new AppError(
    'usage',
    `The run ${run.runId} is of ${run.organisation}, and the organisation file is about ${organisation}. Only what the file permits is looked at.`,
  );
}
