import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, errorText } from '../lib/app-error.ts';
import { showable } from '../lib/hostile-text.ts';
import type { ImportSettings } from '../model/import.ts';
import { SourceName } from '../model/observation.ts';
import { createImportSource, createUnreadSource } from '../observe/import/stored-source.ts';
import type { FileSource } from '../observe/source.ts';
import { readEntries, readPlaces } from '../track/import-lines.ts';
import { listImports, type StoredImport } from '../track/imports.ts';
import { describeTakenIn } from './import.ts';
import type { PreparedScan } from './prepare.ts';
import type { Progress } from './progress.ts';
import { settingsDigest, settingsFor, takeIn } from './take-in.ts';

export interface ImportWork {
  readonly signal: AbortSignal;
  readonly progress: Progress['update'];
}

/** A file that should have been taken in and could not be. */
interface Unread {
  readonly settings: ImportSettings;
  readonly reason: 'file-missing' | 'file-unreadable';
}

/**
 * Everything that was taken in for this organisation, as sources of a run. Files that the organisation file or the command
 * line names are taken in first, unless the store holds them as they are now. One that cannot be read lowers the coverage of
 * the run and does not stop it.
 *
 * @throws AppError `write-failed`
 */
export async function importSources(input: PreparedScan, work: ImportWork): Promise<FileSource[]> {
  const { options, scope, terminal } = input;
  const say = (text: string): void => {
    if (options.quiet !== true) terminal.say(text);
  };
  const { imports: before } = await listImports(options.reports, scope.id);
  const unread: Unread[] = [];
  for (const settings of wantedFiles(input)) {
    const failed = await refresh(settings, before, input, work, say);
    if (failed !== undefined) unread.push(failed);
  }
  const { imports: all, damaged } = await listImports(options.reports, scope.id);
  const imports = all.filter((stored) => !isSuperseded(stored, all));
  for (const { path, why } of damaged)
    say(`${path} cannot be read: ${why}. Remove it and take the file in again.`);
  for (const { header } of imports) {
    if (header.scopeDigest !== scope.digest)
      say(
        `${showable(header.file, 100)} (${header.id}) was taken in under other ranges than today's: what it says about new ranges is missing. Take it in again: sekisho import.`,
      );
  }
  const names = [
    ...imports.map(({ header }) => header.file),
    ...unread.map(({ settings }) => basename(settings.path)),
  ];
  const isShared = (name: string): boolean => names.filter((one) => one === name).length > 1;
  return [
    ...imports.map((stored) => storedSource(stored, isShared(stored.header.file))),
    ...unread.map(({ settings, reason }) => {
      const name = basename(settings.path);
      const label = isShared(name) ? `${name} (not read)` : name;
      return createUnreadSource(label, sourceOf(settings, before), reason);
    }),
    ...damaged.map(({ path }) => createUnreadSource(basename(path), 'file', 'file-unreadable')),
  ];
}

/** An older scan still tells since when; an older list of devices tells what is no longer so. */
function isSuperseded({ header }: StoredImport, all: readonly StoredImport[]): boolean {
  if (header.tally.type !== 'ledger') return false;
  const newest = all.findLast(
    (other) => other.header.tally.type === 'ledger' && other.header.file === header.file,
  );
  return newest?.header.id !== header.id;
}

export function wantedFiles({ options, scope }: Pick<PreparedScan, 'options' | 'scope'>): ImportSettings[] {
  const named = (options.import ?? []).map((path) => settingsFor(path, scope));
  return [...scope.imports, ...named.filter((one) => !scope.imports.includes(one))];
}

async function refresh(
  settings: ImportSettings,
  before: readonly StoredImport[],
  input: PreparedScan,
  { signal, progress }: ImportWork,
  say: (text: string) => void,
): Promise<Unread | undefined> {
  const { options, scope, toolVersion, now } = input;
  try {
    const { size } = await statFile(settings.path);
    if (await isStored(settings, size, before, input)) return undefined;
    const onBytes = (bytes: number): void =>
      progress('import', Math.round(bytes / 1e6), Math.round(size / 1e6));
    const context = { reports: options.reports, scope, toolVersion, now: now(), signal, progress: onBytes };
    say(describeTakenIn(await takeIn(settings, context)));
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === 'write-failed') throw error;
    if (error instanceof AppError && error.code === 'interrupted') return undefined;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    say(
      isMissing
        ? `${showable(settings.path)} is not there: the run goes on without it.`
        : `${asSentence(showable(errorText(error), 600))} The run goes on without it.`,
    );
    return { settings, reason: isMissing ? 'file-missing' : 'file-unreadable' };
  }
}

/** A run from cron must not wait for whoever writes into a pipe. @throws AppError `import-file` */
async function statFile(path: string): Promise<Stats> {
  const found = await stat(path);
  if (found.isFile() || found.isDirectory()) return found;
  throw new AppError(
    'import-file',
    `${showable(path)} is a pipe or a device, and a run reads only files: take it in before, with sekisho import`,
  );
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Byte for byte, read under the same ranges and in the same way. */
async function isStored(
  settings: ImportSettings,
  size: number,
  stored: readonly StoredImport[],
  input: PreparedScan,
): Promise<boolean> {
  const digest = settingsDigest(settings, input);
  const alike = stored.filter(
    ({ header }) =>
      header.bytes === size && header.scopeDigest === input.scope.digest && header.settingsDigest === digest,
  );
  if (alike.length === 0) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(settings.path)) hash.update(chunk as Buffer);
  const sha256 = hash.digest('hex');
  return alike.some(({ header }) => header.sha256 === sha256);
}

function storedSource({ path, header }: StoredImport, isShared: boolean): FileSource {
  return createImportSource({
    header,
    label: isShared ? `${header.file} (${header.id})` : header.file,
    places: () => readPlaces(path),
    entries: (wanted) => readEntries(path, wanted),
  });
}

/** What the file would have been: as somebody said, or as it was the last time. */
function sourceOf({ as, path }: ImportSettings, before: readonly StoredImport[]): SourceName {
  const last = before.findLast(({ header }) => header.file === basename(path));
  return SourceName.safeParse(as).data ?? last?.header.source ?? 'file';
}

/** For the dry run: what would be read, and what is kept already. */
export async function describeImports({
  options,
  scope,
}: Pick<PreparedScan, 'options' | 'scope'>): Promise<string[]> {
  const wanted = wantedFiles({ options, scope });
  const { imports } = await listImports(options.reports, scope.id);
  if (wanted.length + imports.length === 0) return ['Files of other tools: none.'];
  return [
    'Files of other tools, read without a packet:',
    ...(await Promise.all(wanted.map(async (settings) => wantedLine(settings)))),
    ...imports.map(
      ({ header }) =>
        `  kept: ${showable(header.file, 100)} (${header.tally.type}, ${header.tally.addresses} addresses, taken in ${header.importedAt})`,
    ),
  ];
}

async function wantedLine({ path, as }: ImportSettings): Promise<string> {
  const there = await stat(path).then(
    ({ size }) => `${size} bytes, as ${as}`,
    () => 'NOT THERE',
  );
  return `  to read: ${showable(path)} (${there})`;
}
