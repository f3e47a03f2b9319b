import { jsonLine, showable, showableLines } from '../lib/hostile-text.ts';
import { formatInstant } from '../lib/time.ts';
import { mergeKev } from '../knowledge/kev-merge.ts';
import { newsOf, type KevNews } from '../knowledge/kev-news.ts';
import { dataDirectory } from '../lib/data-directory.ts';
import { keptPath, loadKept, type Kept } from '../knowledge/kev-store.ts';
import { advisoryAge, type AdvisoryAge } from '../model/advisory.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { ExploitedCve } from '../model/product.ts';
import { staleLine } from './scan-summary.ts';
import type { Terminal } from './terminal.ts';

const ENTRIES_SHOWN = 20;
const CVES_SHOWN = 8;

export interface KbInput {
  /** As shipped: before a list is merged into it. */
  readonly shipped: Knowledge;
  readonly environment: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly now: () => Date;
}

interface Status {
  readonly shipped: Knowledge;
  /** As it judges: with the kept list, when that is the newer one. */
  readonly current: Knowledge;
  readonly age: AdvisoryAge;
  readonly directory: string | undefined;
  readonly found: Kept;
  readonly news: KevNews | undefined;
}

/** `sekisho kb status`: which list judges, how old it is, and what it has that the product files do not know yet. */
export function kbStatusCommand(
  { json }: { readonly json?: boolean },
  { shipped, environment, terminal, now }: KbInput,
): void {
  const directory = dataDirectory(environment);
  const found: Kept = directory === undefined ? { state: 'none' } : loadKept(keptPath(directory));
  const list = found.state === 'kept' ? found.kept.list : undefined;
  const current = list === undefined ? shipped : mergeKev(shipped, list);
  const news = list === undefined || current.advisoryList === undefined ? undefined : newsOf(list, shipped);
  const age = advisoryAge(current.advisoryData, formatInstant(now()));
  const status = { shipped, current, age, directory, found, news };
  terminal.result(
    json === true ? jsonLine(statusJson(status)) : showableLines(statusLines(status).join('\n')),
  );
}

function statusJson({ shipped, current, age, directory, found, news }: Status): object {
  const kept = found.state === 'kept' ? found.kept : undefined;
  return {
    date: age.date,
    ageDays: age.days ?? null,
    stale: age.stale,
    shipped: shipped.advisoryData,
    list: current.advisoryList ?? null,
    file: directory === undefined ? null : keptPath(directory),
    state: found.state,
    origin: kept?.origin ?? null,
    savedAt: kept?.savedAt ?? null,
    changed: changedRows(shipped, current).map(({ cve }) => cve),
    withdrawn: withdrawn(shipped, current),
    withoutRange: news?.entries ?? [],
    otherOfVendor: Object.fromEntries(news?.otherOfVendor ?? []),
    others: news?.others ?? null,
  };
}

function statusLines({ shipped, current, age, directory, found, news }: Status): string[] {
  const list = current.advisoryList;
  return [
    list === undefined
      ? `Known-exploited list: as shipped, of ${shipped.advisoryData}; ${daysOld(age.days)}.`
      : `Known-exploited list: ${list.catalogVersion}, released ${list.released}, ${list.entries} entries; ${daysOld(age.days)}.`,
    ...(age.stale ? [staleLine(age)] : []),
    keptLine(found, directory, list !== undefined, shipped),
    ...(list === undefined ? [] : [...mergeLines(shipped, current), ...newsLines(news)]),
  ];
}

function keptLine(found: Kept, directory: string | undefined, inUse: boolean, shipped: Knowledge): string {
  if (directory === undefined) return 'No list can be kept: neither SEKISHO_DATA nor HOME names a folder.';
  const path = keptPath(directory);
  if (found.state === 'none') return `No newer list is kept (${path}): sekisho kb update`;
  if (found.state === 'unusable')
    return `The kept list ${path} ${found.reason}, so it is not used: run "sekisho kb update", or delete it.`;
  const { origin, savedAt, list } = found.kept;
  const from = `${path}, taken over ${savedAt} from ${origin}`;
  if (inUse) return `Kept in ${from}. Shipped: ${shipped.advisoryData}.`;
  return `The kept list is of ${list.released.slice(0, 10)}, older than the shipped one, so it is not used: ${from}`;
}

/** What the list says of the CVEs that the product files have. */
export function mergeLines(shipped: Knowledge, current: Knowledge): string[] {
  const changed = changedRows(shipped, current);
  const gone = withdrawn(shipped, current);
  const lines = [
    changed.length === 0
      ? 'The dates and ransomware flags of the product files are those of the list.'
      : `${changed.length} CVEs of the product files have another date or ransomware flag by the list: ${some(changed.map(({ cve }) => cve))}.`,
  ];
  if (gone.length > 0) lines.push(`No longer in the list: ${some(gone)}.`);
  return lines;
}

export function newsLines(news: KevNews | undefined): string[] {
  if (news === undefined) return [];
  const { entries, otherOfVendor, others } = news;
  const lines = [
    entries.length === 0
      ? 'No new entries for products that sekisho knows.'
      : `${entries.length} new ${entries.length === 1 ? 'entry' : 'entries'} for products that sekisho knows, with no range of releases yet: ${entries.length === 1 ? 'it makes' : 'they make'} no finding. Read what the maker says of it; a newer sekisho may know more.`,
    ...entries
      .slice(0, ENTRIES_SHOWN)
      .map(
        ({ cve, added, vendor, product, ransomware, productIds }) =>
          `  ${cve}  ${added}  ${showable(vendor, 60)}, ${showable(product, 80)}${ransomware ? ', ransomware' : ''}  (${productIds.join(', ')})`,
      ),
  ];
  if (entries.length > ENTRIES_SHOWN) lines.push(`  … and ${entries.length - ENTRIES_SHOWN} more: --json`);
  if (otherOfVendor.size > 0)
    lines.push(
      `New entries for other products of makers that sekisho knows: ${[...otherOfVendor].map(([vendor, count]) => `${showable(vendor, 60)} ${count}`).join(', ')}.`,
    );
  if (others > 0) lines.push(`New entries for other makers: ${others}.`);
  return lines;
}

function changedRows(shipped: Knowledge, current: Knowledge): ExploitedCve[] {
  const rows = pairs(shipped, current).filter(
    ([was, is]) => is.kev !== undefined && (was.kev !== is.kev || was.ransomware !== is.ransomware),
  );
  return once(rows.map(([, is]) => is));
}

function withdrawn(shipped: Knowledge, current: Knowledge): string[] {
  const rows = pairs(shipped, current).filter(([was, is]) => was.kev !== undefined && is.kev === undefined);
  return once(rows.map(([, is]) => is)).map(({ cve }) => cve);
}

function pairs(shipped: Knowledge, current: Knowledge): [ExploitedCve, ExploitedCve][] {
  return [...shipped.products].flatMap(([id, { exploited }]) =>
    exploited.flatMap((was, at): [ExploitedCve, ExploitedCve][] => {
      const is = current.products.get(id)?.exploited[at];
      return is === undefined ? [] : [[was, is]];
    }),
  );
}

/** Two products may share a CVE. */
function once(rows: readonly ExploitedCve[]): ExploitedCve[] {
  return [...new Map(rows.map((row) => [row.cve, row])).values()];
}

function some(cves: readonly string[]): string {
  const more = cves.length - CVES_SHOWN;
  return `${cves.slice(0, CVES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export function daysOld(days: number | undefined): string {
  if (days === undefined) return 'of unknown age';
  return `${days} ${days === 1 ? 'day' : 'days'} old`;
}
