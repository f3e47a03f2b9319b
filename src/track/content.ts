/** The content watch: what visitors of a web server's top page are given, compared with the last time it came. */
import { daysBetween } from '../lib/time.ts';
import type { Finding } from '../model/finding.ts';
import type { Service } from '../model/service.ts';
import type { Change, RegisterEntry, SeenPage } from '../model/snapshot.ts';
import type { WebPage } from '../model/web.ts';
import type { Detail } from './appearance.ts';
import { change } from './register.ts';

/** A page that has not come for so long is not compared with any more. */
const KEPT_DAYS = 400;
const MAX_PAGES = 2000;
const SHOWN_ORIGINS = 4;

/** Parts that tell of somebody else's hand: what is run in visitors' browsers, or where what they type goes. */
const TELLING = ['scripts', 'frames', 'forms', 'refresh'] as const;

export interface ContentInput {
  readonly services: readonly Service[];
  /** As the previous run kept them. */
  readonly before: readonly SeenPage[];
  /** Most urgent finding of a service. */
  readonly findingOf: (subject: string) => Finding | undefined;
  readonly entryOf: (key: string) => RegisterEntry | undefined;
  /** ISO-8601 UTC. */
  readonly now: string;
}

/** Pages to keep for the next run, and what changed since they were last seen: at most one change for each service. */
export function watchContent({ services, before, findingOf, entryOf, now }: ContentInput): {
  readonly pages: SeenPage[];
  readonly changes: Change[];
} {
  const known = new Map(before.map((one) => [one.key, one]));
  const changes: Change[] = [];
  for (const { key, page } of services) {
    if (page === undefined) continue;
    const details = pageDetails(known.get(key)?.page, page);
    known.set(key, { key, seenAt: now, page });
    const finding = findingOf(key);
    if (details.length === 0 || finding === undefined) continue;
    const kind = details.every(({ what }) => what === 'page-content') ? 'content-varied' : 'content-changed';
    changes.push(change(entryOf(finding.key) ?? asEntry(finding), kind, details));
  }
  const pages = [...known.values()]
    .filter(({ seenAt }) => daysBetween(seenAt, now) <= KEPT_DAYS)
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .slice(0, MAX_PAGES);
  return { pages, changes };
}

/** A finding that is clear is in no register; its page is watched all the same. */
function asEntry({
  key,
  subject,
  siteId,
  productId,
  priority,
  trace,
  inputs,
  firstSeen,
}: Finding): RegisterEntry {
  return {
    key,
    spokenId: '',
    subject,
    ...(siteId === undefined ? {} : { siteId }),
    ...(productId === undefined ? {} : { productId }),
    class: inputs.class,
    priority,
    trace,
    state: 'open',
    misses: 0,
    firstSeen,
    lastSeen: firstSeen,
    appearance: {},
  };
}

/** What differs between two visits. A page that was cut off once and once not cannot be compared. */
function pageDetails(before: WebPage | undefined, now: WebPage): Detail[] {
  if (before === undefined || before.truncated !== now.truncated) return [];
  const details: Detail[] = [];
  if (withoutNumbers(before.title) !== withoutNumbers(now.title))
    details.push({ what: 'page-title', from: before.title ?? '', to: now.title ?? '' });
  for (const part of TELLING) {
    const [gone, come] = [without(before[part], now[part]), without(now[part], before[part])];
    if (gone.length + come.length > 0)
      details.push({ what: `page-${part}`, from: shown(gone), to: shown(come) });
  }
  const isOther = before.stableSha256 !== now.stableSha256 || without(before.links, now.links).length > 0;
  if (details.length === 0 && isOther)
    details.push({
      what: 'page-content',
      from: before.stableSha256.slice(0, 16),
      to: now.stableSha256.slice(0, 16),
    });
  return details;
}

/** "Inbox (3)" is "Inbox (4)". */
function withoutNumbers(title: string | undefined): string | undefined {
  return title?.replaceAll(/\d+/g, '#');
}

function without(list: readonly string[], other: readonly string[]): string[] {
  return list.filter((one) => !other.includes(one));
}

function shown(origins: readonly string[]): string {
  const rest = origins.length - SHOWN_ORIGINS;
  return [...origins.slice(0, SHOWN_ORIGINS), ...(rest > 0 ? [`+${rest}`] : [])].join(' ');
}
