import type { Facts } from '../../../model/facts.ts';
import type { Evidence } from '../../../model/observation.ts';
import type { Connection } from '../connection.ts';
import { TCP_QUESTIONS } from '../protocols/tcp.ts';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import type { TcpQuestion } from '../question.ts';
import { QuestionLine } from './line.ts';
import { besideWeb } from './plan.ts';
import type { TlsLook } from './tls/look.ts';
import { lookAtTlsAfter } from './tls/start-tls.ts';
import { isStartTlsProtocol } from './tls/upgrades.ts';

export interface Asked {
  /** undefined: it is another protocol, or nothing answered. */
  readonly result: ProbeResult | undefined;
  readonly evidence: readonly Evidence[];
}

export interface AskingOptions {
  /** Open already; without it the question dials. Closed here. */
  readonly first?: Connection;
  readonly isTls: boolean;
  /** Longest wait for one answer, in milliseconds, over a connection with this round-trip; default: that of the context. */
  readonly patience?: (rttMs: number) => number;
}

/** One question, from its first connection to its last. */
export async function askQuestion(
  context: ProbeContext,
  question: TcpQuestion,
  { first, isTls, patience = () => context.answerTimeoutMs }: AskingOptions,
): Promise<Asked> {
  const { protocol } = question;
  const line = new QuestionLine(context, { protocol, isTls, patience, ...(first && { first }) });
  try {
    const facts = await question.ask(line);
    const evidence = line.end();
    if (facts === undefined) return { result: undefined, evidence };
    const deeper = line.tls === undefined ? undefined : await lookAfter(context, facts.name);
    const tls = deeper?.facts ?? line.tls;
    const result: ProbeResult = {
      protocol: facts.name,
      status: 'open',
      facts: { protocols: [facts], ...rawAnswer(evidence), ...(tls === undefined ? {} : { tls }) },
      evidence: [...evidence, ...(deeper?.evidence ?? [])],
    };
    return { result, evidence };
  } finally {
    line.end();
  }
}

/** Most bytes of an answer that become a fact as they are. */
const MAX_RAW = 2048;

/** The first answer as it came, one character a byte: what no parser reads may still tell a product. */
function rawAnswer(evidence: readonly Evidence[]): Pick<Facts, 'greeting'> {
  const first = evidence.find(({ received }) => received !== '');
  if (first === undefined) return {};
  const text = Buffer.from(first.received, 'base64').subarray(0, MAX_RAW).toString('latin1');
  return { greeting: { protocol: 'answer', text } };
}

/** Versions and certificate of a protocol that goes on inside TLS when it is asked to. */
async function lookAfter(context: ProbeContext, protocol: string): Promise<TlsLook | undefined> {
  return isStartTlsProtocol(protocol) ? lookAtTlsAfter(context, protocol) : undefined;
}

/** A web server's result with what stands beside it on the same port. */
export async function withBeside(
  context: ProbeContext,
  web: ProbeResult,
  isTls: boolean,
): Promise<ProbeResult> {
  const questions = web.facts.http === undefined ? [] : besideWeb(web.facts.http);
  if (questions.length === 0) return web;
  const asked = await Promise.all(questions.map((question) => askQuestion(context, question, { isTls })));
  const protocols = asked.flatMap(({ result }) => result?.facts.protocols ?? []);
  return {
    ...web,
    facts: { ...web.facts, ...(protocols.length === 0 ? {} : { protocols }) },
    evidence: [...web.evidence, ...asked.flatMap(({ evidence }) => evidence)],
  };
}

/** The protocol that these bytes prove, whatever was asked. */
export function questionFor(received: Uint8Array): TcpQuestion | undefined {
  return received.length === 0
    ? undefined
    : TCP_QUESTIONS.find((question) => question.read(received) !== undefined);
}
