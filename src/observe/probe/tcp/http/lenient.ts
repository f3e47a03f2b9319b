/** One HTTP answer as bytes, before any decoding of its content. */
export interface RawAnswer {
  /** 0 for an answer without a status line (HTTP/0.9). */
  readonly status: number;
  /** As received, order and case kept. */
  readonly headers: [string, string][];
  readonly body: Uint8Array;
  /** The body goes on beyond what is here. */
  readonly truncated: boolean;
}

export const MAX_HEADER_BYTES = 32 * 1024;
export const MAX_HEADERS = 256;

/**
 * Reads what old appliances call HTTP and a strict parser refuses: no reason phrase, bare line feeds, control characters in
 * headers, lines without a colon, no status line at all (HTTP/0.9) when the text is plainly HTML. Linear time.
 *
 * @returns undefined when it is not HTTP by any reading.
 */
export function parseLenient(bytes: Uint8Array, closed = true): RawAnswer | undefined {
  const start = skipBlankLines(bytes);
  const head = Buffer.from(bytes.subarray(start, start + MAX_HEADER_BYTES)).toString('latin1');
  const statusLine = /^(?:HTTP\/\d{1,2}(?:\.\d{1,2})?|HTTP|ICY)[ \t]{1,9}(\d{3})(?!\d)/i.exec(head);
  if (statusLine === null) return withoutStatusLine(bytes.subarray(start), head);
  const end = headEnd(head);
  const headers = parseHeaders(head.slice(0, end?.at ?? head.length));
  const rest = end === undefined ? new Uint8Array() : bytes.subarray(start + end.at + end.length);
  const { body, whole } = bodyOf(rest, headers);
  const isCut = end === undefined || (whole === undefined ? !closed : !whole);
  return { status: Number(statusLine[1]), headers, body, truncated: isCut };
}

/** Is this the beginning of something that `parseLenient` would take? */
export function startsLikeHttp(bytes: Uint8Array): boolean {
  return parseLenient(bytes.subarray(0, 1024)) !== undefined;
}

function withoutStatusLine(bytes: Uint8Array, head: string): RawAnswer | undefined {
  const isHtml = /^(?:<!doctype\s+html|<html|<head|<title|<body|<meta|<script)[\s>/]/i.test(head);
  return isHtml ? { status: 0, headers: [], body: bytes, truncated: false } : undefined;
}

function skipBlankLines(bytes: Uint8Array): number {
  let start = 0;
  while (start < 64 && (bytes[start] === 0x0d || bytes[start] === 0x0a)) start += 1;
  return start;
}

function headEnd(head: string): { at: number; length: number } | undefined {
  const match = /\r?\n\r?\n/.exec(head);
  return match === null ? undefined : { at: match.index, length: match[0].length };
}

function parseHeaders(head: string): [string, string][] {
  const headers: [string, string][] = [];
  const [, ...lines] = head.split(/\r?\n/);
  for (const line of lines) {
    const last = headers.at(-1);
    // Folded line, RFC 9112 §5.2.
    if (/^[ \t]/.test(line) && last !== undefined) {
      last[1] = `${last[1]} ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    if (headers.length === MAX_HEADERS) break;
    headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return headers;
}

/** First value of a header, whatever its case; empty when it is not there. */
export function headerValue(headers: readonly (readonly [string, string])[], name: string): string {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function bodyOf(
  rest: Uint8Array,
  headers: [string, string][],
): { body: Uint8Array; whole: boolean | undefined } {
  if (/\bchunked\b/i.test(headerValue(headers, 'transfer-encoding'))) {
    const chunked = dechunk(rest);
    if (chunked !== undefined) return chunked;
  }
  const declared = /^\d{1,10}$/.exec(headerValue(headers, 'content-length'));
  if (declared === null) return { body: rest, whole: undefined };
  const length = Number(declared[0]);
  return { body: rest.subarray(0, length), whole: rest.length >= length };
}

/** RFC 9112 §7.1. undefined when it does not begin with a chunk: then the header lied. */
function dechunk(bytes: Uint8Array): { body: Uint8Array; whole: boolean } | undefined {
  const parts: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const lineEnd = bytes.indexOf(0x0a, offset);
    // A size line has 16 digits at most; extensions are not in use.
    if (lineEnd === -1 || lineEnd - offset > 256) break;
    const line = Buffer.from(bytes.subarray(offset, lineEnd)).toString('latin1');
    const size = /^\s{0,9}([0-9a-f]{1,8})\s{0,9}(?:;|$)/i.exec(line.trimEnd());
    if (size === null) break;
    const length = Number.parseInt(size[1] ?? '0', 16);
    if (length === 0) return { body: Buffer.concat(parts), whole: true };
    parts.push(bytes.subarray(lineEnd + 1, lineEnd + 1 + length));
    offset = lineEnd + 1 + length;
    if (bytes[offset] === 0x0d) offset += 1;
    if (bytes[offset] === 0x0a) offset += 1;
  }
  return parts.length === 0 ? undefined : { body: Buffer.concat(parts), whole: false };
}
