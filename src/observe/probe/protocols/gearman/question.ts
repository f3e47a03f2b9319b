import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpLine, TcpQuestion } from '../../question.ts';
import { bounded } from '../fields.ts';

/**
 * Gearman job server: an echo in the binary protocol, which proves it, then `version` of the administrative one (PROTOCOL of its
 * source). There is no log-in: whoever reaches it can submit work and take that of others (measured on 1.1.20). No fields.
 */
export const gearmanQuestion: TcpQuestion = {
  protocol: 'gearman',
  ports: [4730],
  elsewhere: 'never',
  read: (received) => (isOwnError(received) || parseEcho(received) === 'echo' ? FACTS : undefined),
  ask,
};

const FACTS: ProtocolFacts = {
  name: 'gearman',
  access: 'open',
  fields: [],
  concerns: [],
};
const TEXT = Buffer.from('sekisho', 'latin1');
const ECHO_REQ = 16;
const ECHO_RES = 17;

function encodeEcho(): Uint8Array {
  return Buffer.concat([
    Buffer.from('\0REQ', 'latin1'),
    Uint8Array.of(0, 0, 0, ECHO_REQ, 0, 0, 0, TEXT.length),
    TEXT,
  ]);
}

function parseEcho(received: Uint8Array): Reading<'echo'> {
  const reader = new ByteReader(received);
  const magic = reader.latin1(4);
  if (!'\0RES'.startsWith(magic)) return undefined;
  const isEcho = reader.u32() === ECHO_RES && reader.u32() === TEXT.length;
  const text = reader.take(TEXT.length);
  if (reader.short) return 'more';
  return isEcho && TEXT.equals(text) ? 'echo' : undefined;
}

/** What any line that is no command is answered with. */
function isOwnError(received: Uint8Array): boolean {
  const text = Buffer.from(received.subarray(0, 100)).toString('latin1');
  return text.startsWith('ERR UNKNOWN_COMMAND Unknown+server+command');
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  if ((await line.exchange(encodeEcho(), parseEcho)) === undefined) return undefined;
  const version = await line.exchange(Buffer.from('version\r\n', 'latin1'), parseVersion);
  return version === undefined ? FACTS : { ...FACTS, version: bounded(version) };
}

function parseVersion(received: Uint8Array): Reading<string> {
  const text = Buffer.from(received.subarray(0, 100)).toString('latin1');
  if (!text.includes('\n')) return text.length < 100 ? 'more' : undefined;
  return /^OK (\d{1,3}(?:\.\d{1,4}){0,3}[\w.+~-]{0,40})\r?\n/.exec(text)?.[1];
}
