import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressSpans, cidrBlocks, cidrText, parseAddress } from '../../lib/address.ts';
import { showable } from '../../lib/hostile-text.ts';
import { formatPorts, parsePorts } from '../../lib/port-list.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { CoverageReason } from '../../model/snapshot.ts';
import type { Guard } from '../../scope/guard.ts';
import { runTool, type ToolEnd } from '../child-process.ts';
import type { SourceContext } from '../source.ts';
import { OpenPlaces } from './open-places.ts';

export interface MasscanLook {
  /** Places that masscan has asked and that were silent or refused. */
  readonly isDark: (address: string, port: number) => boolean;
  /** Packets that it sent, at most. */
  readonly sent: number;
}

/** Why there is no look; undefined: it found nothing at all, which proves nothing. */
export interface NoMasscanLook {
  readonly reason:
    | Extract<CoverageReason, 'not-installed' | 'no-raw-sockets' | 'tool-failed' | 'outside-window'>
    | undefined;
}

interface Input {
  readonly context: SourceContext;
  readonly guard: Guard;
  /** Addresses that the guard allows; those of IPv6 are left to the own sweep. */
  readonly targets: readonly string[];
  readonly ports: readonly number[];
}

const UNIT = 'probe/masscan/';
/** One packet can get lost. masscan repeats each one, answered or not. */
const RETRIES = 1;
/** To each place. */
export const MASSCAN_PACKETS = RETRIES + 1;
/** Seconds that it listens on after its last packet. */
const WAIT_SECONDS = 5;
const SLACK_MS = 60_000;
const WINDOW_CHECK_MS = 5000;
/** All is sent and the wait is over by two seconds, but masscan hangs in its receiver until some packet comes by. */
const OVERDUE = /100\.00% done, waiting -(?:[2-9]|\d{2,})-secs/;

interface Swept extends ToolEnd {
  /** It had come to its end, and we sent it off. */
  readonly isOver: boolean;
}

/**
 * Lets masscan ask every place of the IPv4 targets with bare SYN packets. What it finds is confirmed by the own discovery; what it
 * does not find is not asked again, and counts as looked at. When it cannot run, or finds nothing whatever, the own discovery looks
 * by itself: masscan tells a network without answers and its own trouble with the interface apart no better than that.
 */
export async function findOpenPlaces({
  context,
  guard,
  targets,
  ports,
}: Input): Promise<MasscanLook | NoMasscanLook> {
  const { scope, alreadyDone, log, record } = context;
  const ipv4 = targets.filter((target) => parseAddress(target)?.family === 4);
  const unit = `${UNIT}${sha256Hex(`${ipv4.join(' ')}|${ports.join(' ')}`).slice(0, 16)}/`;
  const places = new OpenPlaces(ipv4, ports);
  const before = [...alreadyDone].filter((one) => one.startsWith(unit)).map((one) => one.slice(unit.length));
  if (before.includes('end')) {
    for (const line of before) restore(places, line);
    return { isDark: places.isDark, sent: 0 };
  }
  const [first] = ipv4;
  if (first === undefined) return { reason: undefined };
  if (!guard.check(first).allowed) return { reason: 'outside-window' };
  log.info({ addresses: ipv4.length, ports: ports.length, rate: scope.masscan.rate }, 'masscan begins');
  if (await hasStandingOrders()) {
    log.warn(
      `${CONFIGURATION} names targets or ports of its own, which masscan would scan too: it was not run. Empty that file; the own discovery looks at every place itself.`,
    );
    return { reason: 'tool-failed' };
  }
  const end = await sweep({ context, guard, targets: ipv4, ports }, first, places);
  const reason = failureOf(end, context);
  if (reason !== undefined) return { reason };
  if (places.size === 0) {
    log.warn(
      'masscan found no open port at all: it may not see the answers, so the own discovery looks at every place itself.',
    );
    return { reason: undefined };
  }
  for (const [address, open] of places.entries()) record.done(`${unit}${address} ${formatPorts(open)}`);
  record.done(`${unit}end`);
  return { isDark: places.isDark, sent: ipv4.length * ports.length * MASSCAN_PACKETS };
}

/** masscan reads this file before its arguments, and nothing turns that off. */
const CONFIGURATION = '/etc/masscan/masscan.conf';
const ORDERS =
  /^\s*(?:ranges?|targets?|ip|dest(?:ination)?|dst|include|ports?|[a-z-]*-?ports?|ping|arp|resume)[-a-z]*\s*=/im;

async function hasStandingOrders(): Promise<boolean> {
  try {
    return ORDERS.test(await readFile(CONFIGURATION, 'utf8'));
  } catch {
    return false;
  }
}

function restore(places: OpenPlaces, line: string): void {
  const [address = '', open = ''] = line.split(' ');
  if (open !== '') for (const port of parsePorts(open)) places.add(address, port);
}

async function sweep(
  { context, guard, targets, ports }: Input,
  first: string,
  places: OpenPlaces,
): Promise<Swept> {
  const { scope, signal, progress } = context;
  const packets = targets.length * ports.length * MASSCAN_PACKETS;
  const window = new AbortController();
  const over = new AbortController();
  const timer = setInterval(() => {
    if (!guard.check(first).allowed) window.abort();
  }, WINDOW_CHECK_MS);
  // On Ctrl-C masscan writes "paused.conf" where it stands.
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-masscan-'));
  try {
    const end = await runTool({
      command: 'masscan',
      argv: masscanArguments(context, targets, ports),
      directory,
      deadlineMs: (packets / scope.masscan.rate + WAIT_SECONDS) * 1000 + SLACK_MS,
      signal: AbortSignal.any([signal, window.signal, over.signal]),
      onOutput: (chunk) => places.push(chunk),
      onNoise: (text) => {
        if (OVERDUE.test(text)) over.abort();
        const percent = Number([...text.matchAll(/([\d.]{1,6})% done/g)].at(-1)?.[1] ?? Number.NaN);
        if (Number.isFinite(percent)) progress('masscan', Math.floor((packets * percent) / 100), packets);
      },
    });
    return { ...end, isOver: over.signal.aborted && !signal.aborted && !window.signal.aborted };
  } finally {
    places.end();
    clearInterval(timer);
    await rm(directory, { recursive: true, force: true });
  }
}

/** The exclusions once more: the targets do not hold them, and this is the net below. */
function masscanArguments(
  { scope }: Pick<SourceContext, 'scope'>,
  targets: readonly string[],
  ports: readonly number[],
): string[] {
  const excluded = scope.exclusions
    .filter(({ family }) => family === 4)
    .flatMap((range) => cidrBlocks(range).map((block) => cidrText(block)));
  return [
    ...addressSpans(targets),
    `-p${formatPorts(ports)}`,
    '--rate',
    `${scope.masscan.rate}`,
    '--retries',
    `${RETRIES}`,
    '--wait',
    `${WAIT_SECONDS}`,
    ...excluded.flatMap((block) => ['--exclude', block]),
  ];
}

function failureOf(end: Swept, { log, signal }: SourceContext): NoMasscanLook['reason'] {
  if (end.notStarted === 'ENOENT') {
    log.warn('masscan is not installed on this machine: the own discovery looks at every place itself.');
    return 'not-installed';
  }
  if (end.isOver || (end.code === 0 && end.stopped === undefined)) return undefined;
  if (signal.aborted) return 'tool-failed';
  if (end.stopped === 'signal') return 'outside-window';
  const noise = showable(end.noise.replace(/[^\r\n]*\r(?!\n)/g, ''), 300);
  log.warn(
    { code: end.code, endedBy: end.endedBy, notStarted: end.notStarted, noise },
    'masscan did not come to its end: the own discovery looks at every place itself.',
  );
  return /permission denied|need to sudo|run as root|operation not permitted/i.test(end.noise)
    ? 'no-raw-sockets'
    : 'tool-failed';
}
