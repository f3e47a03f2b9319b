import { resolve } from 'node:path';
import { AppError } from '../lib/app-error.ts';
import { sha256Hex } from '../lib/hash.ts';
import { showable } from '../lib/hostile-text.ts';
import type { ImportHeader, ImportSettings, ImportTally } from '../model/import.ts';
import type { Scope } from '../model/scope.ts';
import { readImport } from '../observe/import/read-file.ts';
import { scopeFilter } from '../observe/import/scope-filter.ts';
import { createImport } from '../track/import-writer.ts';
import { importId } from '../track/imports.ts';

export interface TakeInContext {
  /** Where the runs are kept. */
  readonly reports: string;
  readonly scope: Scope;
  readonly toolVersion: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Bytes of the file that have been read. */
  readonly progress: (bytes: number) => void;
}

export interface TakenIn {
  readonly header: ImportHeader;
  /** The same file had been taken in before. */
  readonly replaced: boolean;
}

/**
 * Reads a file of another tool and keeps beside the runs what it says about the organisation.
 *
 * @throws AppError when nothing of it can be used, when it cannot be kept, or `interrupted`. Nothing is kept then.
 */
export async function takeIn(settings: ImportSettings, context: TakeInContext): Promise<TakenIn> {
  const { reports, scope, now, signal, progress } = context;
  const { accepts, overlaps } = scopeFilter(scope);
  const writer = await createImport(reports, scope.id);
  try {
    const read = await readImport(asMapped(settings), { now, accepts, overlaps, signal, progress }, writer);
    const { tally, file, bytes, sha256, vantage, source } = read;
    refuseUnusable(file, tally);
    const header: ImportHeader = {
      kind: 'import',
      schemaVersion: 1,
      id: importId(sha256, tally.type),
      file,
      bytes,
      sha256,
      vantage,
      // To the millisecond: of two versions of a list the later one is believed.
      importedAt: now.toISOString(),
      scopeDigest: scope.digest,
      settingsDigest: settingsDigest(settings, context),
      ...(source === undefined ? {} : { source }),
      tally,
    };
    return { header, ...(await writer.finish(header)) };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Only a ledger has columns that somebody must explain. */
function asMapped(settings: ImportSettings): ImportSettings {
  const { as, columns } = settings;
  return as === 'auto' && columns !== undefined ? { ...settings, as: 'ledger' } : settings;
}

function refuseUnusable(file: string, { records, outOfScope, ignored, broken, faults }: ImportTally): void {
  if (broken === 0 || records + outOfScope + ignored > 0) return;
  const [first] = faults;
  const why = first === undefined ? '' : ` The first: ${faultText(first)}`;
  throw new AppError(
    'import-unusable',
    `${showable(file, 100)}: none of its ${broken} records can be read.${why}`,
  );
}

/** A file without lines has the number of the record; 0 is the file as a whole. */
export function faultText({ line, why }: ImportTally['faults'][number]): string {
  return `${line === 0 ? '' : `line ${line}: `}${showable(why, 200)}`;
}

/** Another version of this tool may read more in a file. */
export function settingsDigest(
  { as, vantage, observedAt, columns, encoding }: ImportSettings,
  { toolVersion }: Pick<TakeInContext, 'toolVersion'>,
): string {
  return sha256Hex(JSON.stringify([as, vantage, observedAt, columns, encoding, toolVersion]));
}

/** A file that is named in the organisation file is read as it says there. */
export function settingsFor(path: string, { imports }: Scope): ImportSettings {
  const full = resolve(path);
  const declared = imports.find((one) => one.path === full);
  if (declared !== undefined) return declared;
  return {
    path: full,
    as: 'auto',
    vantage: undefined,
    observedAt: undefined,
    columns: undefined,
    encoding: 'auto',
  };
}
