import {
  addressFromValue,
  parseAddress,
  parseRange,
  rangeSize,
  type AddressRange,
} from '../../../lib/address.ts';

/** What one cell says about addresses. */
export interface AddressCell {
  readonly ranges: readonly CellRange[];
  /** Pieces that look like an address and are none, with what is wrong. */
  readonly wrong: readonly string[];
  /** Other words in the cell: "(VIP)". */
  readonly words: string;
  /** Behind a "#". */
  readonly comment: string;
}

export interface CellRange {
  readonly range: AddressRange;
  /** Canonical: an address, a CIDR range or first-last. */
  readonly text: string;
  /** "203.0.113.10:443" */
  readonly port: number | undefined;
}

const MAX_CELL = 8192;
const MAX_PIECES = 512;
/** A row about more than this is a slip (/8 for /28), not a device. */
const LARGEST: Readonly<Record<4 | 6, bigint>> = { 4: 1n << 16n, 6: 1n << 96n };

/** Dashes and wave dashes between two addresses, in the ways that Japanese input methods write them. */
const SPAN = /(?<=[\da-f])\s*[-~‐‑‒–—―−〜]\s*(?=[\da-f])/gi;

/** Any text: addresses, CIDR ranges and first-last ranges, separated by blanks, commas, semicolons or line breaks. */
export function readAddressCell(cell: string): AddressCell {
  const [list, comment] = splitComment(asText(cell.slice(0, MAX_CELL).normalize('NFKC')));
  const ranges: CellRange[] = [];
  const wrong: string[] = [];
  const words: string[] = [];
  for (const piece of list.replaceAll(SPAN, '-').split(/[\s,;、・]+/, MAX_PIECES)) {
    if (piece === '') continue;
    const read = looksLikeAddress(piece) ? readPiece(piece) : undefined;
    if (read === undefined) words.push(piece);
    else if (typeof read === 'string') wrong.push(read);
    else ranges.push(read);
  }
  return { ranges, wrong, words: words.join(' '), comment };
}

/** `="203.0.113.10"` and `'203.0.113.10` are how spreadsheets are told that a cell is text. */
function asText(cell: string): string {
  return cell.replace(/^\s*=?["']/, '').replace(/["']\s*$/, '');
}

const MOST_WORDS = 40;

/** A cell that is about addresses and nothing else: it begins with one and has few words beside. */
export function isAddressCell(cell: string): boolean {
  const { ranges, wrong, words } = readAddressCell(cell);
  return (
    ranges.length > 0 &&
    wrong.length === 0 &&
    words.length <= MOST_WORDS &&
    looksLikeAddress(asText(cell.normalize('NFKC')).trim())
  );
}

function splitComment(cell: string): [string, string] {
  const at = cell.indexOf('#');
  return at < 0 ? [cell, ''] : [cell.slice(0, at), cell.slice(at + 1).trim()];
}

/** Two colons, or a number with dots: what is not is a word. */
function looksLikeAddress(piece: string): boolean {
  return /^\[?[\da-f]*:[\da-f]*:/i.test(piece) || /^\d+\.[\d.]*\d/.test(piece);
}

/** What is wrong as text. */
function readPiece(piece: string): CellRange | string {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+)):(\d{1,5})$/.exec(piece) ?? [];
  if (port !== undefined) {
    const address = parseAddress(bracketed ?? plain ?? '');
    if (address === undefined || Number(port) < 1 || Number(port) > 65_535)
      return `"${shown(piece)}" is not an address with a port`;
    const { family, value, text } = address;
    return { range: { family, first: value, last: value, text }, text, port: Number(port) };
  }
  const range = rangeOf(piece);
  if (typeof range === 'string') return range;
  if (rangeSize(range) > LARGEST[range.family])
    return `"${shown(piece)}" is larger than a /${range.family === 4 ? 16 : 32}: a row is about a device or a network of yours`;
  return { range, text: canonical(range), port: undefined };
}

function rangeOf(piece: string): AddressRange | string {
  // "203.0.113.10/28" is how interfaces are written down: the address of the device, and the size of its network.
  const address = parseAddress(piece.split('/')[0] ?? '');
  const prefix = /\/(\d{1,3})$/.exec(piece)?.[1];
  try {
    return parseRange(piece);
  } catch (error) {
    const width = address?.family === 4 ? 32 : 128;
    if (address !== undefined && prefix !== undefined && Number(prefix) <= width)
      return { family: address.family, first: address.value, last: address.value, text: address.text };
    return error instanceof RangeError ? shown(error.message, 200) : `"${shown(piece)}" is not an address`;
  }
}

function canonical({ family, first, last, text }: AddressRange): string {
  const start = addressFromValue(family, first).text;
  if (first === last) return start;
  const prefix = /\/(\d{1,3})$/.exec(text)?.[1];
  return prefix === undefined
    ? `${start}-${addressFromValue(family, last).text}`
    : `${start}/${Number(prefix)}`;
}

/** Ports of a cell such as "443", "443/tcp, 8443" or "UDP500"; undefined when it says anything else ("Gi0/1"). */
export function readPortCell(
  cell: string,
): readonly { readonly port: number; readonly transport: 'tcp' | 'udp' | undefined }[] | undefined {
  const pieces = withoutNames(cell.slice(0, 500).normalize('NFKC'))
    .split(/[\s,;、・]+/)
    .filter(Boolean);
  const ports = pieces.map((piece) => {
    const match = /^(?:(tcp|udp)[/:-]?)?(\d{1,5})(?:[/:-]?(tcp|udp))?$/i.exec(piece);
    const port = Number(match?.[2] ?? 0);
    return port < 1 || port > 65_535
      ? undefined
      : { port, transport: readTransport(match?.[1] ?? match?.[3]) };
  });
  const known = ports.filter((one) => one !== undefined);
  return known.length === ports.length ? known : undefined;
}

/** "HTTPS(443)", "443 (HTTPS)" and "TCP 443" with nothing but the port: "443", "443", "TCP/443". */
function withoutNames(text: string): string {
  return text
    .replace(
      /\b[a-z][a-z0-9+-]{0,20} ?\( ?((?:(?:tcp|udp)[/:-]?)?\d{1,5}(?:[/:-]?(?:tcp|udp))?) ?\)/gi,
      ' $1 ',
    )
    .replace(/(\d|tcp|udp) ?\((?!tcp|udp)[^()\d]{1,30}\)/gi, '$1 ')
    .replace(/\b(tcp|udp) ?[\s(:] ?(\d{1,5})\b\)?/gi, '$1/$2')
    .replace(/\b(\d{1,5}) ?(?:\( ?(tcp|udp) ?\)|\s(tcp|udp)\b(?!\W*\d))/gi, '$1/$2$3');
}

export function readTransport(text: string | undefined): 'tcp' | 'udp' | undefined {
  const plain = text?.normalize('NFKC').trim().toLowerCase();
  return plain === 'tcp' || plain === 'udp' ? plain : undefined;
}

function shown(text: string, max = 60): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
