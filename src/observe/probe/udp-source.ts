/** The UDP part of the own probes. */
import { sha256Hex } from '../../lib/hash.ts';
import { formatPorts } from '../../lib/port-list.ts';
import type { LookedAt } from '../../model/snapshot.ts';
import type { Guard } from '../../scope/guard.ts';
import type { SourceContext } from '../source.ts';
import { Budget } from './budget.ts';
import { observationOf } from './conversations.ts';
import { DatagramDialer } from './datagrams.ts';
import type { DiscoveryOutcome } from './discovery.ts';
import type { UdpQuestion } from './question.ts';
import type { Only, SweepPlan } from './sweep-plan.ts';
import { sweepUdp, type UdpOutcome } from './udp-sweep.ts';

/** Unit of resumed work: one a port, finished on all targets of this very plan. */
const UDP_UNIT = 'probe/udp/';
/** Longest wait for a datagram: a service answers the first request of its protocol at once, or never. */
const UDP_TIMEOUT_MS = 1000;

interface UdpInput {
  /** The one place that was asked for. */
  readonly only: Only | undefined;
  readonly context: SourceContext;
  readonly guard: Guard;
  readonly plan: SweepPlan;
  /** Of the TCP discovery. */
  readonly outcome: DiscoveryOutcome;
}

/** After the TCP discovery: only then is the rate of the run free, and known which hosts are there at all. */
export async function askUdp({
  only,
  context,
  guard,
  plan,
  outcome,
}: UdpInput): Promise<{ readonly outcome: UdpOutcome; readonly sent: number } | undefined> {
  const { scope, signal, earlier, record } = context;
  const isCutOff = outcome.looked > 0 && outcome.unreachable === outcome.looked;
  if (!scope.probe.udp || plan.targets.length === 0 || isCutOff) return undefined;
  const { UDP_QUESTIONS } = await import('./protocols/udp.ts');
  const { rate, perHost, connections } = scope.probe;
  const dialer = new DatagramDialer({
    guard,
    budget: new Budget({ rate, perHost, total: connections }),
    signal,
    answerTimeoutMs: Math.min(UDP_TIMEOUT_MS, scope.probe.answerTimeoutMs),
  });
  const unit = `${UDP_UNIT}${sha256Hex(plan.targets.map(({ address }) => address).join(' ')).slice(0, 16)}/`;
  const known = new Set(
    earlier.observations
      .filter((one) => one.transport === 'udp')
      .map(({ address, port }) => `${address} ${port}`),
  );
  const found = await sweepUdp({
    dialer,
    targets: plan.targets,
    questions: onlyAt(UDP_QUESTIONS, only?.port),
    donePorts: new Set(finishedPorts(context.alreadyDone, unit)),
    // A single place is worth a second datagram, whatever else stands there.
    isAlive: (address) => only?.transport === 'udp' || outcome.responding.has(address),
    signal,
    onAnswer: (target, port, result) => {
      if (known.has(`${target.address} ${port}`)) return;
      record.observation(
        observationOf({ target, port, transport: 'udp', result }, context.now(), scope.vantage),
      );
    },
    onPortDone: (port, done, total) => {
      record.done(`${unit}${port}`);
      context.progress('udp', done, total);
    },
  });
  return { outcome: found, sent: dialer.sent };
}

function onlyAt(questions: readonly UdpQuestion[], port: number | undefined): readonly UdpQuestion[] {
  if (port === undefined) return questions;
  return questions.filter(({ ports }) => ports.includes(port)).map((one) => ({ ...one, ports: [port] }));
}

function finishedPorts(done: ReadonlySet<string>, unit: string): number[] {
  return [...done].filter((one) => one.startsWith(unit)).map((one) => Number(one.slice(unit.length)));
}

export function udpLookedAt(outcome: UdpOutcome): NonNullable<LookedAt['udp']> {
  return {
    ports: formatPorts(outcome.ports),
    unfinished: formatPorts(outcome.unfinished),
    responding: [...outcome.responding].map(([address, { open, closed }]) => ({
      address,
      open: formatPorts(open),
      closed: formatPorts(closed),
    })),
  };
}
