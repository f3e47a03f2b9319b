/** The lines of a stored import, read back one by one in constant memory. Damage is told, never thrown. */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { LineSplitter } from '../lib/line-splitter.ts';
import { StoredRecord } from '../model/import.ts';
import { Transport } from '../model/observation.ts';
import { JournalEntry, MAX_LINE_BYTES } from './journal-entry.ts';

const PlaceOfLine = z.object({
  kind: z.enum(['observation', 'record']),
  address: z.string(),
  port: z.number(),
  transport: Transport,
  observedAt: z.string(),
  undated: z.literal(true).optional(),
});
export type PlaceOfLine = z.infer<typeof PlaceOfLine>;

export interface StoredLine<T> {
  /** From 1; the header is 1. */
  readonly line: number;
  /** undefined: damaged. */
  readonly value: T | undefined;
}

const AssetLine = z.object({ kind: z.literal('asset') });

/** Only where and when of each observation and record: to choose before the whole is read. Rows of a ledger are left out. */
export async function* readPlaces(path: string): AsyncGenerator<StoredLine<PlaceOfLine>> {
  for await (const { line, json } of readLines(path, () => true)) {
    if (!AssetLine.safeParse(json).success) yield { line, value: PlaceOfLine.safeParse(json).data };
  }
}

const RecordLine = StoredRecord.extend({ kind: z.literal('record') });

export type StoredEntry =
  | Extract<JournalEntry, { kind: 'observation' | 'asset' }>
  | z.infer<typeof RecordLine>;

/** @param wanted numbers of lines; those that are not wanted cost nothing but their reading. */
export async function* readEntries(
  path: string,
  wanted: (line: number) => boolean,
): AsyncGenerator<StoredLine<StoredEntry>> {
  for await (const { line, json } of readLines(path, wanted)) {
    yield { line, value: entryOf(json) };
  }
}

function entryOf(json: unknown): StoredEntry | undefined {
  const record = RecordLine.safeParse(json).data;
  if (record !== undefined) return record;
  const entry = JournalEntry.safeParse(json).data;
  return entry?.kind === 'observation' || entry?.kind === 'asset' ? entry : undefined;
}

/** In constant memory. A file that cannot be read to its end gives one damaged line for the rest. */
async function* readLines(
  path: string,
  wanted: (line: number) => boolean,
): AsyncGenerator<{ readonly line: number; readonly json: unknown }> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let found: { line: number; json: unknown }[] = [];
  const splitter = new LineSplitter(MAX_LINE_BYTES, (bytes) => {
    number += 1;
    if (number > 1 && wanted(number)) found.push({ line: number, json: parsed(utf8, bytes) });
  });
  try {
    for await (const chunk of createReadStream(path)) {
      splitter.push(chunk as Buffer);
      yield* found;
      found = [];
    }
  } catch {
    yield { line: number + 1, json: undefined };
  }
  if (splitter.pendingBytes > 0) yield { line: number + 1, json: undefined };
}

function parsed(utf8: TextDecoder, bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
