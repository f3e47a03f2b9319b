/**
 * Bytes of a text protocol, with everything masked that is not known to be said everywhere. Deny by default: a word is kept
 * because protocols or published products say it, a number because it is the version of such a word. So a name masked wrongly is a
 * loss, and a name in a form that nobody thought of (hex, base64, backwards, another alphabet) is masked like any unknown word.
 */
import { MASK, standsAlone, type OwnWords, type Span } from './own-words.ts';
import { TELLING_HEADERS, type Vocabulary } from './vocabulary.ts';

export interface Masked {
  /** One character for each byte. */
  readonly text: string;
  /** Offset and length. */
  readonly masked: readonly (readonly [from: number, length: number])[];
  /** Bytes at the end are left out. */
  readonly cut: boolean;
}

/** More than any head of an answer; what product words stand further on is not shared. */
const LONGEST = 4096;
const WORD = /[A-Za-z0-9]+/g;
/** Straight after a word that is kept: "/1.18.0", "_9.2p1", ": 15.2.1118.7". */
const VERSION = /^([/_ -]|: )v?(\d{1,3}(?:\.\d{1,5}){1,3}(?:p\d{1,2})?)(?![A-Za-z0-9]|[.-]\d)/;
/** What a name of software goes on with before its version: "FileZilla Server 0.9.60". */
const AFTER_NAME = new Set(
  `server service ftp ftpd ssh sshd web webserver http httpd daemon agent gateway client manager console edition engine pro plus
  enterprise standard community release build version ver`.split(/\s+/),
);
/** A release of a distribution, which tells the patches of a version. */
const DISTRIBUTION =
  /\b(?:Debian-\d{1,3}[+~]deb\d{1,2}u\d{1,2}|Ubuntu-\d{1,2}ubuntu\d{1,2}(?:\.\d{1,3}){0,2})(?![\w.])/g;
const STATUS_LINE = /^HTTP\/\d\.\d \d{3}(?=[ \r\n]|$)/;
const CHARSET = /\butf-8\b/gi;
/** "220 ", "250-": replies of SMTP and FTP (RFC 5321 4.2.1, RFC 959 4.2.1). "077-555" and "520-0001" are a telephone and a postcode. */
const REPLY_CODE = /^[1-5][0-5]\d(?=[ -](?!\d{2}))/gm;
/** Headers that half the world sends: a hole in one would tell the word that was taken out. */
const EVERYWHERE =
  /(?<=\n)(?:Connection: (?:keep-alive|close|upgrade)\b|Transfer-Encoding: chunked\b|Accept-Ranges: bytes\b|Pragma: no-cache\b|X-Content-Type-Options: nosniff\b|X-Frame-Options: (?:deny|sameorigin)\b|Content-Type: text\/(?:html|plain)\b|(?:Accept-Ranges|Cache-Control|Connection|Content-Encoding|Content-Length|Content-Type|Date|ETag|Expires|Keep-Alive|Last-Modified|Location|Pragma|Server|Set-Cookie|Transfer-Encoding|Vary|Via|WWW-Authenticate|X-Content-Type-Options|X-Frame-Options|X-Powered-By|X-XSS-Protection):)/gi;
const PUNCTUATION = /[\t\n\r -/:-@[-`{-~]+/g;
const REQUEST_LINE = /^[A-Z]{3,10} \S+ HTTP\/\d\.\d/;

/** Undefined: not a text, or nothing would be left of it. */
export function maskBytes(bytes: Uint8Array, vocabulary: Vocabulary, own: OwnWords): Masked | undefined {
  const text = leadingText(bytes);
  if (text === undefined) return undefined;
  const keep = new Uint8Array(text.length);
  const isWeb = STATUS_LINE.test(text) || REQUEST_LINE.test(text);
  const bodyAt = isWeb ? endOfHead(text) : text.length;
  keepWords(text, [0, bodyAt], { isKnown: vocabulary.head, isSoftware: vocabulary.software }, keep);
  keepWords(
    text,
    [bodyAt, text.length],
    { isKnown: vocabulary.product, isSoftware: vocabulary.software },
    keep,
  );
  keepMatches(text, isWeb ? [STATUS_LINE] : [REPLY_CODE], keep);
  keepMatches(text.slice(0, bodyAt), [DISTRIBUTION, CHARSET], keep);
  // Heads keep their form; of a page not even the layout is told.
  keepMatches(text.slice(0, bodyAt), [PUNCTUATION], keep);
  if (isWeb) hideHeaderValues(text.slice(0, bodyAt), vocabulary, keep);
  hideOwn(text, own, keep);
  if (!/[A-Za-z0-9]/.test(shown(text, keep))) return undefined;
  const end = isWeb ? Math.max(bodyAt, keep.lastIndexOf(1) + 1) : text.length;
  return drawn(text, keep, end, end < bytes.length);
}

/** What is text at the beginning: all of it, or whole lines before something binary (the banner of SSH, the version of RFB). */
function leadingText(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, LONGEST)).toString('latin1');
  const binary = text.search(NOT_TEXT);
  if (binary < 0) return text.length === 0 ? undefined : text;
  const head = text.slice(0, text.lastIndexOf('\n', binary) + 1);
  return head.length >= 8 ? head : undefined;
}
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const NOT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

function endOfHead(text: string): number {
  const found = /\r?\n\r?\n/.exec(text);
  return found === null ? text.length : found.index + found[0].length;
}

interface Words {
  readonly isKnown: (word: string) => boolean;
  readonly isSoftware: (word: string) => boolean;
}

function keepWords(text: string, [from, to]: Span, { isKnown, isSoftware }: Words, keep: Uint8Array): void {
  let named = -2;
  for (const { 0: word, index } of text.slice(from, to).matchAll(WORD)) {
    const small = word.toLowerCase();
    if (!isKnown(small) || !/[A-Za-z]/.test(word)) continue;
    const start = from + index;
    const end = start + word.length;
    // Part of a longer word with letters beyond ASCII.
    if (isHigh(text.charCodeAt(start - 1)) || isHigh(text.charCodeAt(end))) continue;
    keep.fill(1, start, end);
    const isNamed = isSoftware(small) || (AFTER_NAME.has(small) && start === named + 1);
    if (isNamed) named = end;
    const [whole, sign = '', number = ''] = VERSION.exec(text.slice(end, Math.min(to, end + 40))) ?? [];
    if (whole === undefined || !isVersion(number, small)) continue;
    // "gw/2.1.8", "debut_1.30": nobody writes a telephone so.
    if (isNamed || sign === '/' || sign === '_') keep.fill(1, end, end + whole.length);
  }
}

/** Neither an address nor a date ("20.11.2026") nor a telephone ("03.1234.5678"). */
function isVersion(number: string, after: string): boolean {
  if (/^0\d/.test(number) && after !== 'rfb') return false;
  return !isAddressLike(number) && !/^\d{1,2}\.\d{1,2}\.(?:19|20)\d\d$/.test(number);
}

function isHigh(code: number): boolean {
  return code > 0x7e;
}

/** Four numbers of a byte each may be an address. */
function isAddressLike(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => Number(part) <= 255);
}

/** `Server: nginx` stays; of a cookie its name when a product sets it; of a log-in its kind, without the realm. */
function hideHeaderValues(head: string, vocabulary: Vocabulary, keep: Uint8Array): void {
  hideTarget(head, vocabulary, keep);
  for (const { index: at, 0: line } of head.matchAll(/(?<=\n)[^\r\n]+/g)) {
    const end = at + line.length;
    const valueAt = at + line.indexOf(':') + 1;
    const name = line
      .slice(0, Math.max(0, line.indexOf(':')))
      .trim()
      .toLowerCase();
    if (name === 'set-cookie') hideButCookieName(head, valueAt, end, vocabulary, keep);
    else if (!TELLING_HEADERS.has(name)) keep.fill(0, valueAt, end);
    else if (name === 'www-authenticate')
      keep.fill(0, Math.min(end, valueAt + 1 + kindLength(head, valueAt + 1, end)), end);
  }
}

function kindLength(head: string, from: number, to: number): number {
  return /^[A-Za-z]*/.exec(head.slice(from, to))?.[0].length ?? 0;
}

function hideButCookieName(
  head: string,
  from: number,
  to: number,
  vocabulary: Vocabulary,
  keep: Uint8Array,
): void {
  const equals = head.indexOf('=', from);
  const end = equals < 0 || equals > to ? to : equals;
  keep.fill(0, from, to);
  keepWords(head, [from, end], { isKnown: vocabulary.product, isSoftware: () => false }, keep);
}

/** Of what was asked for, words of the product alone: a path may lead to one page on earth. */
function hideTarget(head: string, vocabulary: Vocabulary, keep: Uint8Array): void {
  const [, method = '', target = ''] = /^([A-Z]{3,10} )(\S+) HTTP\//.exec(head) ?? [];
  if (target === '') return;
  keep.fill(0, method.length, method.length + target.length);
  keepWords(
    head,
    [method.length, method.length + target.length],
    { isKnown: vocabulary.product, isSoftware: vocabulary.software },
    keep,
  );
}

function keepMatches(text: string, patterns: readonly RegExp[], keep: Uint8Array): void {
  for (const pattern of patterns) {
    const all = pattern.global ? text.matchAll(pattern) : [pattern.exec(text)].filter((one) => one !== null);
    for (const { 0: match, index } of all) keep.fill(1, index, index + match.length);
  }
}

/**
 * A word of the organisation may be one that products have made known, or be made of several of them. Within a known word it is not
 * hidden: "A▒▒▒▒e/2.4" would spell the name that chance has put into "Apache".
 */
function hideOwn(text: string, own: OwnWords, keep: Uint8Array): void {
  const fixed = new Uint8Array(text.length);
  keepMatches(text, [EVERYWHERE, STATUS_LINE], fixed);
  for (const [from, to] of own.find(shown(text, keep)))
    if (standsAlone(text, [from, to]))
      for (let at = from; at < to; at += 1) if (fixed[at] === 0) keep[at] = 0;
}

function shown(text: string, keep: Uint8Array): string {
  return text
    .split('')
    .map((char, at) => (keep[at] === 1 ? char : MASK))
    .join('');
}

function drawn(text: string, keep: Uint8Array, end: number, cut: boolean): Masked {
  const masked: [number, number][] = [];
  const chars: string[] = [];
  for (let at = 0; at < end; at += 1) {
    const open = masked.at(-1);
    if (keep[at] === 1) {
      chars.push(text[at] ?? '');
      continue;
    }
    chars.push(MASK);
    if (open !== undefined && open[0] + open[1] === at) open[1] += 1;
    else masked.push([at, 1]);
  }
  return { text: chars.join(''), masked, cut };
}
