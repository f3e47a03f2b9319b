import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';

/** Commands of four letters, little-endian (Android source, packages/modules/adb/protocol.txt). */
const CONNECT = 'CNXN';
const AUTHENTICATE = 'AUTH';
const START_TLS = 'STLS';
const HEADER = 24;
const VERSION = 0x01000000;
const MAX_DATA = 4096;

/**
 * Android Debug Bridge: the connect packet of every client, without a key. A device that lets everybody debug it answers with its
 * banner; others answer with a token to sign or ask for TLS, and no key is shown to them, so no dialog appears on a screen.
 *
 * Fields: `answer` ("connected", "key-asked", "tls-asked"), `state` ("device", "recovery" …), `name`, `model`, `device`, `features`.
 */
export const adbQuestion: TcpQuestion = {
  protocol: 'adb',
  ports: [5555],
  elsewhere: 'never',
  read: (received) => settled(readSoFar(received, true)),
  ask: (line) => line.exchange(encodeConnect(), (received) => readSoFar(received, false)),
};

/** The last word of a header. Some devices send an AUTH with that of the packet it answers (nmap's match for it). */
const OUR_COMMAND = Buffer.from(CONNECT, 'latin1').readUInt32LE(0);

function complement(command: number): number {
  return (command ^ 0xffffffff) >>> 0;
}

export function encodeConnect(): Uint8Array {
  const payload = Buffer.from('host::\0', 'latin1');
  const header = Buffer.alloc(HEADER);
  const words = [
    OUR_COMMAND,
    VERSION,
    MAX_DATA,
    payload.length,
    payload.reduce((sum, byte) => sum + byte, 0),
  ];
  for (const [index, word] of words.entries()) header.writeUInt32LE(word, index * 4);
  header.writeUInt32LE(complement(OUR_COMMAND), 20);
  return Buffer.concat([header, payload]);
}

/** @param isCut nothing more will come: recorded answers often end within the banner. */
function readSoFar(received: Uint8Array, isCut: boolean): Reading<ProtocolFacts> {
  const reader = new ByteReader(received);
  const name = reader.latin1(4);
  const isStart = [CONNECT, AUTHENTICATE, START_TLS].some((one) => one.startsWith(name));
  if (!isStart) return undefined;
  reader.offset = 0;
  const command = reader.u32le();
  const argument = reader.u32le();
  reader.skip(4);
  const length = reader.u32le();
  reader.skip(4);
  const magic = reader.u32le();
  if (reader.short) return 'more';
  const isMagic =
    magic === complement(command) || (name === AUTHENTICATE && magic === complement(OUR_COMMAND));
  if (!isMagic || length > MAX_DATA) return undefined;
  if (name === START_TLS) return refusal('tls-asked');
  // AUTH 1 is a token to sign.
  if (name === AUTHENTICATE) return argument === 1 ? refusal('key-asked') : undefined;
  if (reader.left < length && !isCut) return 'more';
  return connected(reader.latin1(Math.min(length, reader.left)));
}

function refusal(answer: string): ProtocolFacts {
  return { name: 'adb', access: 'strong', fields: [['answer', answer]], concerns: [] };
}

/** "device::ro.product.name=…;ro.product.model=…;ro.product.device=…;features=…" */
function connected(banner: string): ProtocolFacts | undefined {
  // Not "host", which is what we say ourselves and an echo says back.
  const state = /^(device|recovery|sideload|rescue|bootloader):/.exec(banner)?.[1];
  if (state === undefined) return undefined;
  const property = (name: string): string | undefined =>
    banner
      .split(/[;:\0]/)
      .find((part) => part.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const model = property('ro.product.model');
  return {
    name: 'adb',
    access: 'open',
    ...(model === undefined || model === '' ? {} : { product: bounded(model) }),
    fields: fieldsOf(
      ['answer', 'connected'],
      ['state', state],
      ['name', property('ro.product.name')],
      ['model', model],
      ['device', property('ro.product.device')],
      ['features', property('features')],
    ),
    concerns: ['runs-commands', 'no-authentication-type'],
  };
}
