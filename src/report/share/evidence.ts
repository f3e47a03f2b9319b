/** Exchanges of the services in a bundle: as they are for a desk, masked or withheld for strangers. */
import { sha256Hex } from '../../lib/hash.ts';
import type { Evidence, Observation } from '../../model/observation.ts';
import { maskBytes } from './mask-bytes.ts';
import type { OwnWords } from './own-words.ts';
import type { BundleFile } from './files.ts';
import type { SharedEvidence, SharedMessage } from './shared-record.ts';
import { commonProtocol, type Vocabulary } from './vocabulary.ts';

const PER_SERVICE = 12;
const IN_ALL = 400;

export interface Subject {
  /** `SharedService.id` */
  readonly id: string;
  readonly observations: readonly Observation[];
  readonly vocabulary: Vocabulary;
}

export interface SharedExchanges {
  readonly evidence: readonly SharedEvidence[];
  readonly files: readonly BundleFile[];
  readonly leftOut: number;
}

export interface EvidenceTerms {
  /** undefined: as it is. */
  readonly own: OwnWords | undefined;
  readonly moment: (at: string) => string;
}

/** Own looks first. Every message becomes a file of its own, or a reason why it is not there. */
export function shareEvidence(subjects: readonly Subject[], terms: EvidenceTerms): SharedExchanges {
  const evidence: SharedEvidence[] = [];
  const files: BundleFile[] = [];
  let leftOut = 0;
  for (const subject of subjects) {
    const records = recordsOf(subject);
    const room = Math.min(PER_SERVICE, IN_ALL - evidence.length);
    if (room <= 0) {
      leftOut += records.length;
      continue;
    }
    const made = records
      .slice(0, PER_SERVICE * 4)
      .map((one) => ({
        ...one,
        sent: message({ ...one, direction: 'sent', ...subject }, terms.own),
        received: message({ ...one, direction: 'received', ...subject }, terms.own),
      }))
      .toSorted((a, b) => Number(b.received.content !== undefined) - Number(a.received.content !== undefined))
      .slice(0, room);
    leftOut += records.length - made.length;
    for (const { observation, exchange, sent, received } of made) {
      const number = `${evidence.length + 1}`.padStart(4, '0');
      const filed = (direction: string, { message: told, content }: MadeMessage): SharedMessage => {
        if (content === undefined) return told;
        const path = `evidence/${number}-${direction}.${terms.own === undefined ? 'bin' : 'txt'}`;
        files.push({ path, content });
        return { ...told, file: path, sha256: sha256Hex(content) };
      };
      evidence.push({
        id: `E-${number}`,
        service: subject.id,
        what: whatOf(exchange.label, subject.vocabulary, terms.own),
        source: observation.source,
        at: terms.moment(observation.observedAt),
        sent: filed('sent', sent),
        received: filed('received', received),
      });
    }
  }
  return { evidence, files, leftOut };
}

interface Exchange {
  readonly observation: Observation;
  readonly exchange: Evidence;
}

function recordsOf({ observations }: Subject): Exchange[] {
  const seen = new Set<string>();
  return observations
    .toSorted((a, b) => Number(a.source !== 'probe') - Number(b.source !== 'probe'))
    .flatMap((observation) => observation.evidence.map((exchange) => ({ observation, exchange })))
    .filter(({ exchange: { label, sent, sha256 } }) => {
      const key = `${label}\n${sent}\n${sha256}`;
      return seen.has(key) ? false : seen.add(key);
    });
}

function whatOf(label: string, vocabulary: Vocabulary, own: OwnWords | undefined): string {
  if (own === undefined) return label;
  const [, first = '', method = ''] =
    /^(\S+)( (?:GET|HEAD|OPTIONS|hello|negotiation|greeting|handshake|key exchange))?/.exec(label) ?? [];
  const kind = commonProtocol(first);
  if (kind === 'other' || own.has(`${kind}${method}`)) return 'exchange';
  // What follows a method is a path of theirs.
  const rest = Buffer.from(label.slice(first.length + method.length));
  return `${kind}${method}${maskBytes(rest, { ...vocabulary, head: vocabulary.product }, own)?.text ?? ''}`;
}

interface Direction extends Exchange {
  readonly direction: 'sent' | 'received';
  readonly vocabulary: Vocabulary;
}

interface MadeMessage {
  readonly message: SharedMessage;
  readonly content?: string | Uint8Array;
}

function message(
  { observation, exchange, direction, vocabulary }: Direction,
  own: OwnWords | undefined,
): MadeMessage {
  const bytes = Buffer.from(exchange[direction], 'base64');
  if (bytes.length === 0) return { message: { state: 'none' } };
  if (own === undefined) {
    const cut = direction === 'received' && exchange.truncated ? { cut: true as const } : {};
    const whole = direction === 'received' ? { originalSha256: exchange.sha256 } : {};
    return { message: { state: 'as-is', ...cut, ...whole }, content: bytes };
  }
  const withheld = (reason: NonNullable<SharedMessage['reason']>): MadeMessage => ({
    message: { state: 'withheld', reason },
  });
  if (observation.source !== 'probe') return withheld('third-party-record');
  if (isTls(bytes)) return withheld('encrypted-handshake');
  if (holdsCertificate(bytes)) return withheld('certificate');
  const masked = maskBytes(bytes, vocabulary, own);
  if (masked === undefined) return withheld(isMostlyText(bytes) ? 'nothing-left' : 'not-text');
  const { text, masked: ranges, cut } = masked;
  return {
    message: {
      state: 'masked',
      masked: ranges.map(([from, length]) => [from, length]),
      ...(cut || (direction === 'received' && exchange.truncated) ? { cut: true as const } : {}),
    },
    content: text,
  };
}

/** A record of TLS or SSL 3: handshake, alert, data. Its hello carries the server name, its answer the certificate. */
function isTls(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >= 0x14 && (bytes[0] ?? 0) <= 0x17 && bytes[1] === 3;
}

/** A long SEQUENCE of DER within a SEQUENCE, as every certificate begins, or its text form. */
function holdsCertificate(bytes: Buffer): boolean {
  if (bytes.includes('-----BEGIN')) return true;
  for (let at = bytes.indexOf(0x30); at >= 0 && at < bytes.length - 4; at = bytes.indexOf(0x30, at + 1))
    if (bytes[at + 1] === 0x82 && bytes[at + 4] === 0x30) return true;
  return false;
}

function isMostlyText(bytes: Uint8Array): boolean {
  return !bytes
    .subarray(0, 64)
    .some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}
