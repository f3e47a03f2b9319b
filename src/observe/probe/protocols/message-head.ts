import type { Reading } from '../question.ts';
import { bounded } from './fields.ts';

/** Start line and headers of the HTTP family: SIP, RTSP, SSDP. */
export interface Head {
  readonly startLine: string;
  /** By lower-case name, the first of each; at most 64. Values are trimmed and fit to be shown. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes of the head with its empty line. */
  readonly length: number;
}

const MAX_HEAD = 8 * 1024;
const MAX_HEADERS = 64;

/**
 * A head that begins with `prefix`, up to its empty line; bare line feeds are taken as line ends too.
 *
 * @param isWhole the bytes are a datagram: its end ends the head, for devices that leave the empty line out.
 * @returns undefined when it begins otherwise, a line is no header, or no empty line comes within 8 KiB.
 */
export function parseHead(received: Uint8Array, prefix: string, isWhole = false): Reading<Head> {
  const text = Buffer.from(received.subarray(0, MAX_HEAD)).toString('latin1');
  const start = text.slice(0, prefix.length);
  if (start !== prefix) return !isWhole && prefix.startsWith(start) ? 'more' : undefined;
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null && !isWhole) return text.length >= MAX_HEAD ? undefined : 'more';
  const lines = text.slice(0, end?.index ?? text.length).split(/\r?\n/);
  const headers = readHeaders(lines.slice(1).filter((line) => line !== ''));
  if (headers === undefined) return undefined;
  const length = end === null ? text.length : end.index + end[0].length;
  return { startLine: bounded(lines[0] ?? ''), headers, length };
}

function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  let last: string | undefined;
  for (const line of lines.slice(0, MAX_HEADERS)) {
    const isContinued = (line.startsWith(' ') || line.startsWith('\t')) && last !== undefined;
    if (isContinued) continue;
    const match = /^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64})[ \t]{0,8}:(.*)$/s.exec(line);
    if (match === null) return undefined;
    const [, name = '', value = ''] = match;
    last = name.toLowerCase();
    if (!headers.has(last)) headers.set(last, bounded(value.trim()));
  }
  return headers;
}

/**
 * "kamailio (5.6.3 (x86_64/linux))", "Asterisk PBX 16.2.1", "Coturn-4.6.1 'Gorst'", "MiniUPnPd/2.3.1": what stands before the
 * first version number, and that number. Without one the whole text is the product.
 */
export function productAndVersion(text: string): { product?: string; version?: string } {
  const match = /^([^/(]{1,80}?)[ /(-]{1,3}v?(\d{1,6}(?:\.\d{1,6}){1,4}[\w.+~-]{0,40})/i.exec(text);
  const [, product, version] = match ?? [];
  if (product !== undefined && version !== undefined) return { product: product.trim(), version };
  return text === '' ? {} : { product: text };
}
