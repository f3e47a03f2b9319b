import type { Scope } from '../../model/scope.ts';
import type { CoverageReason, SourceCoverage } from '../../model/snapshot.ts';
import { coverageOfNothing, type Source, type SourceContext } from '../source.ts';
import { createCollector, type Collector } from './collector.ts';
import {
  INTERNETDB_ORIGIN,
  createInternetDbClient,
  type InternetDbClient,
  type InternetDbFailure,
  type InternetDbOptions,
} from './internetdb-client.ts';
import { INTERNETDB_VANTAGE, observationsOf } from './internetdb-records.ts';
import { loopbackOrigin } from './loopback-origin.ts';
import { SHODAN_PAUSE_MS, createPacer, realClock, type Clock, type Pacer } from './pacer.ts';
import { createSharedPacer } from './shared-pacer.ts';
import { countAddresses, listAddresses, spansInScope, spansOf, splitSpans, type Span } from './spans.ts';

export interface InternetDbSourceOptions {
  /** For tests: INTERNETDB_URL sends every request to a stand-in on this machine. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pacer?: Pacer;
  /** Folder in which processes of this user see each other's requests. Absent: each keeps the pace for itself. */
  readonly paceFolder?: string | undefined;
  readonly clock?: Clock;
  readonly limits?: Pick<InternetDbOptions, 'timeoutMs' | 'tries'>;
}

/** A /16: some nineteen hours at one request a second. */
const MAX_ADDRESSES = 65_536n;
const MAX_FAILURES_IN_A_ROW = 3;
/** A look of hours outlives an outage of minutes: it rests and asks again. A short one ends and can be repeated. */
const LONG_LOOK = 1024;
const RESTS_MS = [60_000, 300_000, 900_000] as const;

const ownPacer = createPacer(realClock);

/**
 * Ports that InternetDB lists for the IPv4 addresses in scope. Keyless, sends nothing to the organisation. No transport,
 * no banner, no date per port; CVE, CPE and tags are about the whole host.
 *
 * @throws AppError when INTERNETDB_URL points anywhere but to this machine.
 */
export function createInternetDbSource(options: InternetDbSourceOptions = {}): Source {
  const { env = process.env, pacer = ownPacer, paceFolder, clock = realClock, limits = {} } = options;
  const origin = loopbackOrigin('INTERNETDB_URL', env['INTERNETDB_URL'], INTERNETDB_ORIGIN);
  return {
    name: 'internetdb',
    run: async (context) => {
      const spans = spansInScope(context.scope);
      if (!context.scope.internetdb.use) return coverage(spans, 'off', 'switched-off');
      const { now, log } = context;
      const shared = { name: 'internetdb', clock, now: () => Date.now(), log };
      const client = createInternetDbClient({
        origin,
        pacer: paceFolder === undefined ? pacer : createSharedPacer(pacer, { folder: paceFolder, ...shared }),
        clock,
        now,
        log,
        ...limits,
      });
      try {
        return await lookAtScope(
          { context, client, clock, collector: createCollector(context, 'internetdb') },
          spans,
        );
      } finally {
        await client.close();
      }
    },
  };
}

function coverage(
  spans: readonly Span[],
  state: SourceCoverage['state'],
  reason: CoverageReason | undefined,
): SourceCoverage {
  return coverageOfNothing({
    source: 'internetdb',
    vantage: INTERNETDB_VANTAGE,
    state,
    ...(reason === undefined ? {} : { reason }),
    addresses: Number(countAddresses(spans)),
  });
}

interface Look {
  readonly context: SourceContext;
  readonly client: InternetDbClient;
  readonly clock: Clock;
  readonly collector: Collector;
}

async function lookAtScope(look: Look, spans: readonly Span[]): Promise<SourceCoverage> {
  const { context, client, collector } = look;
  const startedAt = context.now().toISOString();
  const v4 = spans.filter(({ family }) => family === 4);
  const { head, tail } = splitSpans(v4, MAX_ADDRESSES);
  await lookUpAll(look, listAddresses(head, Number(MAX_ADDRESSES)));
  collector.notLooked(tail, 'too-many-addresses');
  collector.notLooked(
    spans.filter(({ family }) => family === 6),
    'ipv6-not-supported',
  );
  const { looked, notLooked, dataDate } = collector.totals();
  // What the service can never know is no gap of this run: it is listed, but a run is not incomplete for it.
  const reason = notLooked.find((one) => one.reason !== 'ipv6-not-supported')?.reason;
  const onlyV6 = v4.length === 0 && spans.length > 0;
  const nothing = looked === 0 && reason !== 'interrupted';
  const incomplete = nothing ? 'failed' : 'partial';
  const state = onlyV6 ? 'off' : 'complete';
  return {
    ...coverage(
      spans,
      reason === undefined ? state : incomplete,
      reason ?? (onlyV6 ? 'ipv6-not-supported' : undefined),
    ),
    startedAt,
    endedAt: context.now().toISOString(),
    looked,
    answered: collector.answered().size,
    notLooked: [...notLooked],
    requests: client.requests(),
    ...(dataDate === undefined ? {} : { dataDate }),
  };
}

/** Asks about one address after the other, but not about what an earlier attempt at the run has asked. */
async function lookUpAll(look: Look, addresses: readonly string[]): Promise<void> {
  const { context, collector } = look;
  const isDone = (address: string): boolean => context.alreadyDone.has(unitOf(address));
  for (const address of addresses.filter((one) => isDone(one))) collector.looked(spansOf(address));
  const left = addresses.filter((address) => !isDone(address));
  const patience = createPatience(look, left.length);
  for (const [index, address] of left.entries()) {
    context.progress('internetdb', index, left.length);
    if (index > 0 && index % 1000 === 0) context.log.info({ done: index, total: left.length }, 'InternetDB');
    const failure = patience.gaveUp() ?? (await lookUp(look, address));
    if (failure === undefined) {
      context.record.done(unitOf(address));
      collector.looked(spansOf(address));
    } else collector.notLooked(spansOf(address), failure);
    await patience.after(failure);
  }
  context.progress('internetdb', left.length, left.length);
}

const unitOf = (address: string): string => `internetdb/${address}`;

interface Patience {
  /** Why nothing more is asked. */
  gaveUp(): InternetDbFailure | undefined;
  after(failure: InternetDbFailure | undefined): Promise<void>;
}

/** Gives up after three addresses in a row whose five tries all failed; a long look rests first, longer each time. */
function createPatience({ context, clock }: Look, addresses: number): Patience {
  const rests: readonly number[] = addresses < LONG_LOOK ? [] : RESTS_MS;
  let stopped: InternetDbFailure | undefined;
  let inARow = 0;
  let rested = 0;
  return {
    gaveUp: () => (context.signal.aborted ? 'interrupted' : stopped),
    after: async (failure) => {
      // An address that is not accepted was answered all the same.
      const isOutage = failure !== undefined && failure !== 'not-accepted';
      if (stopped !== undefined || failure === 'interrupted') return;
      inARow = isOutage ? inARow + 1 : 0;
      if (!isOutage) rested = 0;
      if (!isOutage || inARow < MAX_FAILURES_IN_A_ROW) return;
      const rest = rests[rested];
      if (rest === undefined) {
        stopped = failure;
        return;
      }
      context.log.warn({ reason: failure, seconds: rest / 1000 }, 'InternetDB: resting before the next try');
      rested += 1;
      inARow = 0;
      await clock.sleep(rest, context.signal).catch(() => undefined);
    },
  };
}

async function lookUp(
  { context, client, collector }: Look,
  address: string,
): Promise<InternetDbFailure | undefined> {
  const result = await client.ask(address, context.signal);
  if (result.kind === 'failed') {
    context.log.warn({ address, reason: result.reason }, `InternetDB: ${result.detail}`);
    return result.reason;
  }
  if (result.kind === 'nothing-known') return undefined;
  const observations = observationsOf(address, result, context.now().toISOString());
  collector.add({ observations, outOfScope: 0, unreadable: 0 });
  return undefined;
}

export interface InternetDbEstimate {
  /** IPv4 addresses that are asked about, one request each. */
  readonly lookups: number;
  /** IPv4 addresses beyond the most that one run asks about. */
  readonly tooMany: number;
  readonly minSeconds: number;
}

/** What a run over this scope asks of InternetDB, for the dry run. Pure. */
export function predictInternetDb(scope: Pick<Scope, 'sites' | 'exclusions'>): InternetDbEstimate {
  const v4 = spansInScope(scope).filter(({ family }) => family === 4);
  const { head, tail } = splitSpans(v4, MAX_ADDRESSES);
  const lookups = Number(countAddresses(head));
  return {
    lookups,
    tooMany: Number(countAddresses(tail)),
    minSeconds: Math.ceil((lookups * SHODAN_PAUSE_MS) / 1000),
  };
}
