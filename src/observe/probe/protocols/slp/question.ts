import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion, type UdpQuestion } from '../../question.ts';
import { boundedBytes, fieldsOf } from '../fields.ts';

const ID = 0x4a69;
const TYPE_REPLY = 10;
const MAX_LENGTH = 16 * 1024;
const MAX_TYPES = 24;
/** An answer so many times longer than its request makes the server a tool against others. */
const AMPLIFICATION = 10;

/**
 * SLP: which kinds of service are known (RFC 2608 §10.1), from all naming authorities, in the scope "default". CVE-2023-29552: a stranger may register
 * services and make this answer as long as he likes; nothing is registered here.
 *
 * Fields: `service-type` ("service:VMwareInfrastructure", one each), `error` (number of §7, when it refuses).
 */
export const slpQuestion: UdpQuestion = {
  protocol: 'slp',
  ports: [427],
  read,
  ask: (line) => line.exchange(encodeTypeRequest(), read),
};

export const slpTcpQuestion: TcpQuestion = {
  protocol: 'slp',
  ports: [427],
  elsewhere: 'never',
  read,
  ask: (line) => line.exchange(encodeTypeRequest(), readSoFar),
};

/** Header of §8 with language "en", then no previous responders, all naming authorities (FFFFh), scope "default". */
export function encodeTypeRequest(): Uint8Array {
  const scope = Buffer.from('default', 'latin1');
  const body = Buffer.concat([Buffer.from('0000ffff0007', 'hex'), scope]);
  const header = Buffer.from('020900000000000000004a690002656e', 'hex');
  header.writeUInt16BE(ID, 10);
  header.writeUIntBE(header.length + body.length, 2, 3);
  return Buffer.concat([header, body]);
}

function read(received: Uint8Array): ProtocolFacts | undefined {
  return settled(readSoFar(received));
}

function readSoFar(received: Uint8Array): Reading<ProtocolFacts> {
  const reader = new ByteReader(received);
  const version = reader.u8();
  const operation = reader.u8();
  const length = reader.u24();
  reader.skip(2 + 3 + 2);
  const languageLength = reader.u16();
  if (received.length >= 2 && (version !== 2 || operation !== TYPE_REPLY)) return undefined;
  if (reader.short) return 'more';
  if (length < 18 || length > MAX_LENGTH || languageLength < 1 || languageLength > 8) return undefined;
  if (received.length < length) return 'more';
  reader.skip(languageLength);
  const error = reader.u16();
  const types = error === 0 ? boundedTypes(reader) : [];
  return reader.short ? undefined : toFacts(error, types, length);
}

function boundedTypes(reader: ByteReader): readonly string[] {
  const list = Buffer.from(reader.take(reader.u16())).toString('utf8');
  return list
    .split(',')
    .slice(0, MAX_TYPES)
    .map((type) => boundedBytes(Buffer.from(type)));
}

function toFacts(error: number, types: readonly string[], length: number): ProtocolFacts {
  const isLarge = length >= AMPLIFICATION * encodeTypeRequest().length;
  const shown: Concern[] = types.some((type) => type !== '') ? ['data-shown'] : [];
  return {
    name: 'slp',
    access: shown.length > 0 ? 'open' : 'unknown',
    fields: fieldsOf(...types.map((type) => ['service-type', type] as const), [
      'error',
      error === 0 ? undefined : error,
    ]),
    concerns: isLarge ? [...shown, 'amplifier'] : shown,
  };
}
