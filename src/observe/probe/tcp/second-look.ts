import type { Evidence } from '../../../model/observation.ts';
import { isHttpAnswer } from './greeting/classify.ts';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import type { TcpQuestion } from '../question.ts';
import { askQuestion, questionFor } from './ask-question.ts';
import { withDeadline } from './deadline.ts';
import { mustNotSpeak, otherQuestions } from './plan.ts';

/** Longest time that the second look at one port takes. */
const TOTAL_MS = 10_000;
/** A server that knows the protocol answers its first request at once; here nobody is waited for as in the first look. */
const PATIENCE_MS = 700;
const MOST_PATIENCE_MS = 2000;
/** Questions on the way at once: below the cap of connections to one host, and polite. */
const AT_ONCE = 3;
/** Answers kept that nobody understood. */
const MOST_EVIDENCE = 6;

/** Worth a second look: open, and nobody knows what speaks there. */
export function isNotUnderstood({ protocol, status, facts }: ProbeResult): boolean {
  if (status !== 'open' && status !== 'protocol-error') return false;
  return protocol === 'unknown' || (protocol === 'tls' && facts.tls?.handshake === 'complete');
}

/**
 * Every protocol that was not asked in the first look, likeliest first, on connections of their own; ends with the first
 * that is understood. For ports that said nothing, or nothing that is known, on hosts that do not accept everything.
 */
export async function askEverything(context: ProbeContext, before: ProbeResult): Promise<ProbeResult> {
  if (mustNotSpeak(context.port)) return before;
  const timed = withDeadline(context, TOTAL_MS);
  const search = new Search(timed.context, before);
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, () => search.work()));
    return search.outcome();
  } finally {
    timed.end();
  }
}

class Search {
  readonly #context: ProbeContext;
  readonly #before: ProbeResult;
  readonly #isTls: boolean;
  readonly #waiting: TcpQuestion[];
  readonly #evidence: Evidence[] = [];
  #found: ProbeResult | undefined;

  constructor(context: ProbeContext, before: ProbeResult) {
    this.#context = context;
    this.#before = before;
    this.#isTls = before.protocol === 'tls';
    this.#waiting = [...otherQuestions(context.port)];
  }

  async work(): Promise<void> {
    for (let question = this.#next(); question !== undefined; question = this.#next()) {
      const { result, evidence } = await askQuestion(this.#context, question, {
        isTls: this.#isTls,
        patience: (rttMs) => Math.min(MOST_PATIENCE_MS, PATIENCE_MS + 6 * rttMs),
      });
      if (result === undefined) this.#take(evidence);
      else this.#found ??= result;
    }
  }

  outcome(): ProbeResult {
    const before = this.#before;
    const evidence = [...before.evidence, ...this.#evidence.slice(0, MOST_EVIDENCE)];
    if (this.#found === undefined) return { ...before, evidence };
    const { protocol, facts } = this.#found;
    return {
      protocol,
      status: 'open',
      facts: { ...before.facts, ...facts },
      evidence: [...evidence, ...this.#found.evidence],
    };
  }

  #next(): TcpQuestion | undefined {
    return this.#found === undefined && !this.#context.signal.aborted ? this.#waiting.shift() : undefined;
  }

  /** An answer that another protocol gives to this question moves that one to the front. */
  #take(evidence: readonly Evidence[]): void {
    for (const one of evidence) {
      const received = Buffer.from(one.received, 'base64');
      // What repeats our words says nothing of its own.
      if (received.length === 0 || one.received === one.sent) continue;
      this.#evidence.push(one);
      const question = isHttpAnswer(received) ? undefined : questionFor(received);
      const at = question === undefined ? -1 : this.#waiting.indexOf(question);
      if (question === undefined || at < 0) continue;
      this.#waiting.splice(at, 1);
      this.#waiting.unshift(question);
    }
  }
}
