/** Spoken ids across vantage points: a place is called by one number, wherever it is looked at from. */
import type { Finding } from '../model/finding.ts';
import type { RegisterEntry } from '../model/snapshot.ts';
import { entriesOf } from './alias.ts';
import { spokenIds, spokenNumber } from './spoken-id.ts';

export interface SharedIdsInput {
  /** Findings that enter the register in this run, in the order in which new numbers are given. */
  readonly entering: readonly Finding[];
  /** Numbers that this vantage point's own register has given. */
  readonly used: Iterable<string>;
  /** Registers of other vantage points of the same organisation. */
  readonly others: readonly (readonly RegisterEntry[])[];
}

/**
 * Number of each entering finding: the one that another vantage point knows the same thing by, else one that nobody has ever
 * given. Where two could be taken, the older one is. The order of `others` does not matter.
 */
export function sharedIds({ entering, used, others }: SharedIdsInput): ReadonlyMap<Finding, string> {
  const taken = new Set(used);
  const ids = new Map<Finding, string>();
  const known = knownNumbers(entering, others);
  const next = spokenIds([...taken, ...others.flat().map(({ spokenId }) => spokenId)]);
  for (const numbers of [known.byKey, known.byPlace]) {
    for (const finding of entering) {
      const free = (numbers.get(finding) ?? []).find((id) => !taken.has(id));
      if (free === undefined || ids.has(finding)) continue;
      ids.set(finding, free);
      taken.add(free);
    }
  }
  for (const finding of entering) if (!ids.has(finding)) ids.set(finding, next());
  return ids;
}

type Numbers = ReadonlyMap<Finding, readonly string[]>;

/** What the others call each finding: of the same key, or of a key that means the same place (see `alias.ts`). */
function knownNumbers(
  entering: readonly Finding[],
  others: SharedIdsInput['others'],
): { byKey: Numbers; byPlace: Numbers } {
  const byKey = new Map<Finding, string[]>();
  const byPlace = new Map<Finding, string[]>();
  for (const register of others) {
    for (const [finding, { key, spokenId }] of entriesOf(entering, register)) {
      const numbers = key === finding.key ? byKey : byPlace;
      numbers.set(finding, [...(numbers.get(finding) ?? []), spokenId]);
    }
  }
  for (const list of [...byKey.values(), ...byPlace.values()])
    list.sort((a, b) => spokenNumber(a) - spokenNumber(b));
  return { byKey, byPlace };
}
