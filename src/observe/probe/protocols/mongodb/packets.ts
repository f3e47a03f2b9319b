/** MongoDB documentation, "MongoDB Wire Protocol": OP_QUERY and OP_REPLY for the first words, OP_MSG afterwards. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';
import { type Document, encodeDocument, int32, parseDocument, type Value } from './bson.ts';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const MAX_MESSAGE = 65_536;
const REQUEST_ID = 0x5ec1;

export type Form = 'query' | 'message';

/**
 * A command to the database `admin`. @param form query: every version since 2.4 answers isMaster in it, those from 5.1 nothing
 * else · message: since 3.6.
 */
export function encodeCommand(form: Form, command: { readonly [name: string]: Value }): Uint8Array {
  const body =
    form === 'query'
      ? Buffer.concat([
          int32(0),
          Buffer.from('admin.$cmd\0', 'latin1'),
          int32(0),
          int32(-1),
          encodeDocument(command),
        ])
      : Buffer.concat([int32(0), Uint8Array.of(0), encodeDocument({ ...command, $db: 'admin' })]);
  const operation = form === 'query' ? OP_QUERY : OP_MSG;
  return Buffer.concat([int32(16 + body.length), int32(REQUEST_ID), int32(0), int32(operation), body]);
}

/** The first document of OP_REPLY or OP_MSG. */
export function parseAnswer(received: Uint8Array): Reading<Document> {
  const reader = new ByteReader(received);
  const length = reader.u32le();
  reader.skip(8);
  const operation = reader.u32le();
  if (reader.short) return received.length > 3 && length > MAX_MESSAGE ? undefined : 'more';
  const head = operation === OP_REPLY ? 20 : 5;
  if ((operation !== OP_REPLY && operation !== OP_MSG) || length > MAX_MESSAGE || length < 16 + head + 5) {
    return undefined;
  }
  if (received.length < length) return 'more';
  // OP_MSG: flags, then a section of kind 0, which is one document.
  if (operation === OP_MSG && received[20] !== 0) return undefined;
  return parseDocument(received.subarray(16 + head, length));
}
