import { z } from 'zod';
import { OTHER_SOURCES, SourceName, Transport } from './observation.ts';

/** Files that can be read: what another tool wrote, or (`ledger`) the organisation's own list of its devices. */
export const IMPORT_TYPES = [...OTHER_SOURCES, 'ledger'] as const;
export const ImportType = z.enum(IMPORT_TYPES);
export type ImportType = z.infer<typeof ImportType>;

/** Which column of an asset ledger means what: the header's text, or its number from 1. Only `address` is needed. */
export interface LedgerColumns {
  readonly address: string;
  readonly port?: string | undefined;
  readonly transport?: string | undefined;
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly note?: string | undefined;
}

/** One file to read: an entry of `imports` in the organisation file, or a file named on the command line. */
export interface ImportSettings {
  /** Path as it can be opened. */
  readonly path: string;
  /** auto: recognised by content. */
  readonly as: ImportType | 'auto';
  /** Where the tool stood that wrote it; "unknown" when nobody said. */
  readonly vantage: string | undefined;
  /** ISO-8601 UTC, for files that carry no dates of their own. */
  readonly observedAt: string | undefined;
  readonly columns: LedgerColumns | undefined;
  /** auto: UTF-8 when it is valid, else Shift_JIS. */
  readonly encoding: 'auto' | 'utf-8' | 'shift_jis';
}

/** One row of the organisation's own list of devices. Text of the organisation: bounded, not trusted. */
export const Asset = z.object({
  /** One address, or a range in CIDR or first-last form. */
  range: z.string(),
  /** Absent: the row is about the whole address. */
  port: z.number().optional(),
  transport: z.enum(['tcp', 'udp']).optional(),
  name: z.string().optional(),
  owner: z.string().optional(),
  note: z.string().optional(),
  file: z.string(),
  /** Line of the file, from 1. */
  line: z.number(),
});
export type Asset = z.infer<typeof Asset>;

/** A record as another tool wrote it. It stands in the scope and can be read: a run that takes it in makes an observation of it. */
export const StoredRecord = z.object({
  source: z.literal('shodan'),
  /** As of an observation. */
  address: z.string(),
  port: z.number().int().min(0).max(65535),
  transport: Transport,
  /** The record's own date, ISO-8601 UTC. */
  observedAt: z.string(),
  /** The record, as it stands in the file. */
  text: z.string(),
});
export type StoredRecord = z.infer<typeof StoredRecord>;

/** What reading one file came to. Nothing is lost without being counted here. */
export const ImportTally = z.object({
  type: ImportType,
  /** Records of the file's own kind: banners, hosts, rows. */
  records: z.number(),
  /** Made, or to be made of records that are kept as they are. */
  observations: z.number(),
  assets: z.number(),
  /** Addresses with an observation or a row, inside the scope. */
  addresses: z.number(),
  /** Records about addresses outside the scope: left out. */
  outOfScope: z.number(),
  /** Records that are no statement about an open place (a host that is down, a target that timed out, a log line). */
  ignored: z.number(),
  /** Records that could not be read. */
  broken: z.number(),
  /** The first of them. `line` from 1; in a file without lines the number of the record. */
  faults: z.array(z.object({ line: z.number(), why: z.string() })),
  /** The file ends in the middle of a record, or its compression is cut. */
  cut: z.boolean(),
  /** Dates of the data itself, ISO-8601 UTC. Absent: no observation. */
  oldest: z.string().optional(),
  newest: z.string().optional(),
});
export type ImportTally = z.infer<typeof ImportTally>;

/** A file that was read, as the store keeps it: first line of what lies beside the runs. */
export const ImportHeader = z.object({
  kind: z.literal('import'),
  schemaVersion: z.literal(1),
  /** "<first 16 hex digits of sha256>-<type>" */
  id: z.string(),
  /** Name without folder. Hostile text. */
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  vantage: z.string(),
  importedAt: z.string(),
  /** Only what lay in this scope was kept. */
  scopeDigest: z.string(),
  /** SHA-256 over how it was read: kind, vantage, date, columns, encoding and version of this tool. Read otherwise, it says other things. */
  settingsDigest: z.string(),
  source: SourceName.optional(),
  tally: ImportTally,
});
export type ImportHeader = z.infer<typeof ImportHeader>;
