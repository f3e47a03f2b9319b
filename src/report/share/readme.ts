/** The cover note of a bundle. What is not known stays empty, visibly. */
import { showable } from '../../lib/hostile-text.ts';
import { makeDates, type Language } from '../dates.ts';
import { messagesFor, type Messages } from '../messages/index.ts';
import { stillPointing, type Pointer } from './pointing.ts';
import type { SharedBundle, SharedFinding, SharedService } from './shared-record.ts';

/** Findings and places in the note. */
const SHOWN = 50;
/** Of one finding, newest first; `bundle.json` has all. */
const CVES_SHOWN = 5;

/** One paragraph or list under a heading. */
interface Part {
  readonly title: string;
  readonly lines: readonly string[];
}

export function writeReadme(bundle: SharedBundle, lang: Language): string {
  const m = messagesFor(lang);
  const say = m.share.readme;
  const head = [
    say.title(bundle.id),
    m.label(`TLP:${bundle.tlp}`, m.share.tlp[bundle.tlp]),
    m.label(m.share.envelopeNames[bundle.envelope], say.envelopes[bundle.envelope]),
    '',
    say.partial,
  ];
  const parts = partsOf(bundle, m, lang).filter(({ lines }) => lines.length > 0);
  const body = parts.flatMap(({ title, lines }) => ['', `■ ${title}`, ...lines.map((line) => `  ${line}`)]);
  return `${[...head, ...body].join('\n')}\n`;
}

function partsOf(bundle: SharedBundle, m: Messages, lang: Language): Part[] {
  const { readme: say } = m.share;
  const { note, passingOn, otherParties, looked } = bundle;
  const when = whenOf(bundle, m, lang);
  return [
    { title: say.what, lines: whatLines(bundle, m) },
    { title: say.since, lines: sinceLines(bundle, m, when) },
    {
      title: say.from,
      lines: [
        looked.from === looked.to
          ? say.lookedOn(looked.from)
          : say.looked(when(looked.from), when(looked.to)),
        ...(looked.complete ? [] : [say.incomplete]),
        ...(looked.passive ? [say.passive] : []),
        ...sourceLines(bundle, m),
      ],
    },
    { title: say.missing, lines: missingLines(bundle, m) },
    { title: say.told, lines: toldLines(bundle, m, lang) },
    { title: say.pass, lines: [passingOn === undefined ? say.passingUnsaid : say.passing[passingOn]] },
    { title: say.sender, lines: senderLines(bundle, m, lang) },
    { title: say.reach, lines: [reachLine(bundle, m)] },
    {
      title: say.note,
      lines: note === undefined ? [] : note.split('\n').map((line) => showable(line, 2000)),
    },
    { title: say.others, lines: otherParties.length === 0 ? [] : [...otherParties, say.othersNote] },
    {
      title: say.pointing,
      lines: [...pointerLines(stillPointing(bundle), m).map((line) => `- ${line}`), say.pointingAsk],
    },
    { title: say.files, lines: Object.entries(say.fileNotes).map(([name, text]) => m.label(name, text)) },
    {
      title: say.limits,
      lines: [...say.limitLines, say.madeBy(showable(bundle.tool.version, 40), bundle.tool.advisoryData)],
    },
  ];
}

type When = (at: string) => string;

/** A day as it is; an instant in UTC and in the sender's own time. */
function whenOf({ timezone, looked }: SharedBundle, m: Messages, lang: Language): When {
  if (timezone === undefined) return (at) => at;
  const dates = makeDates(timezone, lang, looked.to);
  return (at) => m.withNote(showable(at, 40), dates.moment(at));
}

/** In words, for the terminal, the cover note and the report. */
export function pointerLines(pointers: readonly Pointer[], m: Messages): string[] {
  return pointers.map((pointer) => {
    const items = pointer.items.map((item) => showable(itemText(pointer, item, m), 120));
    const more = pointer.count > items.length && items.length > 0 ? '…' : '';
    return m.share.pointers[pointer.kind](pointer, `${items.join(m.listSeparator)}${more}`);
  });
}

function itemText({ kind }: Pointer, item: string, m: Messages): string {
  if (kind === 'bands')
    return { ...m.share.sectors, ...m.share.sizes, ...m.share.regions }[item as keyof Bands] ?? item;
  if (kind !== 'place-and-day') return item;
  const [country = '', network = ''] = item.split(' ');
  return m.withNote(country, m.share.network[network as SharedService['network']]);
}
type Bands = Messages['share']['sectors'] & Messages['share']['sizes'] & Messages['share']['regions'];

function whatLines({ findings, services, hosts }: SharedBundle, m: Messages): string[] {
  const { readme: say } = m.share;
  if (findings.length === 0) return [say.none];
  const byId = new Map(services.map((service) => [service.id, service]));
  return [
    say.counts(findings.length, hosts),
    ...findings.slice(0, SHOWN).flatMap((finding) => findingLines(finding, byId.get(finding.service), m)),
    ...(findings.length > SHOWN ? [say.moreFindings(findings.length - SHOWN)] : []),
  ];
}

function findingLines(finding: SharedFinding, service: SharedService | undefined, m: Messages): string[] {
  const { readme: say } = m.share;
  const mark = [m.ids.priority[finding.priority], m.ids.trace[finding.trace]].join(m.listSeparator);
  const place = service === undefined ? finding.service : placeText(service, m);
  const newest = finding.exploited.toSorted((a, b) => ((a.kevAdded ?? '') < (b.kevAdded ?? '') ? 1 : -1));
  const known = newest.slice(0, CVES_SHOWN).map(({ cve, grade, kevAdded, ransomware, fixed }) => {
    const notes = [
      m.ids.grade[grade],
      ...(kevAdded === undefined ? [] : [say.kev(kevAdded)]),
      ...(ransomware ? [say.ransomware] : []),
    ];
    const mended = fixed.length === 0 ? '' : `${m.clauseSeparator}${say.fixed(fixed.join(m.listSeparator))}`;
    return `  ${m.withNote(cve, notes.join(m.listSeparator))}${mended}`;
  });
  if (newest.length > CVES_SHOWN) known.push(`  ${say.moreCves(newest.length - CVES_SHOWN)}`);
  const use =
    finding.exploited.length === 0 ? [`  ${say.knownUse(m.ids.knownUse[finding.knownUse])}`] : known;
  return [
    `${finding.id} [${mark}] ${place}`,
    `  ${service === undefined ? '' : thingText(service, m)}${m.clauseSeparator}${say.certainty(m.ids.certainty[finding.certainty])}`,
    `  ${[m.ids.reach[finding.reach], ...(service === undefined ? [] : [say.authentication(m.ids.authentication[service.authentication.kind])])].join(m.clauseSeparator)}`,
    ...(service === undefined ? [] : factLines(service, m)),
    ...use,
    ...answerLines(finding, m),
  ];
}

/** What makes it a place to look at, beside its product and version. */
function factLines({ concerns, webRisks, campaignPaths }: SharedService, m: Messages): string[] {
  const { readme: say } = m.share;
  const facts = [
    ...concerns.map((id) => m.ids.concern[id]),
    ...webRisks
      .filter((id) => id !== 'indicator-path' && id !== 'script-engine')
      .map((id) => m.ids.webRisk[id]),
  ];
  return [
    ...(facts.length === 0 ? [] : [`  ${say.facts(facts.join(m.listSeparator))}`]),
    ...campaignPaths
      .slice(0, CVES_SHOWN)
      .map(({ method, path, status }) => `  ${say.path(method, showable(path, 120), status)}`),
  ];
}

/** Which questions are answered; what was answered is read where it can be read whole. */
function answerLines({ answer }: SharedFinding, m: Messages): string[] {
  if (answer === undefined) return [];
  const { answered, answerKeys } = m.share.readme;
  const { openedOn, mayClose, logDays, logOldest, logOffBox, controls, words } = answer;
  const has = {
    openedOn: openedOn !== undefined,
    mayClose: mayClose !== undefined,
    logs: [logDays, logOldest, logOffBox].some((one) => one !== undefined),
    controls: controls !== undefined,
    words: words.length > 0,
  };
  const keys = (['openedOn', 'mayClose', 'logs', 'controls', 'words'] as const).filter((key) => has[key]);
  return keys.length === 0 ? [] : [`  ${answered(keys.map((key) => answerKeys[key]).join(m.listSeparator))}`];
}

function placeText(service: SharedService, m: Messages): string {
  const where = [service.identity?.address, service.country, m.share.network[service.network]].filter(
    (text) => text !== undefined,
  );
  return m.withNote(service.id, where.join(m.listSeparator));
}

function thingText({ product, version, protocol }: SharedService, m: Messages): string {
  const { readme: say } = m.share;
  const name = product === undefined ? say.productUnknown : showable(product.name, 80);
  const release = version === undefined ? say.versionUnknown : showable(version.value, 60);
  return [showable(protocol, 30), name, release].join(m.listSeparator);
}

function sinceLines({ services }: SharedBundle, m: Messages, when: When): string[] {
  const { readme: say } = m.share;
  const shown = services.slice(0, SHOWN).map(({ id, open }) => {
    const text = open === undefined ? say.noDate : say.openSince(when(open.first), when(open.last));
    return m.label(id, text);
  });
  return services.length > SHOWN ? [...shown, '…'] : shown;
}

function sourceLines({ services }: SharedBundle, m: Messages): string[] {
  const sources = new Set(services.flatMap(({ seen }) => seen.map(({ source }) => m.ids.source[source])));
  return sources.size === 0 ? [] : [m.share.readme.sources([...sources].join(m.listSeparator))];
}

function missingLines({ evidence, evidenceLeftOut, services, fields }: SharedBundle, m: Messages): string[] {
  const { readme: say } = m.share;
  const reasons = evidence
    .flatMap(({ sent, received }) => [sent.reason, received.reason])
    .filter((one) => one !== undefined);
  const withheld = [...new Set(reasons)].toSorted();
  const unknown = services.filter(({ version }) => version === undefined).length;
  const dropped = fields
    .filter(({ treatment }) => treatment === 'drop')
    .map(({ field }) => m.share.fields[field]);
  return [
    ...(unknown === 0 ? [] : [say.unknownVersions(unknown)]),
    ...withheld.map((reason) =>
      say.withheldLine(reasons.filter((one) => one === reason).length, m.share.withheld[reason]),
    ),
    ...(evidenceLeftOut === 0 ? [] : [say.leftOut(evidenceLeftOut)]),
    say.dropped(dropped.join(m.clauseSeparator)),
  ];
}

function toldLines({ told, toldOthers }: SharedBundle, m: Messages, lang: Language): string[] {
  const { readme: say } = m.share;
  if (told.length === 0 && toldOthers === 0) return [say.notTold];
  const named = told.map(({ who, on }) => {
    const name = showable(who[lang], 120);
    return on === undefined ? name : m.withNote(name, on);
  });
  return [...named, ...(toldOthers === 0 ? [] : [say.toldOthers(toldOthers)])];
}

function senderLines({ sender }: SharedBundle, m: Messages, lang: Language): string[] {
  const { sectors, sizes, regions, readme } = m.share;
  const bands = [
    sender.sector === undefined ? undefined : sectors[sender.sector],
    sender.size === undefined ? undefined : sizes[sender.size],
    sender.region === undefined ? undefined : regions[sender.region],
  ].filter((text) => text !== undefined);
  const name = sender.names === undefined ? sender.label : showable(sender.names[lang], 200);
  return [name ?? readme.senderNone, ...(bands.length === 0 ? [] : [bands.join(m.listSeparator)])];
}

/** A desk may know the sender; strangers reach him through others. */
function reachLine({ sender }: SharedBundle, m: Messages): string {
  const { readme: say } = m.share;
  if (sender.contact !== undefined) return showable(sender.contact, 200);
  return sender.label === undefined ? say.reachThrough : say.reachBlank;
}
