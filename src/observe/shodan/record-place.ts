/** Which place a banner record is about, and when it was seen there. */
import { addressFromValue, parseAddress, type Address } from '../../lib/address.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { Transport } from '../../model/observation.ts';
import { BannerRecord, isPort } from './schema.ts';

/** What stands in for a field that a record lacks: that of the host that it belongs to. */
export interface Defaults {
  readonly address?: string | undefined;
  readonly timestamp?: string | undefined;
}

/** What a record is about, when that can be told. */
export interface Placed {
  readonly record: BannerRecord;
  readonly address: Address;
  /** ISO-8601 UTC, the record's own. */
  readonly observedAt: string;
}

/** undefined for what is no banner record, or one without a usable address, port or date. */
export function placeRecord(
  value: unknown,
  collectedAt: string,
  defaults: Defaults = {},
): Placed | undefined {
  const record = BannerRecord.safeParse(value).data;
  if (record === undefined) return undefined;
  const address = addressOf(record, defaults.address);
  const observedAt = utcDate(record.timestamp ?? defaults.timestamp, collectedAt);
  return address === undefined || observedAt === undefined ? undefined : { record, address, observedAt };
}

export interface PlaceAlone {
  readonly address: Address;
  readonly port: number;
  readonly transport: Transport;
  /** ISO-8601 UTC, the record's own. */
  readonly observedAt: string;
}

/** Says of every JSON object what `placeRecord` says of it, at a small part of its cost: an export holds millions of records. */
export function placeAlone(
  value: Readonly<Record<string, unknown>>,
  collectedAt: string,
): PlaceAlone | undefined {
  const { port, transport } = value;
  if (!isPort(port)) return undefined;
  const address = addressOf(
    { ip_str: textOf(value['ip_str']), ipv6: textOf(value['ipv6']), ip: textOrNumberOf(value['ip']) },
    undefined,
  );
  const observedAt = utcDate(textOf(value['timestamp']), collectedAt);
  if (address === undefined || observedAt === undefined) return undefined;
  const known = transport === 'tcp' || transport === 'udp' ? transport : 'unknown';
  return { address, port, transport: known, observedAt };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textOrNumberOf(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

export interface Place {
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
}

/** The date makes the id the same in a resumed run. */
export function observationId(
  { address, port, transport }: Place,
  probe: string,
  observedAt: string,
): string {
  return `shodan/${address}/${port}/${transport}/${probe}/${observedAt.replace(/[-:.]/g, '')}`;
}

/** IPv6 records may carry `ipv6` only; `ip` is the number of an IPv4 address, or in some records the text of an IPv6 one. */
function addressOf(
  record: Pick<BannerRecord, 'ip_str' | 'ipv6' | 'ip'>,
  fallback: string | undefined,
): Address | undefined {
  for (const text of [record.ip_str, record.ipv6, typeof record.ip === 'string' ? record.ip : undefined]) {
    const address = text === undefined ? undefined : parseAddress(text);
    if (address !== undefined) return address;
  }
  const { ip } = record;
  if (typeof ip === 'number' && Number.isInteger(ip) && ip >= 0 && ip <= 0xffff_ffff) {
    return addressFromValue(4, BigInt(ip));
  }
  return fallback === undefined ? undefined : parseAddress(fallback);
}

/** Shodan writes UTC without a zone; without the "Z", `Date` would read it as local time. A date to come is no date. */
export function utcDate(text: string | undefined, collectedAt: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(?:Z|\+00:00)?$/.exec(text ?? '');
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}${(match[2] ?? '').slice(0, 4)}Z`);
  if (Number.isNaN(ms) || ms > Date.parse(collectedAt) + DAY_MS) return undefined;
  return new Date(ms).toISOString();
}
