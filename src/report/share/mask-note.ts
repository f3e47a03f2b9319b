/** A few sentences that a person wrote for strangers: what could name the organisation is masked, and listed for a second reading. */
import { canonicalAddress } from '../../lib/address.ts';
import { MASK, type OwnWords, type Span } from './own-words.ts';

export interface MaskedNote {
  readonly text: string;
  /** What was masked, as it stood there, each once. For the sender's eyes only. */
  readonly flagged: readonly string[];
}

/** Stays as it is: neither a phone number nor an encoded name. */
const PLAIN = /CVE-\d{4}-\d{4,7}|\b20\d\d-[01]\d-[0-3]\d\b/g;
const SUSPECT = [
  // Addresses in any punctuation, backwards as well.
  /\d{1,3}(?:[.\-_ ]\d{1,3}){3}(?:\/\d{1,2})?/g,
  /(?<![0-9A-Za-z:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}/g,
  /https?:\/\/\S+/gi,
  /[\w.+-]+@[\w.-]+/g,
  /(?<![\w.-])(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w-])/g,
  /(?:%[0-9A-Fa-f]{2})+/g,
  /\+?\d{1,4}[-(（ ]\d{1,4}[-)） ]\d{3,4}/g,
  /[A-Za-z0-9+/=]{16,}/g,
  /(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{6,}/g,
  /\d{5,}/g,
  // Strangers get days alone.
  /(?<!\d)[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?!\d)/g,
  /(?:午前|午後)?\s?\d{1,2}\s?時(?:\s?\d{1,2}\s?分|半)?(?!間)/g,
  /(?<![0-9A-Za-z])[0-9A-Fa-f]{2}(?:[ :-][0-9A-Fa-f]{2}){2,}(?![0-9A-Za-z])/g,
];

/** @param keep addresses of others that the sender has named, canonical */
export function maskNote(text: string, own: OwnWords, keep: ReadonlySet<string>): MaskedNote {
  const plain = text.toWellFormed().normalize('NFC');
  const safe = [...plain.matchAll(PLAIN)].map(({ 0: match, index }): Span => [index, index + match.length]);
  const suspects = SUSPECT.flatMap((pattern) =>
    [...plain.matchAll(pattern)].map(({ 0: match, index }): Span => [index, index + match.length]),
  )
    .filter(([from, to]) => !keep.has(canonicalAddress(plain.slice(from, to))))
    .flatMap((span) => outside(span, safe));
  const kept = [...keep].flatMap((address) => places(plain, address));
  const spans = merged([
    ...own.find(plain),
    ...suspects.filter(([from, to]) => !kept.some(([start, end]) => start <= from && to <= end)),
  ]);
  const flagged = [...new Set(spans.map(([from, to]) => plain.slice(from, to)))];
  let at = 0;
  const parts: string[] = [];
  for (const [from, to] of spans) {
    parts.push(plain.slice(at, from), maskOf(plain.slice(from, to)));
    at = to;
  }
  return { text: [...parts, plain.slice(at)].join(''), flagged };
}

/** What of a span is in none of the others: "2026-11-20 10" is a day with something behind it. */
function outside(span: Span, others: readonly Span[]): Span[] {
  return others.reduce<Span[]>(
    (left, [start, end]) =>
      left.flatMap(([from, to]): Span[] => {
        if (to <= start || end <= from) return [[from, to]];
        return [...(from < start ? [[from, start] as const] : []), ...(end < to ? [[end, to] as const] : [])];
      }),
    [span],
  );
}

function places(text: string, part: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length))
    found.push([at, at + part.length]);
  return found;
}

function merged(spans: readonly Span[]): Span[] {
  const out: [number, number][] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    const open = out.at(-1);
    if (open !== undefined && from <= open[1]) open[1] = Math.max(open[1], to);
    else out.push([from, to]);
  }
  return out;
}

function maskOf(text: string): string {
  return [...text].map(() => MASK).join('');
}
