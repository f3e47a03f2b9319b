/** One question to a server on this machine, over the real lines. */
import type { ProtocolFacts, TlsFacts } from '../../../../src/model/facts.ts';
import { Budget } from '../../../../src/observe/probe/budget.ts';
import { DatagramDialer } from '../../../../src/observe/probe/datagrams.ts';
import type { TcpQuestion, UdpQuestion } from '../../../../src/observe/probe/question.ts';
import { QuestionLine } from '../../../../src/observe/probe/tcp/line.ts';
import type { Guard } from '../../../../src/scope/guard.ts';
import { contextFor } from '../tcp/context.ts';

export interface AskOptions {
  readonly isTls?: boolean;
  readonly answerTimeoutMs?: number;
  readonly address?: string;
}

/** @returns undefined when the question says that it is another protocol, or nothing answered. */
export async function askTcp(
  question: TcpQuestion,
  port: number,
  options: AskOptions = {},
): Promise<ProtocolFacts | undefined> {
  return (await askTcpWithTls(question, port, options)).facts;
}

/** The same with what `startTls` learnt, and the connections still held afterwards (0 when all is well). */
export async function askTcpWithTls(
  question: TcpQuestion,
  port: number,
  { isTls = false, answerTimeoutMs = 1500, address = '127.0.0.1' }: AskOptions = {},
): Promise<{ facts: ProtocolFacts | undefined; tls: TlsFacts | undefined; held: number }> {
  const context = contextFor(port, { answerTimeoutMs, address });
  const line = new QuestionLine(context, {
    protocol: question.protocol,
    isTls,
    patience: () => answerTimeoutMs,
  });
  const facts = await question.ask(line);
  line.end();
  return { facts, tls: line.tls, held: context.held() };
}

/** Allows loopback and nothing else. */
const loopbackGuard = {
  check: (address: string) =>
    /^(?:127\.|::1$)/.test(address)
      ? { allowed: true, address, site: undefined }
      : { allowed: false, reason: 'not-in-scope', sentence: 'loopback only in tests' },
} as unknown as Guard;

export async function askUdp(
  question: UdpQuestion,
  port: number,
  { answerTimeoutMs = 600, address = '127.0.0.1' }: AskOptions = {},
): Promise<ProtocolFacts | undefined> {
  const dialer = new DatagramDialer({
    guard: loopbackGuard,
    budget: new Budget({ rate: 1000, perHost: 8, total: 64 }),
    signal: new AbortController().signal,
    answerTimeoutMs,
  });
  const line = dialer.open({
    address,
    port,
    protocol: question.protocol,
    tries: 2,
    fromAnyPort: question.answersFromAnyPort === true,
  });
  try {
    return await question.ask(line);
  } finally {
    line.close();
  }
}
