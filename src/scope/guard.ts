import { AddressSet, parseAddress, rangeContains, type Address } from '../lib/address.ts';
import { isInsideWindow } from './time-window.ts';
import type { Scope, Site } from '../model/scope.ts';
import type { CoverageReason } from '../model/snapshot.ts';

export type RefusalReason = Extract<
  CoverageReason,
  'not-an-address' | 'not-in-scope' | 'excluded' | 'no-permission' | 'permission-expired' | 'outside-window'
>;

export type Verdict =
  | { readonly allowed: true; readonly address: string; readonly site: Site }
  | { readonly allowed: false; readonly reason: RefusalReason; readonly sentence: string };

/** What the guard stopped, for the log and the report: destinations are bounded, counts are not. */
export interface Refusals {
  readonly total: number;
  readonly byReason: ReadonlyMap<RefusalReason, number>;
  readonly destinations: readonly { readonly destination: string; readonly reason: RefusalReason }[];
}

const MAX_LISTED = 1000;

/**
 * Decides whether packets may go to an address, each time anew: deny by default, deny wins. The dialer asks right before
 * it opens a socket, with the very address that the socket will use, so a name or a redirect cannot lead around it.
 */
export class Guard {
  readonly #scope: Scope;
  readonly #now: () => Date;
  readonly #included: AddressSet;
  readonly #excluded: AddressSet;
  readonly #byReason = new Map<RefusalReason, number>();
  readonly #destinations = new Map<string, RefusalReason>();

  constructor(scope: Scope, now: () => Date) {
    this.#scope = scope;
    this.#now = now;
    this.#included = new AddressSet(scope.sites.flatMap((site) => site.ranges));
    this.#excluded = new AddressSet(scope.exclusions);
  }

  /** May a probe be sent to this address now? A refusal is counted. */
  check(text: string): Verdict {
    const verdict = this.#permissionVerdict() ?? this.judgeAddress(text);
    if (!verdict.allowed) this.#count(text, verdict.reason);
    return verdict;
  }

  /** Is the address part of the organisation's scope, whatever the hour and the permission? Nothing is counted. */
  judgeAddress(text: string): Verdict {
    const address = parseAddress(text);
    if (address === undefined) return refuse('not-an-address', `"${text}" is not an address`);
    if (this.#excluded.has(address))
      return refuse('excluded', `${address.text} is excluded by the organisation file`);
    const site = this.#included.has(address) ? this.#siteOf(address) : undefined;
    if (site === undefined)
      return refuse('not-in-scope', `${address.text} is in no range of the organisation file`);
    return { allowed: true, address: address.text, site };
  }

  get refusals(): Refusals {
    const destinations = [...this.#destinations].map(([destination, reason]) => ({ destination, reason }));
    const total = [...this.#byReason.values()].reduce((sum, count) => sum + count, 0);
    return { total, byReason: this.#byReason, destinations };
  }

  #permissionVerdict(): Verdict | undefined {
    const { permission, windows, timezone } = this.#scope;
    const now = this.#now();
    if (permission === undefined)
      return refuse('no-permission', 'the organisation file gives no permission to probe');
    if (now.getTime() > Date.parse(permission.validUntil)) {
      return refuse('permission-expired', `the permission ended at ${permission.validUntil}`);
    }
    if (!isInsideWindow(windows, timezone, now)) return refuse('outside-window', 'outside the time windows');
    return undefined;
  }

  #siteOf(address: Address): Site | undefined {
    return this.#scope.sites.find((site) => site.ranges.some((range) => rangeContains(range, address)));
  }

  #count(destination: string, reason: RefusalReason): void {
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + 1);
    if (this.#destinations.size < MAX_LISTED) this.#destinations.set(destination.slice(0, 100), reason);
  }
}

function refuse(reason: RefusalReason, sentence: string): Verdict {
  return { allowed: false, reason, sentence };
}
