import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';
import { boundedBytes } from '../fields.ts';

const TRANSACTION = 0x4a69;
/** Encapsulated interface transport with Read Device Identification inside (Modbus Application Protocol 1.1b3 §6.21). */
const TRANSPORT = 0x2b;
const READ_IDENTIFICATION = 0x0e;
const BASIC = 0x01;

/** A read of the basic identification: maker, product code, revision. */
export function encodeReadIdentification(unit: number): Uint8Array {
  return Buffer.of(
    TRANSACTION >> 8,
    TRANSACTION & 0xff,
    0,
    0,
    0,
    5,
    unit,
    TRANSPORT,
    READ_IDENTIFICATION,
    BASIC,
    0,
  );
}

export interface Identification {
  readonly unit: number;
  /** Exception code (§7) when the device refuses: 1 no such function, 0x0b no such unit behind the gateway. */
  readonly exception?: number;
  /** By object id: 0 maker, 1 product code, 2 revision, 3 URL, 4 product, 5 model, 6 application. */
  readonly objects: ReadonlyMap<number, string>;
  readonly isOurs: boolean;
}

const HEADER = 7;
const MAX_LENGTH = 254;
const MAX_EXCEPTION = 0x0b;

/** Answer to `encodeReadIdentification`, or the exception to it. */
export function parseIdentification(received: Uint8Array): Reading<Identification> {
  const reader = new ByteReader(received);
  const transaction = reader.u16();
  const protocol = reader.u16();
  const length = reader.u16();
  const unit = reader.u8();
  if (reader.short) return 'more';
  if (protocol !== 0 || length < 3 || length > MAX_LENGTH) return undefined;
  if (received.length < HEADER - 1 + length) return 'more';
  const isOurs = transaction === TRANSACTION;
  const body = new ByteReader(received.subarray(HEADER, HEADER - 1 + length));
  const operation = body.u8();
  if (operation === (TRANSPORT | 0x80)) {
    const exception = body.u8();
    if (body.left > 0 || exception < 1 || exception > MAX_EXCEPTION) return undefined;
    return { unit, exception, objects: new Map(), isOurs };
  }
  if (operation !== TRANSPORT || body.u8() !== READ_IDENTIFICATION) return undefined;
  // Kind of request, conformity, more to come, next object.
  body.skip(4);
  const objects = readObjects(body);
  return objects === undefined ? undefined : { unit, objects, isOurs };
}

function readObjects(reader: ByteReader): ReadonlyMap<number, string> | undefined {
  const count = reader.u8();
  const objects = new Map<number, string>();
  for (let index = 0; index < Math.min(count, 16); index += 1) {
    const id = reader.u8();
    objects.set(id, boundedBytes(reader.take(reader.u8())));
  }
  return reader.short || objects.size === 0 ? undefined : objects;
}
