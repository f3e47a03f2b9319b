/** What a stored run comes to, for trends: small enough to keep hundreds of. Made from snapshots by `track/history.ts`. */
import type { Priority } from './finding.ts';

export interface RunSummary {
  readonly runId: string;
  /** ISO-8601 UTC */
  readonly endedAt: string;
  readonly vantage: string;
  readonly complete: boolean;
  /** No packet was sent. */
  readonly passive: boolean;
  /** Nothing was looked at: says nothing about the boundary. */
  readonly blind: boolean;
  readonly services: number;
  /** Open findings by priority. */
  readonly priorities: Readonly<Record<Priority, number>>;
  /** Doors that an own probe got in at, as far as is known by everyone; by site id. A site without any is absent. */
  readonly doors: Readonly<Record<string, number>>;
  /** Doors known from records alone, by site id. */
  readonly recordedDoors: Readonly<Record<string, number>>;
  /** Number of changes by kind. */
  readonly changes: Readonly<Record<string, number>>;
}
