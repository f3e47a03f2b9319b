import {
  addressFromValue,
  canonicalAddress,
  parseAddress,
  parseRange,
  type AddressRange,
} from '../lib/address.ts';
import type { Asset } from './import.ts';
import type { Transport } from './observation.ts';

export interface LedgerPlace {
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
}

/** The organisation's own list of devices, made to be asked by address. */
export interface Ledger {
  /** Rows whose range holds the address, whatever port they name: the narrowest first, then as in the file. */
  about(address: string): Asset[];
  /** Of those, the rows that speak of this place: one that names its port before one about the whole address. */
  speakingOf(place: LedgerPlace): Asset[];
}

interface Row {
  readonly asset: Asset;
  readonly range: AddressRange;
}

/** Rows whose range cannot be read are in no answer. */
export function readLedger(assets: readonly Asset[]): Ledger {
  const single = new Map<string, Row[]>();
  const wide: Row[] = [];
  for (const asset of assets) {
    const range = rangeOf(asset.range);
    if (range === undefined) continue;
    if (range.first !== range.last) {
      wide.push({ asset, range });
      continue;
    }
    const { text } = addressFromValue(range.family, range.first);
    const same = single.get(text);
    if (same === undefined) single.set(text, [{ asset, range }]);
    else same.push({ asset, range });
  }
  const spans = { 4: new Spans(wide, 4), 6: new Spans(wide, 6) };
  const about = (text: string): Asset[] => {
    const address = parseAddress(text);
    if (address === undefined) return [];
    const rows = [...(single.get(canonicalAddress(text)) ?? []), ...spans[address.family].at(address.value)];
    return rows.toSorted(byWidth).map(({ asset }) => asset);
  };
  return {
    about,
    speakingOf: (place) =>
      about(place.address)
        .filter((asset) => isAbout(asset, place))
        .toSorted((a, b) => Number(a.port === undefined) - Number(b.port === undefined)),
  };
}

/** A record that does not know its transport may be the one that the row means. */
function isAbout({ port, transport }: Asset, place: LedgerPlace): boolean {
  if (port !== undefined && port !== place.port) return false;
  return transport === undefined || place.transport === 'unknown' || transport === place.transport;
}

function rangeOf(text: string): AddressRange | undefined {
  try {
    return parseRange(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function byWidth(a: Row, b: Row): number {
  const [left, right] = [a.range.last - a.range.first, b.range.last - b.range.first];
  if (left !== right) return left < right ? -1 : 1;
  if (a.asset.file !== b.asset.file) return a.asset.file < b.asset.file ? -1 : 1;
  return a.asset.line - b.asset.line;
}

/** Ranges of one family, sorted by their first address; a list of thousands is asked for every service. */
class Spans {
  readonly #rows: readonly Row[];
  /** Highest last address of the rows up to this one. */
  readonly #reach: readonly bigint[];

  constructor(rows: readonly Row[], family: 4 | 6) {
    this.#rows = rows
      .filter(({ range }) => range.family === family)
      .toSorted((a, b) => (a.range.first < b.range.first ? -1 : Number(a.range.first > b.range.first)));
    let reach = -1n;
    this.#reach = this.#rows.map(({ range }) => (reach = range.last > reach ? range.last : reach));
  }

  at(value: bigint): Row[] {
    const found: Row[] = [];
    for (let at = this.#startedBy(value) - 1; at >= 0 && (this.#reach[at] ?? -1n) >= value; at -= 1) {
      const row = this.#rows[at];
      if (row !== undefined && row.range.last >= value) found.push(row);
    }
    return found;
  }

  /** How many rows begin at or before the value. */
  #startedBy(value: bigint): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle]?.range.first ?? value + 1n) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
