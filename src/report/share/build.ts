/**
 * Run + key → what is shared. Everything is built anew, field by field, from values that are listed, numbered, or known to everybody:
 * nothing is copied and then taken away, so a field that a later version adds to the snapshot stays at home until somebody lets it out.
 */
import type { Answers } from '../../model/answers.ts';
import type { Contact } from '../../model/contacts.ts';
import type { Finding } from '../../model/finding.ts';
import type { Knowledge } from '../../model/knowledge.ts';
import type { Observation } from '../../model/observation.ts';
import type { Product } from '../../model/product.ts';
import type { Service } from '../../model/service.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { shareEvidence, type Subject } from './evidence.ts';
import { SHARE_FIELDS, treatmentOf, type ShareField, type Terms, type Treatment } from './fields.ts';
import type { BundleFile } from './files.ts';
import { maskNote } from './mask-note.ts';
import { ownText } from './own-text.ts';
import { ownWords, type OwnWords } from './own-words.ts';
import { pseudonymiser, type Pseudonymiser } from './pseudonym.ts';
import { shareFinding } from './share-finding.ts';
import { shareService } from './share-service.ts';
import { isRedacted, SHARE_SCHEMA, type Envelope, type SharedBundle, type TlpMark } from './shared-record.ts';
import { shareTold } from './told.ts';
import { famousWords, publicWords, vocabularyOf } from './vocabulary.ts';

/** Knowledge as it is published: without the product files of the installation, whose words may name the organisation. */
export type Published = Pick<Knowledge, 'products' | 'indicatorPaths' | 'contacts'>;

export interface ShareOptions {
  readonly envelope: Envelope;
  readonly tlp: TlpMark;
  /** AMBER: the organisation agrees to be named. */
  readonly named: boolean;
  /** Spoken ids; undefined: every finding that names a fault. */
  readonly findings: readonly string[] | undefined;
  readonly evidence: boolean;
  /** Addresses of others, canonical. */
  readonly keepAddresses: readonly string[];
  readonly sender: Pick<SharedBundle['sender'], 'sector' | 'size' | 'region' | 'contact'>;
  readonly passingOn: SharedBundle['passingOn'];
  readonly note: string | undefined;
}

export interface ShareInput {
  readonly snapshot: Snapshot;
  readonly observations: readonly Observation[];
  readonly answers: Answers;
  readonly published: Published;
  /** 32 bytes, hex. */
  readonly key: string;
  readonly options: ShareOptions;
}

export interface BuiltBundle {
  readonly bundle: SharedBundle;
  readonly evidence: readonly BundleFile[];
  /** What was masked in the sender's own words; for his eyes only. */
  readonly flagged: readonly string[];
  /** Words that no stranger may read. Empty for a desk. */
  readonly own: OwnWords;
  /** Words, lower case, that may be read in it whoever sends it. */
  readonly isPublic: (word: string) => boolean;
  /** Desks, as published. */
  readonly contacts: readonly Contact[];
}

/** What every part of the bundle asks. */
export interface Sharing {
  readonly snapshot: Snapshot;
  readonly published: Published;
  readonly answers: Answers;
  readonly own: OwnWords;
  readonly treat: (field: ShareField) => Treatment;
  /** A day for strangers. */
  readonly moment: (at: string) => string;
  readonly hostOf: (address: string) => string;
}

export function buildBundle(input: ShareInput): BuiltBundle {
  const { snapshot, observations, answers, published, options } = input;
  const pseudonyms = pseudonymiser(input.key);
  const terms: Terms = {
    circle: isRedacted(options.tlp) ? 'strangers' : 'desk',
    victim: options.envelope === 'victim',
    named: options.named,
  };
  const treat = (field: ShareField): Treatment => treatmentOf(field, terms);
  const own = ownWords(
    ownText({ snapshot, observations, answers }),
    famousWords(published.products.values()),
  );
  const findings = chosen(snapshot, options.findings);
  const services = subjects(snapshot, findings);
  const labels = pseudonyms.all(
    'HOST',
    services.map(({ address }) => address),
  );
  const sharing: Sharing = {
    snapshot,
    published,
    answers,
    own,
    treat,
    moment: treat('times') === 'keep' ? (at) => at : dayOf,
    hostOf: (address) => labels.get(address) ?? pseudonyms.one('HOST', address),
  };
  const shared = services.map((service) => ({ service, shared: shareService(service, sharing) }));
  const idOf = new Map(shared.map(({ service, shared: { id } }) => [service.key, id]));
  const exchanges = shareEvidence(
    options.evidence ? shared.map((one) => subjectOf(one.service, one.shared.id, input)) : [],
    { own: treat('bytes') === 'keep' ? undefined : own, moment: sharing.moment },
  );
  const note = noteOf(options, own, treat('note'));
  return {
    own,
    isPublic: publicWords(
      published.products.values(),
      services.flatMap((service) => productsOf(service, published)),
    ),
    contacts: published.contacts ?? [],
    flagged: note.flagged,
    evidence: exchanges.files,
    bundle: {
      schema: SHARE_SCHEMA,
      id: pseudonyms.one('BUNDLE', snapshot.runId),
      envelope: options.envelope,
      tlp: options.tlp,
      sender: senderOf(input, treat, pseudonyms),
      tool: {
        name: 'sekisho',
        version: plainText(snapshot.tool.version, own),
        advisoryData: dayOf(snapshot.tool.advisoryData),
      },
      looked: {
        from: sharing.moment(snapshot.startedAt),
        to: sharing.moment(snapshot.endedAt),
        complete: snapshot.complete,
        passive: snapshot.passive,
      },
      ...(treat('times') === 'keep' ? { timezone: snapshot.timezone } : {}),
      hosts: new Set(services.map(({ address }) => address)).size,
      services: shared.map((one) => one.shared),
      findings: findings.flatMap((finding) => {
        const service = idOf.get(finding.subject);
        return service === undefined ? [] : [shareFinding(finding, service, sharing)];
      }),
      evidence: [...exchanges.evidence],
      evidenceLeftOut: exchanges.leftOut,
      otherParties: [...new Set(options.keepAddresses)].toSorted(),
      ...shareTold(sharing),
      ...(options.passingOn === undefined ? {} : { passingOn: options.passingOn }),
      ...(note.text === undefined ? {} : { note: note.text }),
      fields: SHARE_FIELDS.map((field) => ({ field, treatment: treat(field) })),
    },
  };
}

function chosen({ findings }: Snapshot, ids: readonly string[] | undefined): Finding[] {
  const all =
    ids === undefined
      ? findings.filter(({ verdict }) => verdict === 'found')
      : findings.filter(({ spokenId }) => ids.includes(spokenId));
  return all.toSorted((a, b) => (`${a.priority}${a.spokenId}` < `${b.priority}${b.spokenId}` ? -1 : 1));
}

function subjects({ services }: Snapshot, findings: readonly Finding[]): Service[] {
  const byKey = new Map(services.map((service) => [service.key, service]));
  const keys = [...new Set(findings.map(({ subject }) => subject))];
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/** Observations that told the product come first: there may not be room for all. */
function subjectOf(service: Service, id: string, { observations, published }: ShareInput): Subject {
  const ids = new Set([...(service.identity?.observations ?? []), ...service.observations]);
  const byId = new Map(observations.map((one) => [one.id, one]));
  return {
    id,
    observations: [...ids].flatMap((one) => byId.get(one) ?? []),
    vocabulary: vocabularyOf(productsOf(service, published)),
  };
}

function productsOf({ identity, candidates }: Service, { products }: Published): Product[] {
  return [identity, ...candidates].flatMap(
    (one) => (one === undefined ? undefined : products.get(one.productId)) ?? [],
  );
}

function senderOf(
  { snapshot, options }: ShareInput,
  treat: Sharing['treat'],
  pseudonyms: Pseudonymiser,
): SharedBundle['sender'] {
  const { sector, size, region, contact } = options.sender;
  const treatment = treat('organisation');
  return {
    ...(treatment === 'drop' ? {} : { label: pseudonyms.one('ORG', snapshot.organisation.id) }),
    ...(treatment === 'keep'
      ? { names: { ja: snapshot.organisation.ja, en: snapshot.organisation.en } }
      : {}),
    ...(treatment === 'drop' || contact === undefined ? {} : { contact }),
    ...(sector === undefined ? {} : { sector }),
    ...(size === undefined ? {} : { size }),
    ...(region === undefined ? {} : { region }),
  };
}

function noteOf(
  { note, keepAddresses }: ShareOptions,
  own: OwnWords,
  treatment: Treatment,
): { readonly text: string | undefined; readonly flagged: readonly string[] } {
  if (note === undefined || note.trim() === '' || treatment === 'drop')
    return { text: undefined, flagged: [] };
  if (treatment === 'keep') return { text: note, flagged: [] };
  return maskNote(note, own, new Set(keepAddresses));
}

const DAY = /^\d{4}-[01]\d-[0-3]\d/;

/** UTC. Anything that is no date says nothing. */
function dayOf(at: string): string {
  return DAY.exec(at)?.[0] ?? '';
}

function plainText(text: string, own: OwnWords): string {
  return /^[\w.+-]{1,30}$/.test(text) && !own.has(text) ? text : '';
}
