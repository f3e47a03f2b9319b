/** `stix.json`: the bundle as STIX 2.1 (OASIS Standard of 2021-06-10), made from the redacted record alone. */
import { parseAddress } from '../../lib/address.ts';
import { escapeUnseen, showable } from '../../lib/hostile-text.ts';
import type { BundleFile } from './files.ts';
import type { SharedBundle } from './shared-record.ts';
import { patternText, serviceObjects } from './stix/service.ts';
import { STIX_TEXTS } from './stix/texts.ts';
import { stixWriter, type StixObject, type StixWriter } from './stix/writer.ts';

/** Words of the vocabulary industry-sector-ov. */
const SECTORS: Readonly<Record<NonNullable<SharedBundle['sender']['sector']>, readonly string[]>> = {
  manufacturing: ['manufacturing'],
  'information-technology': ['technology'],
  'critical-infrastructure': ['infrastructure'],
  finance: ['financial-services'],
  'health-care': ['healthcare'],
  'education-research': ['education'],
  government: ['government'],
  'retail-services': ['retail'],
  'construction-transport': ['construction', 'transportation'],
  other: [],
};

export function stixFile(bundle: SharedBundle): BundleFile {
  const text = JSON.stringify(stixBundle(bundle), undefined, 2);
  return { path: 'stix.json', content: `${escapeUnseen(text)}\n` };
}

function stixBundle(bundle: SharedBundle): object {
  const writer = stixWriter(bundle);
  const sender = senderObject(bundle, writer);
  const facts = bundle.services.flatMap((service) =>
    serviceObjects(
      service,
      bundle.findings.filter((finding) => finding.service === service.id),
      writer,
    ),
  );
  const objects = unique([
    sender,
    ...facts,
    ...bundle.otherParties.flatMap((address) => otherParty(address, writer)),
    ...notes(bundle, sender, writer),
  ]);
  return {
    type: 'bundle',
    id: writer.idOf('bundle', bundle.id),
    objects: [writer.marking, ...objects, grouping(bundle, objects, writer)],
  };
}

/** The same product, path or weakness at several places is one object. */
function unique(objects: readonly StixObject[]): StixObject[] {
  return [...new Map(objects.map((object) => [object.id, object])).values()];
}

function senderObject({ sender }: SharedBundle, writer: StixWriter): StixObject {
  const { names, label, sector, contact } = sender;
  const sectors = sector === undefined ? [] : SECTORS[sector];
  return writer.object('identity', 'sender', {
    name: showable(names?.en ?? label ?? STIX_TEXTS.undisclosed, 120),
    identity_class: 'organization',
    ...(sectors.length === 0 ? {} : { sectors }),
    ...(contact === undefined ? {} : { contact_information: showable(contact, 300) }),
  });
}

/** Named by the sender himself, as the origin of something; it may belong to a victim whose device relays. */
function otherParty(text: string, writer: StixWriter): StixObject[] {
  const address = parseAddress(text);
  if (address === undefined) return [];
  const type = address.family === 4 ? 'ipv4-addr' : 'ipv6-addr';
  return [
    writer.object('indicator', address.text, {
      name: STIX_TEXTS.other.name(address.text),
      description: STIX_TEXTS.other.about,
      indicator_types: ['unknown'],
      pattern: `[${type}:value = '${patternText(address.text)}']`,
      pattern_type: 'stix',
      pattern_version: '2.1',
      valid_from: writer.created,
    }),
  ];
}

function notes({ note, looked }: SharedBundle, sender: StixObject, writer: StixWriter): StixObject[] {
  const gaps = [
    ...(looked.complete ? [] : [STIX_TEXTS.limits.unfinished]),
    ...(looked.passive ? [STIX_TEXTS.limits.passive] : []),
  ];
  const own =
    note === undefined
      ? []
      : [
          writer.object('note', 'sender', {
            lang: undefined,
            abstract: STIX_TEXTS.words,
            content: showable(note, 4000),
            object_refs: [sender.id],
          }),
        ];
  return [
    writer.object('note', 'limits', {
      abstract: STIX_TEXTS.limits.abstract,
      content: [...gaps, STIX_TEXTS.limits.text].join(' '),
      object_refs: [sender.id],
    }),
    ...own,
  ];
}

function grouping(bundle: SharedBundle, objects: readonly StixObject[], writer: StixWriter): StixObject {
  return writer.object('grouping', bundle.id, {
    name: STIX_TEXTS.grouping.name(bundle.id),
    description: STIX_TEXTS.grouping[bundle.envelope],
    context: bundle.findings.some(({ misuse }) => misuse) ? 'suspicious-activity' : 'unspecified',
    object_refs: objects.map(({ id }) => id),
  });
}
