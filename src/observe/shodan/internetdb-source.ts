import type { Observation } from '../../model/observation.ts';
import type { CoverageReason, SourceCoverage } from '../../model/snapshot.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { Source, SourceContext } from '../source.ts';
import { readVulns } from './banner-facts.ts';
import { createCollector, type Collector } from './collector.ts';
import {
  INTERNETDB_ORIGIN,
  createInternetDbClient,
  type InternetDbClient,
  type InternetDbFailure,
  type InternetDbOptions,
  type InternetDbResult,
} from './internetdb-client.ts';
import { loopbackOrigin } from './loopback-origin.ts';
import { createPacer, realClock, type Clock, type Pacer } from './pacer.ts';
import { countAddresses, listAddresses, spansInScope, spansOf, splitSpans, type Span } from './spans.ts';

export interface InternetDbSourceOptions {
  /** For tests: INTERNETDB_URL sends every request to a stand-in on this machine. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pacer?: Pacer;
  readonly clock?: Clock;
  readonly limits?: Pick<InternetDbOptions, 'timeoutMs' | 'tries'>;
}

const VANTAGE = 'internetdb';
/** More than an hour at one request a second; loops over whole networks have been blocked. */
const MAX_ADDRESSES = 4096n;
const MAX_FAILURES_IN_A_ROW = 3;
const MAX_EVIDENCE = 64 * 1024;
const MAX_TEXT = 300;

const ownPacer = createPacer(realClock);

/**
 * Ports that InternetDB lists for the IPv4 addresses in scope. Keyless, sends nothing to the organisation. No transport,
 * no banner, no date per port; CVE, CPE and tags are about the whole host.
 *
 * @throws AppError when INTERNETDB_URL points anywhere but to this machine.
 */
export function createInternetDbSource(options: InternetDbSourceOptions = {}): Source {
  const { env = process.env, pacer = ownPacer, clock = realClock, limits = {} } = options;
  const origin = loopbackOrigin('INTERNETDB_URL', env['INTERNETDB_URL'], INTERNETDB_ORIGIN);
  return {
    name: 'internetdb',
    run: async (context) => {
      const spans = spansInScope(context.scope);
      if (!context.scope.internetdb.use) return coverage(spans, 'off', 'switched-off');
      const client = createInternetDbClient({
        origin,
        pacer,
        clock,
        now: context.now,
        log: context.log,
        ...limits,
      });
      try {
        return await lookAtScope(context, spans, client);
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
  return {
    source: 'internetdb',
    vantage: VANTAGE,
    state,
    ...(reason === undefined ? {} : { reason }),
    addresses: Number(countAddresses(spans)),
    looked: 0,
    answered: 0,
    notLooked: [],
    requests: 0,
    refusedByScope: 0,
  };
}

async function lookAtScope(
  context: SourceContext,
  spans: readonly Span[],
  client: InternetDbClient,
): Promise<SourceCoverage> {
  const startedAt = context.now().toISOString();
  const collector = createCollector(context, 'internetdb');
  const v4 = spans.filter(({ family }) => family === 4);
  const { head, tail } = splitSpans(v4, MAX_ADDRESSES);
  await lookUpAll(context, listAddresses(head, Number(MAX_ADDRESSES)), client, collector);
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

/** Asks about one address after the other; gives up after three failures in a row, each of five tries. */
async function lookUpAll(
  context: SourceContext,
  addresses: readonly string[],
  client: InternetDbClient,
  collector: Collector,
): Promise<void> {
  let stopped: InternetDbFailure | undefined;
  let failuresInARow = 0;
  for (const [index, address] of addresses.entries()) {
    context.progress('internetdb', index, addresses.length);
    const unit = `internetdb/${address}`;
    if (context.alreadyDone.has(unit)) {
      collector.looked(spansOf(address));
      continue;
    }
    if (context.signal.aborted) stopped = 'interrupted';
    const failure = stopped ?? (await lookUp(context, address, client, collector));
    if (failure === undefined) {
      context.record.done(unit);
      collector.looked(spansOf(address));
      failuresInARow = 0;
      continue;
    }
    collector.notLooked(spansOf(address), failure);
    failuresInARow = failure === 'not-accepted' ? 0 : failuresInARow + 1;
    if (failuresInARow >= MAX_FAILURES_IN_A_ROW) stopped ??= failure;
  }
  context.progress('internetdb', addresses.length, addresses.length);
}

async function lookUp(
  context: SourceContext,
  address: string,
  client: InternetDbClient,
  collector: Collector,
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

type Data = Extract<InternetDbResult, { kind: 'data' }>;

/** One observation per port. What is said about the whole host stands at each, and the note says so. */
export function observationsOf(
  address: string,
  { answer, text, date }: Data,
  collectedAt: string,
): Observation[] {
  const observedAt = date !== undefined && date <= collectedAt ? date : collectedAt;
  const bytes = Buffer.from(text, 'utf8');
  const passive = {
    cpe: answer.cpes.map((cpe) => cpe.slice(0, MAX_TEXT)),
    vulns: readVulns(answer.vulns, undefined),
    tags: answer.tags.map((tag) => tag.slice(0, MAX_TEXT)),
    hostnames: answer.hostnames.map((name) => name.slice(0, MAX_TEXT)),
    module: 'internetdb',
  };
  return [...new Set(answer.ports)].map((port) => ({
    id: `internetdb/${address}/${port}/unknown/port-list/${observedAt.replace(/[-:.]/g, '')}`,
    source: 'internetdb' as const,
    vantage: VANTAGE,
    observedAt,
    collectedAt,
    address,
    port,
    transport: 'unknown' as const,
    status: 'open' as const,
    probe: 'port-list',
    protocol: 'unknown',
    facts: { passive },
    evidence: [
      {
        label: 'internetdb record',
        sent: '',
        received: bytes.subarray(0, MAX_EVIDENCE).toString('base64'),
        receivedBytes: bytes.length,
        sha256: sha256Hex(bytes),
        truncated: bytes.length > MAX_EVIDENCE,
      },
    ],
    note:
      date === undefined
        ? 'InternetDB gave no date; its CVE, CPE and tags are about the whole host, not this port'
        : 'the CVE, CPE and tags of InternetDB are about the whole host, not this port',
  }));
}
