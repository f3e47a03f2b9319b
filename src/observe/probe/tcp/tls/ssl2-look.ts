import { randomBytes } from 'node:crypto';
import type { Evidence } from '../../../../model/observation.ts';
import type { ProbeContext } from '../../probe.ts';
import { parseSsl2Answer, ssl2Hello, type Ssl2Answer } from './ssl2.ts';

export interface Ssl2Look {
  /** false: the server said something else, or hung up. */
  readonly answer: Ssl2Answer | false;
  readonly evidence: Evidence;
}

/** One old-style hello on a connection of its own. undefined when nothing came in time, which proves nothing. */
export async function askSsl2(context: ProbeContext): Promise<Ssl2Look | undefined> {
  try {
    const connection = await context.dial();
    try {
      connection.write(ssl2Hello(randomBytes(16)));
      const { bytes, ended } = await connection.read(
        (received) => parseSsl2Answer(received) !== 'more',
        context.answerTimeoutMs,
      );
      const answer = parseSsl2Answer(bytes);
      if (ended === 'timeout' && (bytes.length === 0 || answer === 'more')) return undefined;
      return {
        answer: answer === 'more' || answer === undefined ? false : answer,
        evidence: connection.evidence('ssl 2 hello'),
      };
    } finally {
      connection.close();
    }
  } catch (error) {
    context.log.debug({ error }, 'the SSLv2 hello could not be sent');
    return undefined;
  }
}
