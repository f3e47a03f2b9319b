import type { CoverageReason, SourceCoverage } from '../../model/snapshot.ts';
import { compareAddresses, parseAddress } from '../../lib/address.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { Guard } from '../../scope/guard.ts';
import { coverageOfNothing, type Source, type SourceContext } from '../source.ts';
import { INTERNETDB_ADVICE, gaveNothing } from './advice.ts';
import { createShodanClient, type ShodanClientOptions } from './client.ts';
import { createCandidateWriter } from './candidates.ts';
import { createCollector, type Reason } from './collector.ts';
import { SHODAN_ORIGIN, prepareLibrary } from './fenced-library.ts';
import { lacksHistory, lookUpHosts, type Lookup } from './look-up-hosts.ts';
import { loopbackOrigin } from './loopback-origin.ts';
import { processPacer, realClock, type Clock, type Pacer } from './pacer.ts';
import { createMarks } from './pivots.ts';
import { planFor } from './plan.ts';
import type { ApiInfo } from './schema.ts';
import { searchBeyond } from './search-beyond.ts';
import { pagesAlreadyPaid } from './search-pages.ts';
import { searchRanges } from './search-ranges.ts';
import { attempt, createBudget, type Session } from './session.ts';
import { createSharedPacer } from './shared-pacer.ts';
import { countAddresses, listAddresses, listQueries, spansInScope } from './spans.ts';

export interface ShodanSourceOptions {
  /** From SHODAN_API_KEY or a file; never printed. */
  readonly apiKey: string | undefined;
  /** For tests: SHODAN_API_URL sends every request to a stand-in on this machine. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pacer?: Pacer;
  /** Folder in which processes that use the same key see each other's requests. Absent: each keeps the pace for itself. */
  readonly paceFolder?: string | undefined;
  readonly clock?: Clock;
  readonly limits?: Pick<ShodanClientOptions, 'timeoutMs' | 'maxBytes' | 'tries'>;
}

const VANTAGE = 'shodan';
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
  const addresses = Number(countAddresses(spansInScope(context.scope)));
  return coverageOfNothing({ source: 'shodan', vantage: VANTAGE, state, reason, addresses });
}

async function runShodan(
  context: SourceContext,
  options: ShodanSourceOptions & { readonly apiKey: string; readonly origin: string },
): Promise<SourceCoverage> {
  const startedAt = context.now().toISOString();
  // Before the first turn is taken: loading in it would bring the request close to the next.
  prepareLibrary();
  const session = openSession(context, options);
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
  const coverage = coverageOf(session, startedAt, credits, before.done ? undefined : before.reason);
  adviseInternetDb(context, coverage);
  return coverage;
}

function openSession(
  context: SourceContext,
  options: ShodanSourceOptions & { readonly apiKey: string; readonly origin: string },
): Session {
  const { clock = realClock, limits = {}, apiKey, origin } = options;
  const { now, log, scope, record } = context;
  const { maxCredits, search } = scope.shodan;
  const guard = new Guard(scope, now);
  const judge: Session['judge'] = ({ text }) => {
    const verdict = guard.judgeAddress(text);
    if (verdict.allowed) return 'inside';
    return verdict.reason === 'excluded' ? 'excluded' : 'outside';
  };
  const marks = createMarks(search.domains);
  return {
    context,
    client: createShodanClient({
      apiKey,
      origin,
      pacer: pacerFor(context, options),
      clock,
      now,
      log,
      ...limits,
    }),
    collector: createCollector(context, 'shodan', (observation) => {
      if (search.pivots) marks.note(observation);
    }),
    budget: createBudget(Math.max(0, maxCredits - pagesAlreadyPaid(context.alreadyDone))),
    candidates: createCandidateWriter((candidate) => record.candidate(candidate), search.domains),
    marks,
    recordContext: () => ({
      vantage: VANTAGE,
      collectedAt: now().toISOString(),
      accepts: (address) => judge(address) === 'inside',
    }),
    judge,
    history: { refused: false, places: 0, older: 0 },
    stopped: undefined,
    failuresInARow: 0,
  };
}

/** The limit is per key: whoever uses the same key on this machine takes turns. */
function pacerFor({ log }: SourceContext, options: ShodanSourceOptions & { readonly apiKey: string }): Pacer {
  const { clock = realClock, pacer = processPacer, paceFolder, apiKey } = options;
  if (paceFolder === undefined) return pacer;
  // The name must not tell the key: half a SHA-256 of some 190 random bits.
  const name = `shodan-${sha256Hex(apiKey).slice(0, 32)}`;
  return createSharedPacer(pacer, { folder: paceFolder, name, clock, now: () => Date.now(), log });
}

function adviseInternetDb({ log, scope }: SourceContext, coverage: SourceCoverage): void {
  if (!scope.internetdb.use && gaveNothing(coverage)) log.info(INTERNETDB_ADVICE);
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
  const spent = pagesAlreadyPaid(session.context.alreadyDone) + Math.min(own, measured);
  return { spent, ...(last >= 0 ? { left: last } : {}) };
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
  await searchBeyond(session);
  if (lacksHistory(session)) collector.aside('history', 'no-history', 0);
}

function coverageOf(
  session: Session,
  startedAt: string,
  credits: { readonly spent: number; readonly left?: number },
  refused: Reason | undefined,
): SourceCoverage {
  const { collector, client, context } = session;
  const { looked, notLooked, asides, outOfScope, dataDate } = collector.totals();
  const addresses = Number(countAddresses(spansInScope(context.scope)));
  const [missing] = notLooked;
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
    notLooked: [...notLooked, ...asides],
    requests: client.requests(),
    credits,
    ...(dataDate === undefined ? {} : { dataDate }),
    refusedByScope: outOfScope,
  };
}
