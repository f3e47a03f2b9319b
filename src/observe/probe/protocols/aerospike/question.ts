import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';

/**
 * Aerospike by its info protocol: a header of eight bytes (version 2, type 1, length) and names, one a line; values come back as
 * "name\tvalue" (Aerospike documentation, "Info command reference"). `build` and `edition` are asked.
 *
 * Fields: `edition`, `error`.
 */
export const aerospikeQuestion: TcpQuestion = {
  protocol: 'aerospike',
  ports: [3000],
  tlsPorts: [4333],
  elsewhere: 'never',
  read: (received) => settled(parseInfo(received)),
  ask: (line) => line.exchange(encodeInfo('build\nedition\n'), parseInfo),
};

function encodeInfo(names: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(2, 1, 0, 0, 0, 0, 0, names.length), Buffer.from(names, 'latin1')]);
}

const MAX_ANSWER = 1024;

function parseInfo(received: Uint8Array): Reading<ProtocolFacts> {
  const reader = new ByteReader(received);
  const kind = reader.u16();
  if (!reader.short && kind !== 0x0201) return undefined;
  const high = reader.u32();
  const length = reader.u16();
  if (reader.short) return received.length > 0 && received[0] !== 2 ? undefined : 'more';
  if (high !== 0 || length > MAX_ANSWER) return undefined;
  const text = reader.latin1(length);
  return reader.short ? 'more' : factsOf(text);
}

function factsOf(text: string): ProtocolFacts | undefined {
  const pairs = new Map(
    text.split('\n').map((one): [string, string] => [one.split('\t')[0] ?? '', one.split('\t')[1] ?? '']),
  );
  const build = pairs.get('build');
  const isVersion = /^\d{1,3}\.\d{1,3}/.test(build ?? '');
  const error = /^(?:ERROR|FAIL):/.test(build ?? '') ? build : undefined;
  if (build === undefined || (!isVersion && error === undefined)) return undefined;
  const wantsLogIn = error !== undefined && /not authenticated|:80:/i.test(error);
  return {
    name: 'aerospike',
    access: isVersion ? 'open' : wantsLogIn ? 'password' : 'unknown',
    product: 'Aerospike',
    ...(isVersion ? { version: bounded(build) } : {}),
    fields: fieldsOf(['edition', isVersion ? pairs.get('edition') : undefined], ['error', error]),
    concerns: [],
  };
}
