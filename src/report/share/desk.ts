/** The folder `desk/` of a bundle: what to send and bring to a desk, made from the redacted record alone. */
import { showable } from '../../lib/hostile-text.ts';
import type { Contact } from '../../model/contacts.ts';
import { deskLetter } from '../desk-letter.ts';
import { makeDates, type Language } from '../dates.ts';
import { messagesFor, type Messages } from '../messages/index.ts';
import { deskOf } from '../view/contacts.ts';
import type { BundleFile } from './files.ts';
import { isRedacted, type SharedBundle, type SharedFinding, type SharedService } from './shared-record.ts';

const IN_LETTER = 3;
const ON_PAGE = 10;
const LANGUAGES: readonly Language[] = ['ja', 'en'];

export function deskFiles(bundle: SharedBundle, contacts: readonly Contact[]): BundleFile[] {
  return LANGUAGES.flatMap((lang) => {
    const words = wordsOf(bundle, lang);
    const file = (name: string, lines: readonly string[]): BundleFile => ({
      path: `desk/${name}_${lang}.txt`,
      content: `${lines.join('\n')}\n`,
    });
    return [
      file('mail', mailLines(words)),
      file('checklist', checklist(words)),
      file('contacts', contactLines(words, contacts)),
      // Of the addresses, which strangers do not get, it is a page about nothing.
      ...(isRedacted(bundle.tlp) ? [] : [file('one-page', onePage(words))]),
    ];
  });
}

interface Words {
  readonly bundle: SharedBundle;
  readonly m: Messages;
  readonly lang: Language;
  readonly day: (at: string) => string;
  /** Findings that cannot wait, most urgent first. */
  readonly urgent: readonly SharedFinding[];
  readonly service: (id: string) => SharedService | undefined;
}

function wordsOf(bundle: SharedBundle, lang: Language): Words {
  const dates = makeDates(bundle.timezone ?? 'UTC', lang, bundle.looked.to);
  const services = new Map(bundle.services.map((service) => [service.id, service]));
  return {
    bundle,
    lang,
    m: messagesFor(lang),
    // A day alone is a day of no zone: read in one, it could become the day before.
    day: (at) => (/^\d{4}-\d\d-\d\d$/.test(at) ? at : dates.numeric(at)),
    urgent: bundle.findings
      .filter(({ priority, verdict }) => verdict === 'found' && (priority === 'P1' || priority === 'P2'))
      .toSorted((a, b) => (a.priority === b.priority ? 0 : a.priority < b.priority ? -1 : 1)),
    service: (id) => services.get(id),
  };
}

function mailLines({ bundle, m, lang, day, urgent, service }: Words): string[] {
  const shown = urgent.slice(0, IN_LETTER);
  const others = bundle.toldOthers > 0 ? [m.desk.bundle.others(bundle.toldOthers)] : [];
  const { subject, lines } = deskLetter(m, {
    organisation: showable(bundle.sender.names?.[lang] ?? '', 60),
    seen: shown.map((finding) => `${whatText(finding, service(finding.service), m)}${m.stop}`),
    none: m.desk.bundle.seenNone,
    more: urgent.length - shown.length,
    since: shown
      .filter(({ reopened }) => !reopened)
      .map(({ id, firstSeen }) => ({ id: showable(id, 20), date: day(firstSeen) })),
    checked: day(bundle.looked.from),
    vantage: '',
    unknownVersions: urgent.filter(({ missing }) => missing.includes('version')).length,
    told: [
      ...bundle.told.map(({ who, on }) => {
        const name = showable(who[lang], 60);
        return on === undefined ? name : m.withNote(name, day(on));
      }),
      ...others,
    ],
    tlp: bundle.tlp,
    // Unsaid, the mark holds.
    passingOn: bundle.passingOn ?? (isRedacted(bundle.tlp) ? 'yes' : 'ask'),
  });
  const body = lines.flatMap(({ text, items }) => [text, ...items.map((item) => `  - ${item}`)]);
  return [
    m.label(m.desk.letter.subjectLabel, subject),
    '',
    ...body,
    '',
    m.desk.letterNote,
    ...(isRedacted(bundle.tlp) ? [m.share.readme.fillElsewhere] : []),
  ];
}

/** "B-07 RDP (203.0.113.10:3389/tcp): anyone can reach it"; the place is a label where the mark hides it. */
function whatText(finding: SharedFinding, service: SharedService | undefined, m: Messages): string {
  const id = showable(finding.id, 20);
  if (service === undefined) return id;
  const thing = showable(service.product?.name ?? service.protocol.toUpperCase(), 80);
  return `${id} ${m.label(m.withNote(thing, placeOf(service)), m.ids.reach[finding.reach])}`;
}

function placeOf({ id, identity, port, transport }: SharedService): string {
  if (identity === undefined) return id;
  const host = identity.address.includes(':') ? `[${identity.address}]` : identity.address;
  return showable(`${host}:${port}/${transport}`, 80);
}

/** The list of section 13, with a mark at what the bundle holds already. */
function checklist({ bundle, m }: Words): string[] {
  const say = m.desk.bundle;
  const held: readonly (string | undefined)[] = [
    isRedacted(bundle.tlp) ? undefined : 'desk/one-page_*.txt',
    bundle.services.length > 0 ? 'bundle.json' : undefined,
    bundle.services.some(({ open }) => open !== undefined) ? 'bundle.json' : undefined,
    // Evidence of the check is no record of a device.
    undefined,
    undefined,
    undefined,
    bundle.told.length > 0 ? 'README_*.txt' : undefined,
    'README_*.txt',
  ];
  return [
    m.desk.bring.title,
    m.desk.bring.note,
    say.checked,
    '',
    ...m.desk.bring.items.map(({ what, where }, index) => {
      const file = held[index];
      const at = file === undefined ? say.bring(where) : say.inBundle(file);
      return `${file === undefined ? '[ ]' : '[x]'} ${index + 1}. ${m.withNote(what, at)}`;
    }),
    '',
    say.evidenceOnly,
  ];
}

function contactLines({ bundle, m, lang }: Words, contacts: readonly Contact[]): string[] {
  const say = m.desk.desks;
  const dates = makeDates('UTC', lang, bundle.looked.to);
  if (contacts.length === 0) return [m.desk.none];
  return [
    say.title,
    m.desk.lead,
    '',
    ...m.desk.order.map((step, index) => `${index + 1}. ${step}`),
    m.desk.unsure,
    ...contacts.flatMap((contact) => {
      const { who, desk, does, how, verified } = deskOf({ m, lang, dates }, contact, contacts);
      return [
        '',
        `[ ] ${m.withNote(who, desk)}`,
        ...[...does, ...how].map((line) => `    ${line}`),
        `    ${m.label(say.verified, verified.join(m.listSeparator))}`,
      ];
    }),
  ];
}

function onePage(words: Words): string[] {
  const { bundle, m, lang, day, service } = words;
  const say = m.desk.bundle;
  const { names, label } = bundle.sender;
  const findings = bundle.findings.slice(0, ON_PAGE);
  const more = bundle.findings.length - findings.length;
  return [
    m.title,
    m.label('TLP', bundle.tlp),
    m.label(say.sender, showable(names?.[lang] ?? label ?? m.unknown, 80)),
    m.label(say.looked, day(bundle.looked.from)),
    m.label(say.counts, countsText(words)),
    '',
    ...(findings.length === 0 ? [say.nothing] : []),
    ...findings.flatMap((finding) => [
      `${finding.priority} ${m.ids.priority[finding.priority]}  ${whatText(finding, service(finding.service), m)}`,
      `    ${[m.ids.trace[finding.trace], m.label(m.finding.certainty, m.ids.certainty[finding.certainty]), m.label(say.firstSeen, day(finding.firstSeen))].join(m.listSeparator)}`,
      ...finding.exploited
        .slice(0, IN_LETTER)
        .map(({ cve, grade }) => `    ${m.withNote(cve, m.ids.grade[grade])}`),
    ]),
    ...(more > 0 ? [say.more(more)] : []),
    '',
    m.today.notClean,
    m.limits.lead,
  ];
}

function countsText({ bundle, m }: Words): string {
  return (['P1', 'P2', 'P3', 'P4'] as const)
    .map((priority) => {
      const count = bundle.findings.filter((finding) => finding.priority === priority).length;
      return `${m.ids.priority[priority]} ${m.number(count)}`;
    })
    .join(m.listSeparator);
}
