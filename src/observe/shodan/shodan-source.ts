import type { Scope } from '../../model/scope.ts';
import type { CoverageReason, SourceCoverage } from '../../model/snapshot.ts';
import { compareAddresses, parseAddress } from '../../lib/address.ts';
import { Guard } from '../../scope/guard.ts';
import type { Source, SourceContext } from '../source.ts';
import { createShodanClient, type ShodanClientOptions } from './client.ts';
import { createCollector, type Reason } from './collector.ts';
import { SHODAN_ORIGIN } from './fenced-library.ts';
import { lookUpHosts, type Lookup } from './look-up-hosts.ts';
import { loopbackOrigin } from './loopback-origin.ts';
import { SHODAN_PAUSE_MS, processPacer, realClock, type Clock, type Pacer } from './pacer.ts';
import type { ApiInfo } from './schema.ts';
import { searchRanges } from './search-ranges.ts';
import { attempt, createBudget, type Session } from './session.ts';
import { countAddresses, listAddresses, listQueries, spansInScope, type Span } from './spans.ts';

export interface ShodanSourceOptions {
  /** From SHODAN_API_KEY or a file; never printed. */
  readonly apiKey: string | undefined;
  /** For tests: SHODAN_API_URL sends every request to a stand-in on this machine. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pacer?: Pacer;
  readonly clock?: Clock;
  readonly limits?: Pick<ShodanClientOptions, 'timeoutMs' | 'maxBytes' | 'tries'>;
}

const VANTAGE = 'shodan';
/** Up to here one free lookup per address beats a search that costs a credit. */
const SMALL_SCOPE = 32n;
/** Up to here lookups stand in for a search that the plan, the credits or the limit do not allow: about four minutes. */
const FALLBACK_SCOPE = 256n;

/**
 * What Shodan already knows about the ranges in scope. Sends nothing to the organisation.
 *
 * @throws AppError when SHODAN_API_URL points anywhere but to this machine.
 */
export function createShodanSource(options: ShodanSourceOptions): Source {
  const { env = process.env } = options;
  const origin = loopbackOrigin('SHODAN_API_URL', env['SHODAN_API_URL'], SHODAN_ORIGIN);
  const apiKey = options.apiKey?.trim() ?? '';
  return {
    name: 'shodan',
    run: async (context) => {
      const { use } = context.scope.shodan;
      if (use === 'no') return unused(context, 'off', 'switched-off');
      if (apiKey === '') return unused(context, use === 'yes' ? 'failed' : 'off', 'no-key');
      return runShodan(context, { ...options, apiKey, origin });
    },
  };
}

function unused(context: SourceContext, state: 'off' | 'failed', reason: CoverageReason): SourceCoverage {
  return {
    source: 'shodan',
    vantage: VANTAGE,
    state,
    reason,
    addresses: Number(countAddresses(spansInScope(context.scope))),
    looked: 0,
    answered: 0,
    notLooked: [],
    requests: 0,
    refusedByScope: 0,
  };
}

async function runShodan(
  context: SourceContext,
  options: ShodanSourceOptions & { readonly apiKey: string; readonly origin: string },
): Promise<SourceCoverage> {
  const startedAt = context.now().toISOString();
  const { clock = realClock, pacer = processPacer, limits = {}, apiKey, origin } = options;
  const { now, log, scope } = context;
  const guard = new Guard(scope, now);
  const accepts = (address: { readonly text: string }): boolean => guard.judgeAddress(address.text).allowed;
  const session: Session = {
    context,
    client: createShodanClient({ apiKey, origin, pacer, clock, now, log, ...limits }),
    collector: createCollector(context, 'shodan'),
    budget: createBudget(Math.max(0, scope.shodan.maxCredits - pagesAlreadyPaid(context))),
    recordContext: () => ({ vantage: VANTAGE, collectedAt: now().toISOString(), accepts }),
    stopped: undefined,
    failuresInARow: 0,
  };
  const before = await attempt(session, undefined, (client, signal) => client.apiInfo(signal));
  if (before.done) logAccount(context, before.value, 'before');
  else session.stopped ??= before.reason;
  await lookAtScope(session);
  const after = before.done
    ? await attempt(session, undefined, (client, signal) => client.apiInfo(signal))
    : before;
  if (after.done) logAccount(context, after.value, 'after');
  const credits = creditsOf(
    session,
    before.done ? before.value : undefined,
    after.done ? after.value : undefined,
  );
  return coverageOf(session, startedAt, credits, before.done ? undefined : before.reason);
}

/** Pages that an earlier attempt at the same run has paid for count towards its limit. */
function pagesAlreadyPaid(context: SourceContext): number {
  return [...context.alreadyDone].filter((unit) => unit.startsWith('shodan/net/')).length;
}

function logAccount(context: SourceContext, info: ApiInfo, when: string): void {
  const credits = info.query_credits < 0 ? 'unlimited' : info.query_credits;
  context.log.info({ when, plan: info.plan.slice(0, 50), credits }, 'Shodan account');
}

function creditsOf(session: Session, before: ApiInfo | undefined, after: ApiInfo | undefined) {
  const first = before?.query_credits ?? -1;
  const last = after?.query_credits ?? before?.query_credits ?? -1;
  const own = session.budget.spent();
  // Others may use the same key, and a failed request may have been free: neither number may be exceeded.
  const measured = after !== undefined && first >= 0 && last >= 0 ? Math.max(0, first - last) : own;
  const spent = pagesAlreadyPaid(session.context) + Math.min(own, measured);
  return { spent, ...(last >= 0 ? { left: last } : {}) };
}

/** Which calls a scope needs. */
interface Plan {
  readonly lookups: readonly string[];
  readonly search: readonly Span[];
}

function planFor(spans: readonly Span[]): Plan {
  const v4 = spans.filter(({ family }) => family === 4);
  const isSmall = countAddresses(v4) <= SMALL_SCOPE;
  return isSmall
    ? {
        lookups: listAddresses(v4, Number(SMALL_SCOPE)),
        // Lookups of IPv6 addresses are patchy; searches work.
        search: spans.filter(({ family }) => family === 6),
      }
    : { lookups: [], search: spans };
}

async function lookAtScope(session: Session): Promise<void> {
  const { context, collector } = session;
  const plan = planFor(spansInScope(context.scope));
  const { unfinished } = await searchRanges(session, listQueries(plan.search));
  const lookups = new Map<string, Lookup>();
  for (const address of plan.lookups) lookups.set(address, { address, searched: false });
  const mayFallBack = unfinished
    .filter(({ reason }) => ['plan-lacks', 'no-credits', 'credit-cap'].includes(reason))
    .flatMap(({ spans }) => spans.filter(({ family }) => family === 4));
  const fallsBack = countAddresses(mayFallBack) <= FALLBACK_SCOPE;
  const asked = new Set(fallsBack ? mayFallBack : []);
  for (const { spans, reason } of unfinished) {
    collector.notLooked(
      spans.filter((span) => !asked.has(span)),
      reason,
    );
  }
  for (const address of listAddresses([...asked], Number(FALLBACK_SCOPE))) {
    lookups.set(address, { address, searched: false });
  }
  for (const address of collector.answered()) {
    const isV4 = parseAddress(address)?.family === 4;
    if (isV4 && !lookups.has(address)) lookups.set(address, { address, searched: true });
  }
  const inOrder = [...lookups.values()].toSorted((a, b) => compareAddresses(a.address, b.address));
  await lookUpHosts(session, inOrder);
}

function coverageOf(
  session: Session,
  startedAt: string,
  credits: { readonly spent: number; readonly left?: number },
  refused: Reason | undefined,
): SourceCoverage {
  const { collector, client, context } = session;
  const { looked, notLooked, outOfScope, dataDate } = collector.totals();
  const addresses = Number(countAddresses(spansInScope(context.scope)));
  const missing = notLooked.find(({ reason }) => reason !== 'unreadable-record');
  const reason = refused ?? (missing === undefined ? undefined : (session.stopped ?? missing.reason));
  const nothing = looked === 0 && collector.answered().size === 0 && reason !== 'interrupted';
  const incomplete = nothing ? 'failed' : 'partial';
  return {
    source: 'shodan',
    vantage: VANTAGE,
    state: reason === undefined ? 'complete' : incomplete,
    ...(reason === undefined ? {} : { reason }),
    startedAt,
    endedAt: context.now().toISOString(),
    addresses,
    looked,
    answered: collector.answered().size,
    notLooked: [...notLooked],
    requests: client.requests(),
    credits,
    ...(dataDate === undefined ? {} : { dataDate }),
    refusedByScope: outOfScope,
  };
}

export interface ShodanEstimate {
  /** Searches over many networks; each costs one credit per hundred banners found, and none when nothing is found. */
  readonly queries: number;
  /** Free lookups that are certain; every address that a search finds adds one. */
  readonly hostLookups: number;
  /** Shortest duration: one request a second. */
  readonly minSeconds: number;
}

/** What a run over this scope will ask of Shodan at least, for the dry run. Pure. */
export function predictShodan(scope: Scope): ShodanEstimate {
  if (scope.shodan.use === 'no') return { queries: 0, hostLookups: 0, minSeconds: 0 };
  const plan = planFor(spansInScope(scope));
  const queries = listQueries(plan.search).length;
  const hostLookups = plan.lookups.length;
  const accountCalls = 2;
  const minSeconds = Math.ceil(((queries + hostLookups + accountCalls) * SHODAN_PAUSE_MS) / 1000);
  return { queries, hostLookups, minSeconds };
}
