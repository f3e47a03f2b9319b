/** What the organisation declared it wants reachable, against what this run saw. */
import { canonicalAddress } from '../lib/address.ts';
import { daysBetween, localDate } from '../lib/time.ts';
import type { Expectation, Scope } from '../model/scope.ts';
import { serviceKey, type Service } from '../model/service.ts';
import type { Change, Elsewhere, ExpectedState, RegisterEntry, Snapshot } from '../model/snapshot.ts';
import type { RunLook } from './look.ts';
import { change } from './register.ts';
import { siteFinder } from './sites.ts';
import { openSightings } from './weigh.ts';

/** Days before the end at which a reader is told, each once; the end itself is told too. */
const NOTICE_DAYS = [30, 7, -1] as const;

export function expectationKey(expectation: Expectation): string {
  return serviceKey(canonicalAddress(expectation.address), expectation.port, expectation.transport);
}

export function expectedStates(
  scope: Scope,
  services: ReadonlyMap<string, Service>,
  run: RunLook,
  now: string,
  elsewhere: readonly Elsewhere[] = [],
): ExpectedState[] {
  const today = dayIn(scope.timezone, now);
  return scope.expected.map((expectation) => ({
    key: expectationKey(expectation),
    owner: expectation.owner,
    reason: expectation.reason,
    until: expectation.until,
    ...(expectation.ticket === undefined ? {} : { ticket: expectation.ticket }),
    ...sourcesOf(expectation, { scope, services, run, elsewhere }),
    state: daysBetween(today, expectation.until) < 0 ? 'expired' : stateOf(expectation, services, run),
  }));
}

interface Seen {
  readonly scope: Scope;
  readonly services: ReadonlyMap<string, Service>;
  readonly run: RunLook;
  readonly elsewhere: readonly Elsewhere[];
}

/**
 * What was declared for some sources only and was reached from a vantage point that is not named among them. Whether its address is
 * among the declared ones nobody here can tell, so this is no state of its own: people compare.
 */
function sourcesOf(
  expectation: Expectation,
  { scope, services, run, elsewhere }: Seen,
): Pick<ExpectedState, 'allowedSources' | 'reachedFrom'> {
  const { port, transport, allowedSources } = expectation;
  if (allowedSources.length === 0) return {};
  const key = expectationKey(expectation);
  const own = openSightings(services.get(key)).filter(({ source }) => source === 'probe');
  const isOpen =
    run.look({ address: canonicalAddress(expectation.address), port, transport }).result === 'open';
  const reached = new Set([
    ...own.map(({ vantage }) => vantage),
    ...(own.length === 0 && isOpen ? [scope.vantage] : []),
    ...elsewhere.filter(({ places }) => places[key] === 'open').map(({ vantage }) => vantage),
  ]);
  const reachedFrom = [...reached].filter((vantage) => !allowedSources.includes(vantage)).toSorted();
  return { allowedSources: [...allowedSources], ...(reachedFrom.length === 0 ? {} : { reachedFrom }) };
}

/** "2026-11-20" where people read the calendar: an entry holds through its last day there. */
function dayIn(timeZone: string, now: string): string {
  const { year, month, day } = localDate(now, timeZone);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function stateOf(
  expectation: Expectation,
  services: ReadonlyMap<string, Service>,
  run: RunLook,
): ExpectedState['state'] {
  const { port, transport } = expectation;
  const address = canonicalAddress(expectation.address);
  const service =
    services.get(serviceKey(address, port, transport)) ?? services.get(serviceKey(address, port, 'unknown'));
  const sightings = openSightings(service);
  const look = run.look({ address, port, transport }).result;
  const ownOpen = look === 'open' || sightings.some(({ source }) => source === 'probe');
  if (!ownOpen && (look === 'closed' || look === 'no-answer')) return 'missing';
  if (service === undefined || sightings.length === 0) {
    const anything = expectation.product === undefined && expectation.class === undefined;
    return ownOpen && anything ? 'as-declared' : 'not-checked';
  }
  return compare(expectation, service);
}

/** What cannot be told apart from the declaration is not called the same: `not-checked`. */
function compare(expectation: Expectation, service: Service): ExpectedState['state'] {
  const { class: wantedClass } = expectation;
  const product = expectation.product?.toLowerCase();
  if (wantedClass !== undefined && service.class !== wantedClass)
    return service.class === 'unknown' ? 'not-checked' : 'differs';
  if (product === undefined) return 'as-declared';
  const seen = [service.identity, ...service.candidates].map((one) => one?.productId.toLowerCase());
  if (seen.includes(product)) return 'as-declared';
  return service.identity === undefined ? 'not-checked' : 'differs';
}

/** Declarations that come close to their end since the previous run, or ended. */
export function expiring(
  scope: Scope,
  register: readonly RegisterEntry[],
  previous: Snapshot | undefined,
  now: string,
): Change[] {
  const today = dayIn(scope.timezone, now);
  return scope.expected.flatMap((expectation) => {
    const key = expectationKey(expectation);
    const known = previous?.expected.some((one) => one.key === key && one.until === expectation.until);
    const before =
      previous === undefined || known !== true
        ? 0
        : noticeStage(dayIn(scope.timezone, previous.endedAt), expectation.until);
    if (noticeStage(today, expectation.until) <= before) return [];
    const details = [{ what: 'until', from: '', to: expectation.until }];
    const entry = mostUrgentAt(register, key);
    if (entry !== undefined) return [change(entry, 'expiring', details)];
    return [change(placeholder(scope, expectation, now), 'expiring', details)];
  });
}

function noticeStage(today: string, until: string): number {
  const left = daysBetween(today, until);
  return NOTICE_DAYS.filter((days) => left <= days).length;
}

function mostUrgentAt(register: readonly RegisterEntry[], subject: string): RegisterEntry | undefined {
  return register
    .filter((entry) => entry.subject === subject)
    .toSorted((a, b) => (a.priority < b.priority ? -1 : Number(a.priority > b.priority)))[0];
}

/** A declared service that was never seen has no line in the register: no spoken id either. */
function placeholder(scope: Scope, expectation: Expectation, now: string): RegisterEntry {
  const key = expectationKey(expectation);
  const siteId = siteFinder(scope)(expectation.address);
  return {
    key: `expected:${key}`,
    spokenId: '',
    subject: key,
    class: expectation.class ?? 'unknown',
    ...(expectation.product === undefined ? {} : { productId: expectation.product }),
    priority: 'P4',
    trace: 'T0',
    state: 'not-seen',
    misses: 0,
    firstSeen: now,
    lastSeen: now,
    appearance: {},
    ...(siteId === undefined ? {} : { siteId }),
  };
}
