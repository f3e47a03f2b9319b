/** Doors that this run did not find, and an earlier one did: they were open for a time. */
import type { Exposure } from '../../model/service.ts';
import type { RegisterEntry } from '../../model/snapshot.ts';
import type { Context } from './context.ts';

export interface PastDoor {
  readonly entry: RegisterEntry;
  readonly exposure: Exposure | undefined;
  readonly from: string;
  readonly to: string;
  /** No own probe is known to have found it open at `from`. */
  readonly fromRecord: boolean;
}

/** Most urgent first, as it was judged when it was last seen; then the one that was seen last. */
export function pastDoors(context: Context): PastDoor[] {
  const { snapshot, findings } = context;
  const current = new Set(findings.map(({ key }) => key));
  const kept = new Map((snapshot.exposures ?? []).map(({ key, exposure }) => [key, exposure]));
  return snapshot.register
    .filter((entry) => entry.state !== 'open' && !current.has(entry.key) && isDoor(context, entry))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.lastSeen < b.lastSeen ? 1 : -1))
    .map((entry) => {
      const exposure = kept.get(entry.subject) ?? context.service(entry.subject)?.exposure;
      return {
        entry,
        exposure,
        from: exposure?.first ?? entry.firstSeen,
        to: exposure?.last ?? entry.lastSeen,
        fromRecord:
          exposure === undefined
            ? entry.seenBy !== undefined && entry.seenBy.probe === undefined
            : exposure.spans[0]?.sources.includes('probe') === false,
      };
    });
}

function rankOf({ priority }: RegisterEntry): number {
  return Number(priority.slice(1));
}

function isDoor({ knowledge, product }: Context, entry: RegisterEntry): boolean {
  return (product(entry.productId)?.role ?? knowledge.classes[entry.class].role) === 'door';
}
