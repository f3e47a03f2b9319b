import { sha256Hex } from '../../lib/hash.ts';
import { showable } from '../../lib/hostile-text.ts';
import type { Service } from '../../model/service.ts';
import type { BytesView, EvidenceView } from '../view-model.ts';
import { placeText, portText, type Context, type EvidenceRecord } from './context.ts';

/** Bytes shown of one message in the appendix, and beside the finding itself, where a phone must hold them. */
const APPENDIX_BYTES = 512;
const FINDING_BYTES = 64;
/** Beside one finding, and from one service in all. */
const PER_FINDING = 2;
const PER_SERVICE = 6;
/** Whole report: a page of 1,000 services must still open on an old phone. The journal holds everything. */
const TOTAL_BYTES = 40 * 1024;
const TOTAL_ITEMS = 200;
/** Offered as files, in all: what is kept of a message, at most 64 kB, or nothing of it. In the page a third more, as base64. */
const FILE_BYTES = 1024 * 1024;
const PER_ROW = 8;

/** Where a finding stands on the page. */
interface Place {
  readonly id: string;
  readonly anchor: string;
}

interface Taken {
  /** Evidence to print beside the finding. All of it, and more of it, stands in the appendix. */
  readonly here: readonly EvidenceView[];
  /** References of what stands in the appendix alone. */
  readonly elsewhere: readonly string[];
}

export interface EvidenceShelf {
  readonly take: (service: Service, finding: Place) => Taken;
  readonly appendix: () => readonly EvidenceView[];
  readonly omitted: () => number;
  readonly withoutFile: () => number;
}

/** Hands out evidence in the order of the findings until the report is full. */
export function makeShelf(context: Context): EvidenceShelf {
  const appendix: EvidenceView[] = [];
  const taken = new Map<string, Taken>();
  const files = makeFiles();
  let bytes = 0;
  let omitted = 0;
  const draw = (service: Service, of: Place): Taken => {
    const here: EvidenceView[] = [];
    const elsewhere: string[] = [];
    const records = recordsOf(context, service);
    omitted += Math.max(0, records.length - PER_SERVICE);
    for (const record of records.slice(0, PER_SERVICE)) {
      const sent = Buffer.from(record.evidence.sent, 'base64');
      const received = Buffer.from(record.evidence.received, 'base64');
      const cost = Math.min(sent.length, APPENDIX_BYTES) + Math.min(received.length, APPENDIX_BYTES);
      if (bytes + cost > TOTAL_BYTES || appendix.length >= TOTAL_ITEMS) {
        omitted += 1;
        continue;
      }
      bytes += cost;
      const reference = `E-${appendix.length + 1}`;
      const beside = here.length < PER_FINDING;
      const drawn = { service, record, sent, received, reference, of, beside };
      if (beside) here.push(evidenceView(context, { ...drawn, limit: FINDING_BYTES }));
      else elsewhere.push(reference);
      appendix.push(evidenceView(context, { ...drawn, limit: APPENDIX_BYTES, files }));
    }
    return { here, elsewhere };
  };
  return {
    take: (service, of) => {
      const known = taken.get(service.key) ?? draw(service, of);
      taken.set(service.key, known);
      return known;
    },
    appendix: () => appendix,
    omitted: () => omitted,
    withoutFile: files.refused,
  };
}

interface Files {
  /** The bytes as a file, or undefined when there is no room left for them. */
  readonly take: (name: string, bytes: Buffer) => BytesView['file'];
  readonly refused: () => number;
}

function makeFiles(): Files {
  let total = 0;
  let refused = 0;
  return {
    take: (name, bytes) => {
      if (bytes.length === 0) return undefined;
      if (total + bytes.length > FILE_BYTES) {
        refused += 1;
        return undefined;
      }
      total += bytes.length;
      return { name, base64: bytes.toString('base64') };
    },
    refused: () => refused,
  };
}

function fits(sent: Buffer, received: Buffer): boolean {
  return sent.length <= FINDING_BYTES && received.length <= FINDING_BYTES;
}

/** Own probes first; the observations that told the product before the others. */
function recordsOf(context: Context, service: Service): EvidenceRecord[] {
  const ids = new Set([...(service.identity?.observations ?? []), ...service.observations]);
  const records = [...ids].flatMap((id) => context.evidence(id));
  const seen = new Set<string>();
  return records
    .filter(({ label, evidence }) => {
      const key = `${label} ${evidence.sent} ${evidence.sha256}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .toSorted((a, b) => Number(a.source !== 'probe') - Number(b.source !== 'probe'));
}

interface Drawn {
  readonly service: Service;
  readonly record: EvidenceRecord;
  readonly sent: Buffer;
  readonly received: Buffer;
  readonly reference: string;
  readonly of: Place;
  /** It stands beside its finding, too. */
  readonly beside: boolean;
  readonly limit: number;
  /** Absent: beside a finding, where no files are offered. */
  readonly files?: Files;
}

function evidenceView(context: Context, drawn: Drawn): EvidenceView {
  const { m } = context;
  const { record, sent, received, limit, reference, files } = drawn;
  const { evidence } = record;
  const at = timeText(context, record.observedAt);
  const total = Math.max(evidence.receivedBytes, received.length);
  return {
    reference,
    label: showable(record.label, 80),
    about: [placeText(drawn.service), m.ids.source[record.source], at].join(m.listSeparator),
    facts: files === undefined ? [] : factsOf(context, drawn, at),
    repeats: files !== undefined && drawn.beside && fits(sent, received),
    of: drawn.of,
    sent: bytesView(context, {
      label: m.evidence.sent(sent.length),
      none: m.evidence.nothingSent,
      bytes: sent,
      total: sent.length,
      limit,
      part: undefined,
      file: files?.take(`${reference}-sent.bin`, sent),
    }),
    received: bytesView(context, {
      label: m.evidence.received(evidence.receivedBytes),
      none: m.evidence.nothingReceived,
      bytes: received,
      total,
      limit,
      part:
        received.length === 0 || sha256Hex(received) === evidence.sha256
          ? undefined
          : m.script.part(received.length, total, showable(evidence.sha256, 64)),
      file: files?.take(`${reference}-received.bin`, received),
    }),
  };
}

function timeText({ m, dates }: Context, at: string): string {
  return m.withNote(showable(at, 40), `${dates.clock(at)} ${dates.zone}`);
}

function factsOf(context: Context, { record, service }: Drawn, at: string): EvidenceView['facts'] {
  const { m } = context;
  const { source, vantage = '' } = record;
  const name = m.ids.source[source];
  // A service on the Internet is its own vantage point.
  const from =
    vantage === '' || vantage === source ? name : `${name}${m.listSeparator}${showable(vantage, 60)}`;
  const host = service.address.includes(':') ? `[${service.address}]` : service.address;
  return [
    { term: m.finding.evidenceTime, text: at },
    { term: m.finding.evidenceVantage, text: from },
    { term: m.finding.evidenceTarget, text: showable(`${host}:${portText(service)}`, 80) },
  ];
}

interface Bytes extends Pick<BytesView, 'part' | 'file' | 'label' | 'none'> {
  readonly bytes: Buffer;
  readonly total: number;
  readonly limit: number;
}

function bytesView(context: Context, { label, none, bytes, total, limit, part, file }: Bytes): BytesView {
  const shown = bytes.subarray(0, limit);
  const left = total - shown.length;
  return {
    label,
    none,
    sha256: bytes.length === 0 ? undefined : sha256Hex(bytes),
    part,
    file,
    dump: shown.length === 0 ? undefined : hexDump(shown),
    more: shown.length > 0 && left > 0 ? context.m.evidence.more(left) : undefined,
  };
}

/** "0008  12 34 00 02 1f 08 00 02  .4......": offset, bytes, printable ASCII. Eight a row fit a phone. */
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_ROW) {
    const row = [...bytes.subarray(at, at + PER_ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : '.')).join('');
    rows.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(PER_ROW * 3 - 1)}  ${text}`);
  }
  return rows.join('\n');
}
