import { createReadStream } from 'node:fs';
import { AppError, errorText } from '../lib/app-error.ts';
import { jsonLine } from '../lib/hostile-text.ts';
import { formatInstant } from '../lib/time.ts';
import { fetchKev, KEV_ORIGIN, KEV_URL, type Fetched } from '../knowledge/kev-fetch.ts';
import { MOST_BYTES, readCatalogue, type KevList } from '../knowledge/kev-list.ts';
import { mergeKev } from '../knowledge/kev-merge.ts';
import { newsOf } from '../knowledge/kev-news.ts';
import { dataDirectory } from '../lib/data-directory.ts';
import { keptPath, loadKept, saveKept, type Kept } from '../knowledge/kev-store.ts';
import { judgeList } from '../knowledge/kev-update.ts';
import { advisoryAge } from '../model/advisory.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { loopbackOrigin } from '../observe/shodan/loopback-origin.ts';
import { ExitCode } from './exit-code.ts';
import { daysOld, mergeLines, newsLines, type KbInput } from './kb-status.ts';

/**
 * `sekisho kb update`: takes over a newer list of known-exploited vulnerabilities, from CISA or from a file.
 *
 * @returns incomplete (30) when CISA could not be asked or did not answer with the list, like any source that fails
 * @throws AppError `usage`, `no-file` for a file that cannot be used; `write-failed`. The list in use is then untouched.
 */
export async function kbUpdateCommand(
  options: { readonly file?: string; readonly force?: boolean; readonly json?: boolean },
  input: KbInput,
): Promise<ExitCode> {
  const { shipped, environment, terminal, now } = input;
  const directory = requireDirectory(environment);
  const before = loadKept(keptPath(directory));
  const kept = before.state === 'kept' ? before.kept.list : undefined;
  const source = options.file === undefined ? await fromNetwork(environment) : await fromFile(options.file);
  if (!source.ok) {
    terminal.say(`${source.reason}. ${stillUsed(before, shipped)}\n${withoutNetwork()}`);
    return ExitCode.incomplete;
  }
  const { list, origin } = source;
  const verdict = judgeList({ list, kept, shipped, now: now() });
  if (verdict.kind === 'same') {
    terminal.say(`The list of ${list.catalogVersion} is there already: nothing to do.`);
    return report(input, options, list, 'same');
  }
  if (verdict.kind === 'refused' && !(verdict.byForce && options.force === true)) {
    const reason = `The list in ${origin} ${verdict.reason}. ${stillUsed(before, shipped)}`;
    // A cache on the way may be behind: what is kept is then the newer one, and nothing is wrong.
    if (options.file === undefined && verdict.because === 'older-than-kept') {
      terminal.say(reason);
      return report(input, options, kept ?? list, 'kept');
    }
    const insist = verdict.byForce ? ' To take it over all the same: --force.' : '';
    if (options.file !== undefined) throw new AppError('usage', `${reason}${insist}`);
    terminal.say(`${reason}${insist}`);
    return ExitCode.incomplete;
  }
  await saveKept(directory, { list, origin, savedAt: formatInstant(now()) });
  terminal.say(describeUpdate(list, shipped, keptPath(directory), now()));
  return report(input, options, list, 'updated');
}

type Source =
  | { readonly ok: true; readonly list: KevList; readonly origin: string }
  | { readonly ok: false; readonly reason: string };

async function fromNetwork(environment: NodeJS.ProcessEnv): Promise<Source> {
  const origin = loopbackOrigin('SEKISHO_KEV_ORIGIN', environment['SEKISHO_KEV_ORIGIN'], KEV_ORIGIN);
  const fetched: Fetched = await fetchKev({ origin });
  if (!fetched.ok) return { ok: false, reason: `CISA's list could not be fetched: ${fetched.reason}` };
  const read = readCatalogue(fetched.bytes);
  if (!read.ok) return { ok: false, reason: `What ${fetched.url} answers ${read.reason}` };
  return { ok: true, list: read.list, origin: fetched.url };
}

async function fromFile(file: string): Promise<Source> {
  const read = readCatalogue(await readBounded(file));
  if (read.ok) return { ok: true, list: read.list, origin: file };
  throw new AppError(
    'usage',
    `${file} ${read.reason}. Nothing was changed. Expected is the JSON form of CISA's list, as it is or packed with gzip: ${KEV_URL}`,
  );
}

async function readBounded(file: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of createReadStream(file)) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > MOST_BYTES) break;
      chunks.push(bytes);
    }
  } catch (error) {
    throw new AppError('no-file', `${file} cannot be read: ${errorText(error)}. Nothing was changed.`, {
      cause: error,
    });
  }
  if (size > MOST_BYTES)
    throw new AppError(
      'usage',
      `${file} has more than ${MOST_BYTES / 1024 / 1024} MiB, which cannot be the list. Nothing was changed.`,
    );
  return Buffer.concat(chunks);
}

function requireDirectory(environment: NodeJS.ProcessEnv): string {
  const directory = dataDirectory(environment);
  if (directory !== undefined) return directory;
  throw new AppError(
    'usage',
    'There is no folder to keep the list in: set SEKISHO_DATA to one, or HOME as usual. Nothing was changed.',
  );
}

function stillUsed(before: Kept, { advisoryData }: Knowledge): string {
  if (before.state === 'kept' && before.kept.list.released.slice(0, 10) >= advisoryData)
    return `The one of ${before.kept.list.released.slice(0, 10)} stays in use.`;
  return `The one that ships, of ${advisoryData}, stays in use.`;
}

function withoutNetwork(): string {
  return `Try again later; or without network, or behind a proxy: download ${KEV_URL} elsewhere and give it with "sekisho kb update --file FILE".`;
}

function describeUpdate(list: KevList, shipped: Knowledge, path: string, now: Date): string {
  const current = mergeKev(shipped, list);
  const age = advisoryAge(list.released.slice(0, 10), formatInstant(now));
  return [
    `Took over the known-exploited list ${list.catalogVersion}, released ${list.released}, ${list.entries.length} entries: ${path}`,
    ...(age.stale ? [`It is ${daysOld(age.days)} itself: look for a newer one.`] : []),
    ...mergeLines(shipped, current),
    ...newsLines(newsOf(list, shipped)).slice(0, 1),
    'What is new: sekisho kb status. Judge an old run by it, without a packet: sekisho assess RUN.',
  ].join('\n');
}

function report(
  { shipped, terminal }: KbInput,
  { json }: { readonly json?: boolean },
  list: KevList,
  result: 'updated' | 'same' | 'kept',
): ExitCode {
  if (json === true) {
    const { catalogVersion, released, sha256, entries } = list;
    terminal.result(
      jsonLine({
        result,
        catalogVersion,
        released,
        sha256,
        entries: entries.length,
        withoutRange: newsOf(list, shipped).entries.length,
      }),
    );
  }
  return ExitCode.nothingNew;
}
