import ipaddr from 'ipaddr.js';

/** Closed range of addresses of one family. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** As the user wrote it. */
  readonly text: string;
}

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  /** Canonical text: dotted quad, or RFC 5952. */
  readonly text: string;
}

/**
 * Reads one address. An IPv4-mapped IPv6 address becomes the IPv4 address it carries, so that `::ffff:10.0.0.1` cannot
 * slip past a rule about 10.0.0.1. Zone ids, octal and short forms are refused.
 *
 * @returns undefined when the text is not exactly one address.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.includes('%')) return undefined;
  const quad = quadValue(text);
  // Written in decimal without leading zeros, it is its own canonical form.
  if (quad !== undefined) return { family: 4, value: BigInt(quad), text };
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return fromBytes(
    parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toByteArray() : parsed.toByteArray(),
  );
}

/** As ipaddr.js reads a dotted quad, at a small part of its cost: a Shodan export holds millions. */
function quadValue(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (part < 0) return undefined;
      value = value * 256 + part;
      part = -1;
      dots += 1;
    } else {
      const digit = code - DIGIT_0;
      if (digit < 0 || digit > 9 || part === 0) return undefined;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return undefined;
    }
  }
  return dots === 3 && part >= 0 ? value * 256 + part : undefined;
}

const DOT = 0x2e;
const DIGIT_0 = 0x30;

/** Canonical form of an address text, or the text itself when it is not an address. */
export function canonicalAddress(text: string): string {
  return parseAddress(text)?.text ?? text;
}

export function addressFromValue(family: 4 | 6, value: bigint): Address {
  const length = family === 4 ? 4 : 16;
  const bytes: number[] = [];
  for (let i = length - 1; i >= 0; i -= 1) bytes.push(Number((value >> BigInt(8 * i)) & 0xffn));
  return fromBytes(bytes);
}

function fromBytes(bytes: readonly number[]): Address {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  if (bytes.length === 4) return { family: 4, value, text: bytes.join('.') };
  return { family: 6, value, text: new ipaddr.IPv6([...bytes]).toRFC5952String() };
}

/**
 * Reads "203.0.113.0/28", "203.0.113.4-203.0.113.9", "203.0.113.4-9", "203.0.113.4" and the IPv6 forms of the same.
 *
 * @throws RangeError whose message says what was expected.
 */
export function parseRange(text: string): AddressRange {
  const trimmed = text.trim();
  if (trimmed.includes('/')) return parseCidr(trimmed);
  if (trimmed.includes('-')) return parseSpan(trimmed);
  const single = parseAddress(trimmed);
  if (single === undefined)
    throw new RangeError(`"${trimmed}" is not an address, a CIDR range or a range "first-last"`);
  return { family: single.family, first: single.value, last: single.value, text: trimmed };
}

function parseCidr(text: string): AddressRange {
  const [base = '', prefixText = '', ...rest] = text.split('/');
  const address = parseAddress(base);
  if (address === undefined || rest.length > 0 || !/^\d{1,3}$/.test(prefixText)) {
    throw new RangeError(`"${text}" is not a CIDR range such as 203.0.113.0/28`);
  }
  if (base.includes(':') && address.family === 4) {
    throw new RangeError(`"${text}" is an IPv4-mapped range: write the IPv4 range instead`);
  }
  const width = address.family === 4 ? 32 : 128;
  const prefix = Number(prefixText);
  if (prefix > width) throw new RangeError(`"${text}": the prefix length must be 0 to ${width}`);
  const size = 1n << BigInt(width - prefix);
  if (address.value % size !== 0n) {
    const network = addressFromValue(address.family, address.value - (address.value % size)).text;
    throw new RangeError(
      `"${text}" has host bits set: write ${network}/${prefix} for the network, or ${base} for the one address`,
    );
  }
  return { family: address.family, first: address.value, last: address.value + size - 1n, text };
}

function parseSpan(text: string): AddressRange {
  const [firstText = '', lastText = '', ...rest] = text.split('-').map((part) => part.trim());
  const first = parseAddress(firstText);
  const short = /^\d{1,3}$/.test(lastText) && first?.family === 4;
  const last = short
    ? parseAddress(`${firstText.slice(0, firstText.lastIndexOf('.') + 1)}${lastText}`)
    : parseAddress(lastText);
  if (first === undefined || last === undefined || rest.length > 0 || first.family !== last.family) {
    throw new RangeError(`"${text}" is not a range such as 203.0.113.4-203.0.113.9 or 203.0.113.4-9`);
  }
  if (last.value < first.value) throw new RangeError(`"${text}" ends before it begins`);
  return { family: first.family, first: first.value, last: last.value, text };
}

export function rangeSize(range: AddressRange): bigint {
  return range.last - range.first + 1n;
}

export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

export function rangeContains(range: AddressRange, address: Address): boolean {
  return range.family === address.family && range.first <= address.value && address.value <= range.last;
}

/** Membership by binary search over merged ranges. */
export class AddressSet {
  readonly #merged: Readonly<Record<4 | 6, readonly { first: bigint; last: bigint }[]>>;

  constructor(ranges: readonly AddressRange[]) {
    this.#merged = { 4: merge(ranges, 4), 6: merge(ranges, 6) };
  }

  has(address: Address): boolean {
    const ranges = this.#merged[address.family];
    let low = 0;
    let high = ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = ranges[middle];
      if (range === undefined) return false;
      if (address.value < range.first) high = middle - 1;
      else if (address.value > range.last) low = middle + 1;
      else return true;
    }
    return false;
  }
}

function merge(ranges: readonly AddressRange[], family: 4 | 6): { first: bigint; last: bigint }[] {
  const sorted = ranges
    .filter((range) => range.family === family)
    .toSorted((a, b) => (a.first < b.first ? -1 : 1));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous.last + 1n)
      previous.last = last > previous.last ? last : previous.last;
    else merged.push({ first, last });
  }
  return merged;
}

/** Orders addresses as numbers, IPv4 before IPv6; texts that are no addresses come last, by code unit. */
export function compareAddresses(a: string, b: string): number {
  const left = parseAddress(a);
  const right = parseAddress(b);
  if (left === undefined || right === undefined) {
    if (left === right) return a < b ? -1 : Number(a > b);
    return left === undefined ? 1 : -1;
  }
  if (left.family !== right.family) return left.family - right.family;
  return left.value < right.value ? -1 : Number(left.value > right.value);
}

/** Sorted addresses as spans: "203.0.113.0-203.0.113.15", a lone one as itself. `parseRange` reads them back. */
export function addressSpans(addresses: readonly string[]): string[] {
  const spans: { first: Address; last: Address }[] = [];
  for (const address of addresses.flatMap((text) => parseAddress(text) ?? [])) {
    const open = spans.at(-1);
    if (open !== undefined && open.last.family === address.family && open.last.value + 1n === address.value)
      open.last = address;
    else spans.push({ first: address, last: address });
  }
  return spans.map(({ first, last }) => (first === last ? first.text : `${first.text}-${last.text}`));
}

type Span = Pick<AddressRange, 'family' | 'first' | 'last'>;

/** The fewest CIDR blocks that make up a range, ascending. */
export function cidrBlocks({ family, first, last }: Span): Span[] {
  const width = family === 4 ? 32n : 128n;
  const blocks: Span[] = [];
  let from = first;
  while (from <= last) {
    let bits = 0n;
    while (bits < width && (from & ((1n << (bits + 1n)) - 1n)) === 0n) {
      if (from + (1n << (bits + 1n)) - 1n > last) break;
      bits += 1n;
    }
    blocks.push({ family, first: from, last: from + (1n << bits) - 1n });
    from += 1n << bits;
  }
  return blocks;
}

/** A CIDR block as text; a single address without a prefix length. */
export function cidrText({ family, first, last }: Span): string {
  const text = addressFromValue(family, first).text;
  if (first === last) return text;
  const bits = (last - first + 1n).toString(2).length - 1;
  return `${text}/${(family === 4 ? 32 : 128) - bits}`;
}
