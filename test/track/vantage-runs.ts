/** Runs as they would look from another place: the golden journals with other dates, another vantage point and doors shut. */
import { formatPorts, parsePorts } from '../../src/lib/port-list.ts';
import { formatInstant } from '../../src/lib/time.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Snapshot, SourceCoverage } from '../../src/model/snapshot.ts';
import { conclude } from '../../src/pipeline.ts';
import type { JournalContent } from '../../src/track/read-journal.ts';
import { createRun, writeSnapshot } from '../../src/track/store.ts';
import { newestSnapshots, previousSnapshot } from '../../src/track/vantages.ts';
import type { Golden } from '../golden/golden.ts';

export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface RunPlan {
  /** Default: that of the golden file. */
  readonly organisation?: string;
  readonly vantage: string;
  /** End of the run, ISO-8601 UTC. */
  readonly at: string;
  /** Places that refuse the connection from there. */
  readonly shut?: readonly Place[];
  /** Places that this run did not come to. */
  readonly missed?: readonly Place[];
  readonly journal?: 0 | 1;
  readonly scope?: Partial<Scope>;
  readonly change?: (journal: JournalContent) => JournalContent;
}

/** A run in the store, concluded as the real command does it. */
export async function storeRun(root: string, golden: Golden, plan: RunPlan): Promise<Snapshot> {
  const { vantage, at } = plan;
  const scope: Scope = { ...golden.scope, id: plan.organisation ?? golden.scope.id, vantage, ...plan.scope };
  const kin = {
    previous: await previousSnapshot(root, scope.id, vantage),
    others: await newestSnapshots(root, scope.id, { without: vantage }),
  };
  const run = await createRun(root, scope.id, new Date(at));
  const journal = journalOf(golden.journals[plan.journal ?? 1], plan, run.runId);
  const snapshot = conclude({ journal, scope, knowledge: golden.knowledge, ...kin, toolVersion: 'test' });
  await writeSnapshot(run.snapshotPath, snapshot);
  return snapshot;
}

export function journalOf(journal: JournalContent, plan: RunPlan, runId: string): JournalContent {
  const { vantage, at, shut = [], missed = [], change = (same) => same } = plan;
  const end = formatInstant(new Date(at));
  if (journal.header === undefined) throw new Error('the golden journal has a header');
  const gone = (address: string, port: number): boolean =>
    [...shut, ...missed].some((place) => place.address === address && place.port === port);
  return change({
    ...journal,
    header: { ...journal.header, runId, vantage, startedAt: end },
    observations: journal.observations
      .filter(({ address, port }) => !gone(address, port))
      .map((one) => ({ ...one, vantage, observedAt: end, collectedAt: end })),
    sweeps: journal.sweeps.map((one) => ({
      ...one,
      open: one.open.filter((port) => !gone(one.address, port)),
    })),
    coverage: journal.coverage.map((one) => (one.source === 'probe' ? coverageOf(one, plan) : one)),
    end: { kind: 'end', endedAt: end, complete: true },
  });
}

function coverageOf(
  coverage: SourceCoverage,
  { vantage, shut = [], missed = [] }: Pick<RunPlan, 'vantage' | 'shut' | 'missed'>,
): SourceCoverage {
  const { lookedAt } = coverage;
  if (lookedAt === undefined) return { ...coverage, vantage };
  const portsAt = (places: readonly Place[], address: string): number[] =>
    places.filter((place) => place.address === address).map(({ port }) => port);
  const responding = lookedAt.responding.map((host) => {
    const [refused, unasked] = [portsAt(shut, host.address), portsAt(missed, host.address)];
    const open = parsePorts(host.open).filter((port) => ![...refused, ...unasked].includes(port));
    const closed = [...parsePorts(host.closed), ...refused];
    return { address: host.address, open: formatPorts(open), closed: formatPorts(closed) };
  });
  const unfinished = missed.map(({ address, port }) => ({ address, ports: String(port) }));
  return { ...coverage, vantage, lookedAt: { ...lookedAt, responding, unfinished } };
}
