import type { Facts } from '../../model/facts.ts';
import type { DatagramDialer } from './datagrams.ts';
import type { ProbeResult } from './probe.ts';
import type { UdpQuestion } from './question.ts';
import type { SweepTarget } from './sweep-plan.ts';

export interface UdpSweepOptions {
  readonly dialer: DatagramDialer;
  readonly targets: readonly SweepTarget[];
  readonly questions: readonly UdpQuestion[];
  /** Ports that an earlier, killed attempt at this run has finished on all targets. */
  readonly donePorts: ReadonlySet<number>;
  /** Answered something over TCP: worth a second datagram when the first one gets no answer. */
  readonly isAlive: (address: string) => boolean;
  readonly signal: AbortSignal;
  readonly onAnswer: (target: SweepTarget, port: number, result: ProbeResult) => void;
  readonly onPortDone: (port: number, done: number, total: number) => void;
}

/** Silence is in no list: it proves nothing. */
export interface UdpOutcome {
  /** Ports asked on every target. */
  readonly ports: readonly number[];
  /** Ports that were not finished on every target. */
  readonly unfinished: readonly number[];
  readonly responding: ReadonlyMap<string, { readonly open: number[]; readonly closed: number[] }>;
}

/** Places asked at once: each holds a socket for about two seconds at most. */
const AT_ONCE = 1000;
/** Longest text of a datagram that becomes a fact. */
const MAX_TEXT = 2048;

/**
 * Asks each port the questions that belong to it, one port of all hosts after the other. UDP has no open ports of its own:
 * only who understands a question answers, so nothing is asked on ports of which no protocol is known.
 */
export async function sweepUdp(options: UdpSweepOptions): Promise<UdpOutcome> {
  const sweep = new UdpSweep(options);
  await Promise.all(Array.from({ length: AT_ONCE }, () => sweep.work()));
  return sweep.outcome();
}

interface Place {
  readonly target: SweepTarget;
  readonly port: number;
}

class UdpSweep {
  readonly #options: UdpSweepOptions;
  readonly #byPort: ReadonlyMap<number, readonly UdpQuestion[]>;
  readonly #ports: readonly number[];
  readonly #left = new Map<number, number>();
  readonly #places: Iterator<Place>;
  readonly #responding = new Map<string, { open: number[]; closed: number[] }>();

  constructor(options: UdpSweepOptions) {
    this.#options = options;
    this.#byPort = questionsByPort(options.questions);
    this.#ports = [...this.#byPort.keys()];
    for (const port of this.#ports)
      this.#left.set(port, options.donePorts.has(port) ? 0 : options.targets.length);
    this.#places = this.#inOrder();
  }

  async work(): Promise<void> {
    for (let next = this.#places.next(); next.done !== true; next = this.#places.next()) {
      if (this.#options.signal.aborted) return;
      if (await this.#ask(next.value)) this.#finish(next.value.port);
    }
  }

  outcome(): UdpOutcome {
    return {
      ports: this.#ports,
      unfinished: this.#ports.filter((port) => (this.#left.get(port) ?? 0) > 0),
      responding: this.#responding,
    };
  }

  *#inOrder(): Generator<Place> {
    const { targets, donePorts } = this.#options;
    for (const port of this.#ports) {
      if (donePorts.has(port)) continue;
      for (const target of targets) yield { target, port };
    }
  }

  /** @returns false when the place was not looked at. */
  async #ask({ target, port }: Place): Promise<boolean> {
    const { dialer, isAlive, onAnswer } = this.#options;
    const tries = isAlive(target.address) ? 2 : 1;
    let heard: Heard | undefined;
    for (const question of this.#byPort.get(port) ?? []) {
      const now = await askOne(dialer, question, target.address, port, tries);
      if (now.outcome === 'aborted' || now.outcome === 'refused-by-scope') return false;
      if (now.outcome === 'closed') {
        this.#host(target.address).closed.push(port);
        return true;
      }
      heard = better(heard, now);
      if (now.result?.facts.protocols !== undefined) break;
    }
    if (heard?.result === undefined) return true;
    this.#host(target.address).open.push(port);
    onAnswer(target, port, heard.result);
    return true;
  }

  #finish(port: number): void {
    const left = (this.#left.get(port) ?? 1) - 1;
    this.#left.set(port, left);
    if (left > 0) return;
    const done = this.#ports.filter((one) => this.#left.get(one) === 0).length;
    this.#options.onPortDone(port, done, this.#ports.length);
  }

  #host(address: string): { open: number[]; closed: number[] } {
    const known = this.#responding.get(address);
    if (known !== undefined) return known;
    const host = { open: [], closed: [] };
    this.#responding.set(address, host);
    return host;
  }
}

function questionsByPort(questions: readonly UdpQuestion[]): ReadonlyMap<number, readonly UdpQuestion[]> {
  const byPort = new Map<number, UdpQuestion[]>();
  for (const question of questions) {
    for (const port of question.ports) {
      const known = byPort.get(port);
      if (known === undefined) byPort.set(port, [question]);
      else known.push(question);
    }
  }
  return new Map([...byPort].toSorted(([a], [b]) => a - b));
}

interface Heard {
  readonly outcome: string;
  readonly result?: ProbeResult;
}

/** An answer that was understood before one that was not, before none. */
function better(before: Heard | undefined, now: Heard): Heard {
  if (before?.result === undefined || now.result?.facts.protocols !== undefined) return now;
  return before;
}

async function askOne(
  dialer: DatagramDialer,
  question: UdpQuestion,
  address: string,
  port: number,
  tries: number,
): Promise<Heard> {
  const line = dialer.open({
    address,
    port,
    protocol: question.protocol,
    tries,
    fromAnyPort: question.answersFromAnyPort === true,
  });
  try {
    const protocol = await question.ask(line);
    const received = line.firstReceived();
    const outcome = line.outcome();
    if (received === undefined) return { outcome };
    // Our own words that come back are no words of the server's.
    const isEcho = line.evidence().every(({ sent, received: back }) => back === sent);
    const facts: Facts = {
      ...(isEcho
        ? {}
        : { datagram: { text: Buffer.from(received.subarray(0, MAX_TEXT)).toString('latin1') } }),
      ...(protocol === undefined ? {} : { protocols: [protocol] }),
    };
    return {
      outcome,
      result: { protocol: protocol?.name ?? 'unknown', status: 'open', facts, evidence: line.evidence() },
    };
  } finally {
    line.close();
  }
}
