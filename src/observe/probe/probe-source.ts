import type { Facts } from '../../model/facts.ts';
import { addressSpans } from '../../lib/address.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { formatPorts } from '../../lib/port-list.ts';
import type { CoverageReason, Gap, LookedAt, SourceCoverage } from '../../model/snapshot.ts';
import type { IndicatorPath } from '../../model/web.ts';
import { Guard } from '../../scope/guard.ts';
import { firstLook } from '../masscan/first-look.ts';
import { coverageOfNothing, type Source, type SourceContext } from '../source.ts';
import { Conversations } from './conversations.ts';
import { Dialer } from './dialer.ts';
import { discover, type DiscoveryOptions, type DiscoveryOutcome } from './discovery.ts';
import { DialError, type Connection } from './connection.ts';
import type { ProbeContext, WebRequest } from './probe.ts';
import { askUdp, udpLookedAt } from './udp-source.ts';
import { planSweep, type Only, type SweepPlan, type SweepTarget } from './sweep-plan.ts';

/** How long to wait for a server that speaks first; most do so within one round trip, slow ones look up our name first. */
const GREETING_TIMEOUT_MS = 2500;
/** Waits on a host that accepts everything: what is real there mostly answers at once. */
const QUICK = { answerTimeoutMs: 1000, greetingTimeoutMs: 800 };
/** Unit of resumed work: how far into the order of this very plan the sweep had come. */
const WATERMARK_UNIT = 'probe/sweep/';

export interface ProbeSourceOptions {
  /** Own probes may be sent at all. false = a passive run: not one packet, not even a look-up of a name. */
  readonly enabled: boolean;
  /** Stop after TCP discovery. */
  readonly discoverOnly: boolean;
  readonly only?: Only;
  readonly webRequests: readonly WebRequest[];
  /** Asked only when the organisation file turns them on. */
  readonly indicatorPaths?: readonly IndicatorPath[];
  readonly hinted: (facts: Facts) => ReadonlySet<string>;
}

/** Own probes: TCP discovery over the scope, and a conversation with each open port. */
export function createProbeSource(options: ProbeSourceOptions): Source {
  return { name: 'probe', run: (context) => runProbes(options, context) };
}

async function runProbes(options: ProbeSourceOptions, context: SourceContext): Promise<SourceCoverage> {
  const { scope, log } = context;
  if (!options.enabled) return idle(context, 'off', 'passive');
  if (scope.permission === undefined) return idle(context, 'off', 'no-permission');
  const startedAt = context.now().toISOString();
  const guard = new Guard(scope, context.now);
  const dialer = new Dialer({
    guard,
    limits: { rate: scope.probe.rate, perHost: scope.probe.perHost, total: scope.probe.connections },
    signal: context.signal,
  });
  const names = await resolveHosts(context, dialer);
  const plan = planSweep(scope, guard, [...names.byAddress.keys()], options.only);
  const ports = tcpPorts(options.only, scope.probe.ports);
  log.info({ addresses: plan.targets.length, ports: ports.length, rate: scope.probe.rate }, 'probing begins');
  const placeContext = (target: SweepTarget, port: number): ProbeContext => {
    const place = { target, port, hostNames: names.byAddress.get(target.address) ?? [] };
    return conversationContext(options, context, dialer, place);
  };
  const conversations = new Conversations({
    perHost: scope.probe.perHost,
    converse: async (target, port, first, isQuick) => {
      // Loaded when the first door is found: a look for open ports alone needs none of the protocols.
      const { converse } = await import('./tcp/converse.ts');
      const full = placeContext(target, port);
      return converse(isQuick ? { ...full, ...QUICK } : full, first);
    },
    lookAgain: async (target, port, before) => {
      const { askEverything, isNotUnderstood } = await import('./tcp/second-look.ts');
      return isNotUnderstood(before) ? askEverything(placeContext(target, port), before) : before;
    },
    ports,
    now: context.now,
    vantage: scope.vantage,
    signal: context.signal,
    onResult: (observation) => {
      context.record.observation(observation);
      context.progress('converse', conversations.finished + 1, conversations.begun);
    },
  });
  const first = await firstLook({ context, guard, plan, ports, isWanted: options.only === undefined });
  const outcome = await sweepTcp({
    options,
    context,
    dialer,
    plan,
    ports,
    conversations,
    isDark: first.isDark,
  });
  const [udp] = await Promise.all([
    options.discoverOnly || options.only?.transport === 'tcp'
      ? undefined
      : askUdp({ only: options.only, context, guard, plan, outcome }),
    conversations.ended(),
  ]);
  const { refusals } = guard;
  for (const { destination, reason } of refusals.destinations)
    log.info({ destination, reason }, 'refused by the guard');
  return {
    ...verdict(context, outcome, {
      isNothingAsked: outcome.total === 0 && (udp?.outcome.ports.length ?? 0) === 0,
      isUdpUnfinished: (udp?.outcome.unfinished.length ?? 0) > 0,
      isWindowClosed: refusals.byReason.has('outside-window'),
    }),
    source: 'probe',
    vantage: scope.vantage,
    startedAt,
    endedAt: context.now().toISOString(),
    addresses: plan.targets.length,
    looked: plan.targets.length - outcome.unfinished.size,
    answered: new Set([...outcome.responding.keys(), ...(udp?.outcome.responding.keys() ?? [])]).size,
    notLooked: [...plan.notLooked, ...names.refused, ...first.gaps, ...unfinishedPlaces(outcome)],
    lookedAt: { ...lookedAt(plan, ports, outcome), ...(udp && { udp: udpLookedAt(udp.outcome) }) },
    requests: dialer.attempts + first.sent + (udp?.sent ?? 0),
    refusedByScope: refusals.total,
  };
}

function tcpPorts(only: Only | undefined, ports: readonly number[]): readonly number[] {
  if (only?.transport === 'udp') return [];
  return only?.port === undefined ? ports : [only.port];
}

interface SweepInput {
  readonly options: ProbeSourceOptions;
  readonly context: SourceContext;
  readonly dialer: Dialer;
  readonly plan: SweepPlan;
  readonly ports: readonly number[];
  readonly conversations: Conversations;
  readonly isDark: DiscoveryOptions['isDark'];
}

async function sweepTcp({
  options,
  context,
  dialer,
  plan,
  ports,
  conversations,
  isDark,
}: SweepInput): Promise<DiscoveryOutcome> {
  const { scope, earlier } = context;
  const unit = watermarkUnit(plan, ports);
  const asked = new Set(
    earlier.observations
      .filter(({ transport }) => transport === 'tcp')
      .map(({ address, port }) => `${address} ${port}`),
  );
  const begin = (target: SweepTarget, port: number, connection?: Connection): void => {
    if (options.discoverOnly || asked.has(`${target.address} ${port}`)) connection?.close();
    else conversations.begin(target, port, connection);
    asked.add(`${target.address} ${port}`);
  };
  // Doors that a killed run found but did not come to talk to.
  const targets = new Map(plan.targets.map((target) => [target.address, target]));
  for (const { address, open } of earlier.sweeps) {
    const target = targets.get(address);
    if (target !== undefined) for (const port of open) begin(target, port);
  }
  return discover({
    dialer,
    targets: plan.targets,
    ports,
    connectTimeoutMs: scope.probe.connectTimeoutMs,
    outstanding: Math.max(scope.probe.connections * 2, 4096),
    resumeAt: watermarkOf(context.alreadyDone, unit),
    earlier: earlier.sweeps,
    isDark,
    signal: context.signal,
    onOpen: begin,
    onProgress: (results, watermark, total) => {
      if (results.length > 0) context.record.sweep(results);
      context.record.done(`${unit}${watermark}`);
      context.progress('sweep', watermark, total);
    },
  });
}

function conversationContext(
  options: ProbeSourceOptions,
  context: SourceContext,
  dialer: Dialer,
  place: { readonly target: SweepTarget; readonly port: number; readonly hostNames: readonly string[] },
): ProbeContext {
  const { probe } = context.scope;
  const { target, port, hostNames } = place;
  return {
    address: target.address,
    port,
    hostNames,
    dial: () => dialer.dial(target.address, port, probe.connectTimeoutMs),
    refusal: async (host) => {
      const resolved = await dialer.resolve(host);
      return 'refusal' in resolved ? resolved.refusal : undefined;
    },
    dialTo: async (host, otherPort) => {
      if (options.only?.transport !== undefined)
        throw new DialError('aborted', 'another place: only one is looked at this time');
      return dialer.dialName(host, otherPort, probe.connectTimeoutMs);
    },
    answerTimeoutMs: probe.answerTimeoutMs,
    greetingTimeoutMs: Math.min(GREETING_TIMEOUT_MS, probe.answerTimeoutMs),
    sshAuthMethods: probe.sshAuthMethods,
    jarm: probe.jarm,
    webRequests: options.webRequests,
    webShellPaths: probe.webShellPaths ? (options.indicatorPaths ?? []) : [],
    hinted: options.hinted,
    signal: context.signal,
    log: context.log,
  };
}

interface ResolvedHosts {
  /** Address → host names of the organisation file. */
  readonly byAddress: ReadonlyMap<string, readonly string[]>;
  readonly refused: readonly Gap[];
}

async function resolveHosts(context: SourceContext, dialer: Dialer): Promise<ResolvedHosts> {
  const byAddress = new Map<string, string[]>();
  const refused: Gap[] = [];
  for (const host of new Set(context.scope.sites.flatMap(({ hosts }) => hosts))) {
    const resolved = await dialer.resolve(host);
    if ('refusal' in resolved) {
      context.log.warn({ host, reason: resolved.refusal }, 'host name not used');
      refused.push({ what: host, reason: 'resolve-failed', count: 1 });
      continue;
    }
    for (const address of resolved.addresses)
      byAddress.set(address, [...(byAddress.get(address) ?? []), host]);
  }
  return { byAddress, refused };
}

/** State of the source: honest about a run that was stopped, a window that closed, a network that is not there. */
function verdict(
  context: SourceContext,
  outcome: DiscoveryOutcome,
  {
    isNothingAsked,
    isUdpUnfinished,
    isWindowClosed,
  }: { isNothingAsked: boolean; isUdpUnfinished: boolean; isWindowClosed: boolean },
): { state: SourceCoverage['state']; reason?: CoverageReason } {
  if (isNothingAsked) return { state: 'failed', reason: 'nothing-to-look-at' };
  // Not one answer, and every place called unreachable at once: that is our own line, not the organisation.
  if (outcome.looked > 0 && outcome.unreachable === outcome.looked)
    return { state: 'failed', reason: 'network' };
  if (outcome.unfinished.size === 0 && !isUdpUnfinished && !context.signal.aborted)
    return { state: 'complete' };
  const reason = context.signal.aborted ? 'interrupted' : isWindowClosed ? 'outside-window' : 'unfinished';
  return { state: outcome.looked === 0 ? 'failed' : 'partial', reason };
}

function lookedAt(plan: SweepPlan, ports: readonly number[], outcome: DiscoveryOutcome): LookedAt {
  return {
    ports: formatPorts(ports),
    addresses: addressSpans(plan.targets.map(({ address }) => address)),
    unfinished: [...outcome.unfinished].map(([address, open]) => ({ address, ports: formatPorts(open) })),
    responding: [...outcome.responding].map(([address, host]) => ({
      address,
      open: formatPorts(host.open),
      closed: formatPorts(host.closed),
    })),
  };
}

function unfinishedPlaces(outcome: DiscoveryOutcome): Gap[] {
  const count = outcome.total - outcome.looked;
  if (count === 0) return [];
  return [{ what: [...outcome.unfinished.keys()].slice(0, 20).join(', '), reason: 'unfinished', count }];
}

/** A watermark means nothing in another order: other targets (--only, a name that resolves anew) or ports make another unit. */
function watermarkUnit(plan: SweepPlan, ports: readonly number[]): string {
  const order = `${plan.targets.map(({ address }) => address).join(' ')}|${ports.join(' ')}`;
  return `${WATERMARK_UNIT}${sha256Hex(order).slice(0, 16)}/`;
}

function watermarkOf(done: ReadonlySet<string>, unit: string): number {
  let highest = 0;
  for (const one of done) {
    if (one.startsWith(unit)) highest = Math.max(highest, Number(one.slice(unit.length)) || 0);
  }
  return highest;
}

function idle({ scope }: SourceContext, state: 'off' | 'failed', reason: CoverageReason): SourceCoverage {
  return coverageOfNothing({ source: 'probe', vantage: scope.vantage, state, reason });
}
