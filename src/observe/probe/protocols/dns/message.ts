import { ByteReader } from '../../../../lib/byte-reader.ts';
import { bounded } from '../fields.ts';

export interface Question {
  /** Dotted, without the last dot; "" is the root. Labels are fit to be shown. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface Answer extends Question {
  /** Seconds. */
  readonly ttl: number;
  /** Strings of a TXT record, or the one name of NS, CNAME and PTR; empty for other types. */
  readonly texts: readonly string[];
}

/** A message of RFC 1035 §4.1, as far as its answer section goes. */
export interface Message {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly isAuthoritative: boolean;
  /** RA: recursion is on offer to the one who asked. */
  readonly isRecursionAvailable: boolean;
  /** 0 no error, 1 format, 2 server failure, 3 no such name, 4 not implemented, 5 refused. */
  readonly code: number;
  readonly questions: readonly Question[];
  readonly answers: readonly Answer[];
}

export const TYPE = { ns: 2, cname: 5, ptr: 12, txt: 16, any: 255 } as const;
export const CLASS = { internet: 1, chaos: 3, any: 255 } as const;

/** Answers of the queries asked here have one record, those of mDNS a few dozen. */
const MAX_RECORDS = 64;
const MAX_NAME = 255;
/** A name of 255 octets has at most 127 labels; more jumps than that go round in a circle. */
const MAX_STEPS = 128;

/** A standard query with one question. `isRecursionDesired` sets RD. */
export function encodeQuery(question: Question, id: number, isRecursionDesired: boolean): Uint8Array {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(isRecursionDesired ? 0x0100 : 0, 2);
  header.writeUInt16BE(1, 4);
  const labels = question.name.split('.').filter((label) => label !== '');
  const name = labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label, 'latin1')]);
  const tail = Buffer.alloc(5);
  tail.writeUInt16BE(question.type, 1);
  tail.writeUInt16BE(question.class, 3);
  return Buffer.concat([header, ...name, tail]);
}

/** @returns undefined when the header, a question or an answer is cut or breaks RFC 1035. */
export function parseMessage(received: Uint8Array): Message | undefined {
  const reader = new ByteReader(received);
  const id = reader.u16();
  const flags = reader.u16();
  const counts = { questions: reader.u16(), answers: reader.u16() };
  reader.skip(4);
  if (reader.short || counts.questions > 4) return undefined;
  const questions = list(counts.questions, () => readQuestion(reader));
  const answers = list(Math.min(counts.answers, MAX_RECORDS), () => readAnswer(reader));
  if (questions === undefined || answers === undefined) return undefined;
  return {
    id,
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    isAuthoritative: (flags & 0x0400) !== 0,
    isRecursionAvailable: (flags & 0x0080) !== 0,
    code: flags & 0xf,
    questions,
    answers,
  };
}

function list<T>(count: number, read: () => T | undefined): readonly T[] | undefined {
  const all: T[] = [];
  for (let i = 0; i < count; i += 1) {
    const one = read();
    if (one === undefined) return undefined;
    all.push(one);
  }
  return all;
}

function readQuestion(reader: ByteReader): Question | undefined {
  const name = readName(reader);
  const type = reader.u16();
  const klass = reader.u16();
  return name === undefined || reader.short ? undefined : { name, type, class: klass };
}

function readAnswer(reader: ByteReader): Answer | undefined {
  const question = readQuestion(reader);
  const ttl = reader.u32();
  const length = reader.u16();
  const start = reader.offset;
  reader.skip(length);
  if (question === undefined || reader.short) return undefined;
  return { ...question, ttl, texts: readTexts(reader.bytes, question.type, start, length) };
}

function readTexts(bytes: Uint8Array, type: number, start: number, length: number): readonly string[] {
  if (type === TYPE.txt) {
    const reader = new ByteReader(bytes.subarray(start, start + length));
    const texts: string[] = [];
    while (reader.left > 0 && texts.length < MAX_RECORDS) texts.push(printable(reader.take(reader.u8())));
    return texts;
  }
  if (type !== TYPE.ns && type !== TYPE.cname && type !== TYPE.ptr) return [];
  const reader = new ByteReader(bytes);
  reader.offset = start;
  const name = readName(reader);
  return name === undefined ? [] : [name];
}

/** A name with compression (§4.1.4). A pointer may only lead back, so nothing goes round in a circle. */
function readName(reader: ByteReader): string | undefined {
  const labels: string[] = [];
  let length = 0;
  let inner = reader;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const at = inner.offset;
    const size = inner.u8();
    if (inner.short) return fail(reader);
    if (size === 0) return labels.join('.');
    if (size >= 0xc0) {
      const target = ((size & 0x3f) << 8) | inner.u8();
      if (inner.short || target >= at) return fail(reader);
      inner = new ByteReader(reader.bytes);
      inner.offset = target;
      continue;
    }
    length += size + 1;
    const label = inner.take(size);
    if (size > 63 || inner.short || length > MAX_NAME) return fail(reader);
    labels.push(printable(label));
  }
  return fail(reader);
}

function fail(reader: ByteReader): undefined {
  reader.short = true;
  return undefined;
}

function printable(bytes: Uint8Array): string {
  return bounded(Buffer.from(bytes).toString('utf8'));
}
