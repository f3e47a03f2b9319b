import { sha256Hex } from '../../lib/hash.ts';
import { showable } from '../../lib/hostile-text.ts';
import type { Service } from '../../model/service.ts';
import type { BytesView, EvidenceView } from '../view-model.ts';
import { placeText, type Context, type EvidenceRecord } from './context.ts';

/** Bytes shown of one message in the appendix, and beside the finding itself, where a phone must hold them. */
const APPENDIX_BYTES = 512;
const FINDING_BYTES = 64;
/** Beside one finding, and from one service in all. */
const PER_FINDING = 2;
const PER_SERVICE = 6;
/** Whole report: a page of 1,000 services must still open on an old phone. The journal holds everything. */
const TOTAL_BYTES = 48 * 1024;
const TOTAL_ITEMS = 200;
const PER_ROW = 8;

export interface EvidenceShelf {
  /** Evidence to print beside the finding, and the references of what stands in the appendix. */
  readonly take: (service: Service) => {
    readonly here: readonly EvidenceView[];
    readonly elsewhere: readonly string[];
  };
  readonly appendix: () => readonly EvidenceView[];
  readonly omitted: () => number;
}

/** Hands out evidence in the order of the findings until the report is full. */
export function makeShelf(context: Context): EvidenceShelf {
  const appendix: EvidenceView[] = [];
  let numbered = 0;
  let bytes = 0;
  let omitted = 0;
  return {
    take: (service) => {
      const here: EvidenceView[] = [];
      const elsewhere: string[] = [];
      const records = recordsOf(context, service);
      omitted += Math.max(0, records.length - PER_SERVICE);
      for (const record of records.slice(0, PER_SERVICE)) {
        const sent = Buffer.from(record.evidence.sent, 'base64');
        const received = Buffer.from(record.evidence.received, 'base64');
        const cost = Math.min(sent.length, APPENDIX_BYTES) + Math.min(received.length, APPENDIX_BYTES);
        if (bytes + cost > TOTAL_BYTES || numbered >= TOTAL_ITEMS) {
          omitted += 1;
          continue;
        }
        bytes += cost;
        numbered += 1;
        const draw = (limit: number): EvidenceView =>
          evidenceView(context, { service, record, sent, received, reference: `E-${numbered}`, limit });
        if (here.length < PER_FINDING) here.push(draw(FINDING_BYTES));
        else elsewhere.push(`E-${numbered}`);
        const whole = here.length > 0 && elsewhere.at(-1) !== `E-${numbered}` && fits(sent, received);
        if (whole) continue;
        if (elsewhere.at(-1) !== `E-${numbered}`) elsewhere.push(`E-${numbered}`);
        appendix.push(draw(APPENDIX_BYTES));
      }
      return { here, elsewhere };
    },
    appendix: () => appendix,
    omitted: () => omitted,
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
  readonly limit: number;
}

function evidenceView(context: Context, drawn: Drawn): EvidenceView {
  const { m, dates } = context;
  const { record, sent, received, limit } = drawn;
  const { evidence } = record;
  const local = `${dates.clock(record.observedAt)} ${dates.zone}`;
  const at = m.withNote(showable(record.observedAt, 40), local);
  return {
    reference: drawn.reference,
    label: showable(record.label, 80),
    about: [placeText(drawn.service), m.ids.source[record.source], at].join(m.listSeparator),
    sent: bytesView(context, {
      label: m.evidence.sent(sent.length),
      none: m.evidence.nothingSent,
      bytes: sent,
      total: sent.length,
      limit,
      sha256: sent.length === 0 ? undefined : sha256Hex(sent),
    }),
    received: bytesView(context, {
      label: m.evidence.received(evidence.receivedBytes),
      none: m.evidence.nothingReceived,
      bytes: received,
      total: Math.max(evidence.receivedBytes, received.length),
      limit,
      sha256: received.length === 0 ? undefined : showable(evidence.sha256, 64),
    }),
  };
}

interface Bytes {
  readonly label: string;
  readonly none: string;
  readonly bytes: Buffer;
  readonly total: number;
  readonly limit: number;
  readonly sha256: string | undefined;
}

function bytesView(context: Context, { label, none, bytes, total, limit, sha256 }: Bytes): BytesView {
  const shown = bytes.subarray(0, limit);
  const left = total - shown.length;
  return {
    label,
    none,
    sha256,
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
