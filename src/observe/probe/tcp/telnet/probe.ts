import type { TelnetFacts } from '../../../../model/facts.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext, ProbeResult } from '../../probe.ts';
import { decodeText } from '../text.ts';
import { optionName, parseTelnet, refuseAll } from './packets.ts';

/** Rounds of refusals: enough for every login prompt seen, and a server that negotiates for ever is left alone. */
const MAX_ROUNDS = 3;
const MAX_OPTIONS = 64;
const MAX_ROUND_BYTES = 32_768;
/** A prompt has no line end to wait for; this long a silence after it means that it is complete. */
const QUIET_MS = 700;
/** A login prompt, with nothing after it. */
const PROMPT = /(?:login|user ?name|user|password|passcode|account)\s*[:>]?\s*$/i;

/**
 * Option negotiation and the text up to the log-in prompt. Everything is refused and nothing else is ever sent. Closes
 * `connection`.
 */
export async function probeTelnet(context: ProbeContext, connection: Connection): Promise<ProbeResult> {
  const options: TelnetFacts['options'] = [];
  const text: Uint8Array[] = [];
  const prompted = (): boolean => PROMPT.test(decodeText(Buffer.concat(text)).slice(-64));
  for (let round = 0; round <= MAX_ROUNDS; round += 1) {
    const { bytes, ended } = await readUntilQuiet(connection, context.answerTimeoutMs);
    const stream = parseTelnet(bytes);
    text.push(stream.text);
    options.push(...stream.options.map(({ command, option }) => ({ command, option: optionName(option) })));
    const answer = refuseAll(stream.options);
    if (ended || round === MAX_ROUNDS || options.length > MAX_OPTIONS || (answer.length === 0 && prompted()))
      break;
    if (answer.length === 0 && bytes.length === 0) break;
    connection.write(answer);
  }
  const evidence = [connection.evidence('telnet negotiation')];
  connection.close();
  const telnet = { options: options.slice(0, MAX_OPTIONS), text: decodeText(Buffer.concat(text)) };
  return { protocol: 'telnet', status: 'open', facts: { telnet }, evidence };
}

/** Waits for something, then until nothing more comes for a moment. `ended`: nothing more can come. */
async function readUntilQuiet(
  connection: Connection,
  timeoutMs: number,
): Promise<{ readonly bytes: Uint8Array; readonly ended: boolean }> {
  const parts: Uint8Array[] = [];
  const until = performance.now() + timeoutMs;
  let wait = timeoutMs;
  let length = 0;
  for (;;) {
    const left = Math.min(wait, until - performance.now());
    const { bytes, ended } = await connection.read((received) => received.length > 0, Math.max(0, left));
    parts.push(bytes);
    length += bytes.length;
    // Time or measure used up while bytes still come: a stream, not a prompt.
    const isStream = left <= 0 || length > MAX_ROUND_BYTES;
    const isOver = ended === 'closed' || ended === 'limit' || isStream;
    if (isOver || ended === 'timeout') return { bytes: Buffer.concat(parts), ended: isOver };
    wait = QUIET_MS;
  }
}
