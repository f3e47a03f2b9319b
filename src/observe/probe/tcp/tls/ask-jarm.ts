import { randomBytes, randomInt } from 'node:crypto';
import type { ProbeContext } from '../../probe.ts';
import { JARM_HELLOS, jarmAnswer, jarmHash, jarmHello, type JarmHello } from './jarm.ts';

/** Side by side, within the cap for one host. */
const AT_ONCE = 2;
const RECORD_HEADER = 5;

/** Ten connections, two at a time. undefined when one of them stays silent: by the published rule that is no fingerprint. */
export async function askJarm(context: ProbeContext): Promise<string | undefined> {
  const host = context.hostNames[0] ?? context.address;
  const answers: string[] = [];
  for (let at = 0; at < JARM_HELLOS.length; at += AT_ONCE) {
    const batch = JARM_HELLOS.slice(at, at + AT_ONCE).map((hello) => askOne(context, hello, host));
    for (const answer of await Promise.all(batch)) {
      if (answer === undefined) return undefined;
      answers.push(answer);
    }
  }
  return jarmHash(answers);
}

async function askOne(context: ProbeContext, hello: JarmHello, host: string): Promise<string | undefined> {
  try {
    const connection = await context.dial();
    try {
      connection.write(
        jarmHello(hello, host, {
          random: randomBytes(32),
          sessionId: randomBytes(32),
          keyShare: keyShare(),
          grease: randomInt(16),
        }),
      );
      const { bytes, ended } = await connection.read(isWholeRecord, context.answerTimeoutMs);
      return ended === 'timeout' ? undefined : jarmAnswer(bytes);
    } finally {
      connection.close();
    }
  } catch (error) {
    context.log.debug({ error }, 'a JARM hello could not be sent');
    return undefined;
  }
}

/** The published rule takes any 32 bytes; wolfSSL refuses those with the highest bit set (RFC 7748 §5), which half of them have. */
function keyShare(): Uint8Array {
  const bytes = randomBytes(32);
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  return bytes;
}

/** The ServerHello or the alert is in the first record. */
function isWholeRecord(received: Uint8Array): boolean {
  const length = ((received[3] ?? 0) << 8) | (received[4] ?? 0);
  return received.length >= RECORD_HEADER && received.length >= RECORD_HEADER + length;
}
