/** Parts 2, 5, 6, 9 and 10 of a finding: reading, records, logs, questions, times. */
import { showable } from '../../lib/hostile-text.ts';
import { CRAWLERS, reachedSightings } from '../../model/corroboration.ts';
import type { Exploited, Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import type { Block } from '../view-model.ts';
import { joined, type Context } from './context.ts';
import { exposureBlocks, isBounded } from './exposure.ts';
import { logPeriod } from './numbers.ts';
import { datesText, heaviestFirst, sourceName } from './sources.ts';

const CVES_SHOWN = 5;
const REPORTS_SHOWN = 3;
const GUIDES_SHOWN = 4;

export function whyBlocks(context: Context, finding: Finding, service: Service): Block[] {
  const { m, lang } = context;
  const advice = context.knowledge.advice.get(service.class);
  const blocks: Block[] = [];
  if (advice !== undefined) blocks.push({ kind: 'text', text: advice.why[lang] });
  if (finding.exploited.length > 0) {
    const items = finding.exploited.slice(0, CVES_SHOWN).map((one) => exploitedText(context, one));
    if (finding.exploited.length > CVES_SHOWN) {
      items.push(m.finding.exploitedMore(finding.exploited.length - CVES_SHOWN));
    }
    blocks.push({ kind: 'text', text: m.finding.exploitedLead }, { kind: 'list', style: 'bullets', items });
    if (finding.exploited.slice(0, CVES_SHOWN).some(({ usedBy }) => usedBy !== undefined))
      blocks.push({ kind: 'text', text: m.finding.usedByNote, small: true });
  }
  blocks.push(...listedBlocks(context, finding), ...guideBlocks(context, finding));
  const more: string[] = [];
  if (finding.inputs.support === 'ended') more.push(m.finding.supportEnded);
  if (service.sightings.some(({ source }) => CRAWLERS.includes(source))) more.push(m.finding.publicToo);
  if (finding.inputs.misuse) more.push(m.today.visible);
  if (more.length > 0) blocks.push({ kind: 'text', text: m.lines(more) });
  return blocks;
}

/** What a public record names beyond what the product files know: a hint to look up. */
function listedBlocks(context: Context, { listed = [] }: Finding): Block[] {
  const { m, dates } = context;
  if (listed.length === 0) return [];
  const items = listed.map(({ cve, kevAdded }) => m.withNote(showable(cve, 30), dates.numeric(kevAdded)));
  return [{ kind: 'text', text: m.finding.listed(joined(context, items, CVES_SHOWN)), small: true }];
}

function guideBlocks(context: Context, { guides = [], trace }: Finding): Block[] {
  const { m, dates, lang } = context;
  if (guides.length === 0) return [];
  const items = guides.slice(0, GUIDES_SHOWN).map((guide) =>
    m.finding.guide({
      name: showable(guide[lang], 160),
      publisher: showable(guide.publisher, 80),
      date: guide.date === undefined ? '' : dates.numeric(guide.date),
      url: showable(guide.url, 300),
    }),
  );
  return [
    { kind: 'text', text: m.finding.guidesLead },
    { kind: 'list', style: 'bullets', items },
    ...(trace === 'T0' ? [] : [{ kind: 'text' as const, text: m.finding.guidesFirst, small: true }]),
  ];
}

function exploitedText(context: Context, one: Exploited): string {
  return context.m.lines([weaknessText(context, one), ...usedByTexts(context, one)]);
}

/** As the sources word it, and with the source: this report says of nobody that they did anything. */
function usedByTexts({ m }: Context, { usedBy = [] }: Exploited): string[] {
  const shown = usedBy.slice(0, REPORTS_SHOWN).map(({ who, date, source }) =>
    // A day, or only a month: what is known, and no day made of it.
    m.finding.usedBy({ who: showable(who, 160), date: showable(date, 10), source: showable(source, 160) }),
  );
  return usedBy.length > REPORTS_SHOWN
    ? [...shown, m.finding.usedByMore(usedBy.length - REPORTS_SHOWN)]
    : shown;
}

function weaknessText(context: Context, one: Exploited): string {
  const { m, dates } = context;
  return m.finding.exploited({
    cve: showable(one.cve, 30),
    grade: m.ids.grade[one.grade],
    date: one.kevAdded === undefined ? '' : dates.full(one.kevAdded),
    ransomware: one.ransomware,
    fixed: one.fixed
      .slice(0, 8)
      .map((version) => showable(version, 40))
      .join(m.listSeparator),
    unchecked: one.source !== 'cna-record' && one.source !== 'vendor',
  });
}

export function preserveBlocks(context: Context, finding: Finding, service: Service): Block[] {
  const { m, lang, knowledge } = context;
  if (finding.trace === 'T0') return [{ kind: 'text', text: m.finding.nothingSpecial }];
  const common = finding.trace === 'T2' ? knowledge.commonAdvice['record-order'].slice(0, 2) : [];
  const own = knowledge.advice.get(service.class)?.preserve ?? [];
  const items = [...common, ...own].map((text) => text[lang]);
  const list: Block[] = items.length === 0 ? [] : [{ kind: 'list', style: 'boxes', items }];
  return [
    { kind: 'text', text: m.finding.volatile, small: true },
    ...list,
    { kind: 'text', text: m.today.restart, small: true },
  ];
}

export function logBlocks(context: Context, finding: Finding, service: Service): Block[] {
  const { m, dates, lang } = context;
  const checks = context.knowledge.advice.get(service.class)?.['log-checks'] ?? [];
  if (checks.length === 0) return [];
  const { from, to } = logPeriod(finding, service);
  const period = m.finding.period(dates.full(from), dates.full(to));
  return [
    { kind: 'text', text: period },
    {
      kind: 'table',
      code: true,
      head: [m.finding.log, m.finding.look],
      rows: checks.map((check) => [lang === 'ja' ? (check['log-ja'] ?? check.log) : check.log, check[lang]]),
    },
  ];
}

export function askBlocks(context: Context, finding: Finding): Block[] {
  const { m, snapshot } = context;
  const say = m.finding;
  const site = snapshot.sites.find(({ id }) => id === finding.siteId);
  const items = [{ term: say.askAdmin, text: say.askAdminText }];
  const remote = site?.kind === 'overseas' || site?.kind === 'affiliate';
  const contact = site?.contact === undefined ? [] : [say.contact(showable(site.contact, 100))];
  if (remote || contact.length > 0)
    items.push({ term: say.askSite, text: m.lines([say.askSiteText, ...contact]) });
  const { maintainer } = snapshot;
  const firm =
    maintainer === undefined
      ? []
      : [`${showable(`${maintainer.name} ${maintainer.phone ?? ''}`, 100)}${m.stop}`];
  items.push({ term: say.askMaintainer, text: m.lines([say.askMaintainerText, ...firm]) });
  if (finding.productId !== undefined) items.push({ term: say.askSeller, text: say.askSellerText });
  if (finding.trace !== 'T0') items.push({ term: say.askIsp, text: say.askIspText });
  return [{ kind: 'pairs', items }];
}

export function sinceBlocks(context: Context, finding: Finding, service: Service): Block[] {
  const { m, dates, snapshot } = context;
  const say = m.finding;
  const { from } = logPeriod(finding, service);
  const days = dates.daysBetween(from, snapshot.endedAt) ?? 0;
  const items = [{ term: say.firstSeen, text: m.withNote(dates.full(from), say.daysOpen(days)) }];
  for (const one of heaviestFirst(reachedSightings(service)).slice(0, 6)) {
    const [first, last] = [dates.full(one.first), dates.full(one.last)];
    items.push({ term: say.seenBy(sourceName(m, one)), text: datesText(m, one, first, last) });
  }
  const entry = snapshot.register.find(({ key }) => key === finding.key);
  if (entry?.reopenedAt !== undefined) {
    items.push({ term: say.reopenedAt, text: dates.full(entry.reopenedAt) });
  }
  for (const { cve, kevAdded } of finding.exploited.slice(0, CVES_SHOWN)) {
    if (kevAdded !== undefined)
      items.push({ term: say.notice(showable(cve, 30)), text: dates.full(kevAdded) });
  }
  return [
    ...exposureBlocks(context, service),
    { kind: 'pairs', items },
    ...(isBounded(service) ? [] : [{ kind: 'text' as const, text: say.firstNote, small: true }]),
  ];
}
