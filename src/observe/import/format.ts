import type { Address, AddressRange } from '../../lib/address.ts';
import type { Asset, ImportType, LedgerColumns, StoredRecord } from '../../model/import.ts';
import type { Observation } from '../../model/observation.ts';

/** What a reader of one file must be told. */
export interface ImportContext {
  /** Name without folder; goes into every observation. */
  readonly file: string;
  readonly vantage: string;
  /** When the file is being read, ISO-8601 UTC. */
  readonly collectedAt: string;
  /** Date of records that carry none: what the user said, else the file's own date of change. ISO-8601 UTC. */
  readonly observedAt: string;
  /** Is the address part of the organisation's scope? Everything else is counted and left out. */
  readonly accepts: (address: Address) => boolean;
  /** Is any address of the range? Absent: its first and its last are asked. */
  readonly overlaps?: ((range: AddressRange) => boolean) | undefined;
  readonly columns: LedgerColumns | undefined;
  readonly encoding: 'auto' | 'utf-8' | 'shift_jis';
}

/**
 * Where a reader puts what it read, record by record. Of every record of the file exactly one of `record`, `outOfScope`,
 * `ignored` and `fault` is called; a record may carry any number of observations.
 */
export interface ImportOutput {
  observation(observation: Observation): void;
  asset(asset: Asset): void;
  /** A record was read and stands in the scope. */
  record(): void;
  outOfScope(): void;
  /** No statement about an open place: a host that is down, a target that timed out, a log line between records. */
  ignored(): void;
  /** @param line from 1; in a file without lines the number of the record. @param why one sentence for the user. */
  fault(line: number, why: string): void;
}

/** A record that is kept as it is instead of being read here. */
export interface KeptRecord {
  readonly record: StoredRecord;
  /** Of its text, hex. */
  readonly sha256: string;
  /** Of the observation that will be made of it. */
  readonly id: string;
}

/** Where a file is read into the store. */
export interface FileOutput extends ImportOutput {
  keep(kept: KeptRecord): void;
}

/** Takes the unpacked bytes of one file in order, in chunks of any size, in constant memory. Never throws for what is in them. */
export interface StreamReader {
  push(chunk: Uint8Array): void;
  /** No more bytes. @param cut the bytes ended before the file did: a record that is not whole is then no fault. */
  end(cut: boolean): void;
  /** After `end`, when the reader can tell: the bytes ended in the middle of a record or before the file was closed. */
  readonly unfinished?: boolean;
}

/** A kind of file. A new one is one file beside this and one line in `formats.ts`. */
export interface ImportFormat {
  readonly type: ImportType;
  /** Is this such a file? @param head the first 64 KiB, unpacked, as Latin-1 without a byte order mark. */
  recognises(head: string): boolean;
  open(context: ImportContext, output: FileOutput): StreamReader;
  /** For its records in something that somebody put around them; asked when no format recognises the file. */
  readonly wrapped?: ImportFormat;
}
