/** Whether a list may take the place of the one in use. */
import { addDays, compareInstants, formatInstant } from '../lib/time.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { KevList } from './kev-list.ts';

/** CISA has taken back single entries, never many at once: a list that lacks more than this of the old one is not whole. */
const MOST_LOST_SHARE = 0.05;
const MOST_LOST = 3;

export type Verdict =
  | { readonly kind: 'replace' }
  /** The same list is there already. */
  | { readonly kind: 'same' }
  /** `byForce`: the user may insist. The reason is a sentence without its subject, to be put behind the name of the list. */
  | {
      readonly kind: 'refused';
      readonly because: 'future' | 'older-than-shipped' | 'older-than-kept' | 'other-content' | 'rows-lost';
      readonly byForce: boolean;
      readonly reason: string;
    };

export interface Judging {
  readonly list: KevList;
  readonly kept: KevList | undefined;
  /** As shipped, before any list is merged into it. */
  readonly shipped: Pick<Knowledge, 'advisoryData' | 'products'>;
  readonly now: Date;
}

/**
 * A newer list only replaces an older one. What may be insisted on is to go back to an older list, which is how a run is judged
 * again as it was; what may not is a list older than the product files, since it would never be used.
 */
export function judgeList({ list, kept, shipped, now }: Judging): Verdict {
  const refused = (because: Refused['because'], byForce: boolean, reason: string): Verdict => ({
    kind: 'refused',
    because,
    byForce,
    reason,
  });
  const released = list.released.slice(0, 10);
  if (compareInstants(list.released, addDays(formatInstant(now), 1)) > 0)
    return refused(
      'future',
      false,
      `is dated ${released}, in the future: is the clock of this machine right?`,
    );
  if (released < shipped.advisoryData)
    return refused(
      'older-than-shipped',
      false,
      `is of ${released}, older than what this sekisho ships with (${shipped.advisoryData}), and would not be used`,
    );
  if (kept !== undefined) {
    const order = compareInstants(list.released, kept.released);
    if (order === 0 && sameContent(list, kept)) return { kind: 'same' };
    if (order < 0)
      return refused(
        'older-than-kept',
        true,
        `is of ${released}, older than the one kept (${kept.released.slice(0, 10)})`,
      );
    if (order === 0)
      return refused(
        'other-content',
        true,
        `is released at the same moment as the one kept and differs from it`,
      );
  }
  const before = kept === undefined ? listedInProducts(shipped) : kept.entries.map(({ cve }) => cve);
  const present = new Set(list.entries.map(({ cve }) => cve));
  const lost = before.filter((cve) => !present.has(cve));
  if (lost.length > Math.max(MOST_LOST, before.length * MOST_LOST_SHARE))
    return refused(
      'rows-lost',
      true,
      `lacks ${lost.length} of the ${before.length} CVEs known before (${lost.slice(0, 3).join(', ')} …): it does not look whole`,
    );
  return { kind: 'replace' };
}

type Refused = Extract<Verdict, { kind: 'refused' }>;

function sameContent(a: KevList, b: KevList): boolean {
  return JSON.stringify(a.entries) === JSON.stringify(b.entries);
}

function listedInProducts({ products }: Pick<Knowledge, 'products'>): string[] {
  const cves = [...products.values()].flatMap(({ exploited }) =>
    exploited.filter(({ kev }) => kev !== undefined).map(({ cve }) => cve),
  );
  return [...new Set(cves)];
}
