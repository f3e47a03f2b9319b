import { randomBytes } from 'node:crypto';
import type { Evidence } from '../../../../model/observation.ts';
import type { Connection, ReadResult } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import { clientHello } from './hello.ts';
import { createFlightReader, type ServerFlight } from './server-hello.ts';
import { createKeyShare } from './tls13.ts';
import { TLS13 } from './versions.ts';

export interface VersionQuestion {
  readonly version: number;
  readonly serverName: string | null;
  readonly until: 'hello' | 'done';
  readonly label: string;
  /** A short hello without extensions and with old suites only. */
  readonly ciphers?: readonly number[];
  readonly extensions?: boolean;
}

export interface VersionAnswer {
  readonly flight: ServerFlight;
  readonly ended: ReadResult['ended'];
  /** From the hello to the end of the answer. */
  readonly tookMs: number;
  readonly evidence: Evidence;
}

const RECORD_HEADER = 5;
const SLOW_MS = 2000;

/** No answer, or one that took so long that the time for this port is better spent on other questions. */
export function isSlow(answer: VersionAnswer | undefined): boolean {
  return answer === undefined || answer.tookMs > SLOW_MS;
}

/** One hand-made ClientHello on one connection, which is closed afterwards: nothing is finished, no key is agreed. */
export async function askVersion(
  context: ProbeContext,
  question: VersionQuestion,
  connection: Connection,
): Promise<VersionAnswer> {
  try {
    const keys = question.version === TLS13 ? createKeyShare() : undefined;
    const hello = clientHello({
      ...question,
      random: randomBytes(32),
      ...(keys !== undefined && { keyShare: keys.publicKey }),
    });
    const reader = createFlightReader(question.until, ({ cipher, keyShare }, message) =>
      keyShare === undefined
        ? undefined
        : keys?.opener(cipher, keyShare, hello.subarray(RECORD_HEADER), message),
    );
    const began = performance.now();
    connection.write(hello);
    const { ended } = await connection.read((received) => reader.enough(received), context.answerTimeoutMs);
    const tookMs = performance.now() - began;
    return { flight: reader.flight(), ended, tookMs, evidence: connection.evidence(question.label) };
  } finally {
    connection.close();
  }
}

/** The same on a connection of its own; undefined when none could be had. */
export async function dialAndAsk(
  context: ProbeContext,
  question: VersionQuestion,
): Promise<VersionAnswer | undefined> {
  try {
    return await askVersion(context, question, await context.dial());
  } catch (error) {
    context.log.debug({ error, label: question.label }, 'tls probe could not be sent');
    return undefined;
  }
}
