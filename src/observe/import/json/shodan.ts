import { parseAddress } from '../../../lib/address.ts';
import { sha256Hex } from '../../../lib/hash.ts';
import type { StoredRecord } from '../../../model/import.ts';
import type { Observation } from '../../../model/observation.ts';
import { elementTexts } from '../../shodan/raw-json.ts';
import { observationId, placeAlone } from '../../shodan/record-place.ts';
import {
  readHost,
  readMatches,
  type RawRecord,
  type Readings,
  type RecordContext,
} from '../../shodan/records.ts';
import { HostAnswer, isPort } from '../../shodan/schema.ts';
import type { ImportContext, KeptRecord } from '../format.ts';
import type { JsonObject } from '../json-elements.ts';
import { jsonFormat, type JsonRecord, type Verdict } from '../json-format.ts';
import { fieldOf, isObject } from './fields.ts';

type Give = (observation: Observation) => void;

/** UTF-16 units; a line of the store holds three times as many bytes. */
const MAX_KEPT = 256 * 1024;

/**
 * Shodan's own records: one banner a line (`shodan download`), a host with its banners, a search answer, a list of any of
 * those. The records themselves are read as those that come from the service.
 */
export const shodan = jsonFormat({
  type: 'shodan',
  recognises: (value) => isBanner(value) || isHost(value) || isSearch(value),
  read: (record, context, give, keep) => {
    if (isHost(record.value)) return readHostObject(record, context, give);
    if (isSearch(record.value)) {
      return rawElements(record, 'matches').flatMap((raw) => readBanner(raw, context, give));
    }
    return isKept(record) ? keepBanner(record, context, keep) : readBanner(record, context, give);
  },
});

/** Keys stand in any order, and behind the first page of a web server may lie more than is looked at: a few must do. */
function isBanner(value: JsonObject): boolean {
  if (isObject(fieldOf(value, '_shodan'))) return true;
  const among = (names: readonly string[]): boolean => names.some((name) => name in value);
  if (
    typeof value['hash'] === 'number' &&
    among(['asn', 'isp', 'org', 'os', 'opts', 'location', 'domains', 'http', 'ssl'])
  )
    return true;
  const isPlaced = isPort(value['port']) && !among(['template-id', 'url']);
  return (
    isPlaced &&
    typeof value['timestamp'] === 'string' &&
    (typeof value['data'] === 'string' || 'ip_str' in value)
  );
}

/** `data` as a list is what a host has and a banner has not; the rest tells it from answers of other services. */
function isHost(value: JsonObject): boolean {
  const data = fieldOf(value, 'data');
  const [first] = Array.isArray(data) ? (data as unknown[]) : [];
  if (isObject(first) && isBanner(first)) return true;
  const isListed = Array.isArray(data) || Array.isArray(fieldOf(value, 'ports'));
  const names = ['ip_str', 'last_update', 'country_code', 'isp', 'asn'];
  return isListed && !('cpes' in value) && names.filter((name) => name in value).length >= 2;
}

function isSearch(value: JsonObject): boolean {
  return Array.isArray(fieldOf(value, 'matches'));
}

/** A picture of a screen holds personal data and must not stay. */
function isKept({ value, text }: JsonRecord): boolean {
  const isPictured = [value, fieldOf(value, 'opts')].some(
    (part) => fieldOf(part, 'screenshot') !== undefined,
  );
  return !isPictured && text.length <= MAX_KEPT;
}

/** Decides as `readBanner` does, and leaves the reading to the run that takes the record in. */
function keepBanner(
  { value, text }: JsonRecord,
  context: ImportContext,
  keep: (kept: KeptRecord) => void,
): Verdict {
  if (isElsewhere(value, context)) return 'out-of-scope';
  const placed = placeAlone(value, context.collectedAt);
  if (placed === undefined) return { fault: whyUnreadable(value) };
  const { address, port, transport, observedAt } = placed;
  if (!context.accepts(address)) return 'out-of-scope';
  const record = { source: 'shodan', address: address.text, port, transport, observedAt, text } as const;
  const sha256 = sha256Hex(text);
  keep({ record, sha256, id: idOf(observationId(record, 'banner', observedAt), sha256) });
  return 'record';
}

function readBanner(raw: RawRecord, context: ImportContext, give: Give): Verdict {
  if (isElsewhere(raw.value, context)) return 'out-of-scope';
  const { observations, outOfScope } = readMatches([raw], contextOf(context));
  for (const one of observations) give(imported(one, context));
  if (observations.length > 0) return 'record';
  return outOfScope > 0 ? 'out-of-scope' : { fault: whyUnreadable(raw.value) };
}

/** Most records of an export are about others: they are told by one field, before all the rest is read. */
function isElsewhere(value: unknown, { accepts }: ImportContext): boolean {
  const text = fieldOf(value, 'ip_str');
  const address = typeof text === 'string' ? parseAddress(text) : undefined;
  return address !== undefined && !accepts(address);
}

function readHostObject(record: JsonRecord, context: ImportContext, give: Give): readonly Verdict[] {
  const host = HostAnswer.parse(record.value);
  const records = rawElements(record, 'data');
  if (isElsewhere(record.value, context)) return elsewhere(host, records);
  const readings = readHost(host, records, contextOf(context), true);
  for (const one of readings.observations) give(imported(one, context));
  return verdictsOf(readings, records);
}

function elsewhere({ ports }: HostAnswer, records: readonly RawRecord[]): Verdict[] {
  const known = new Set(records.map(({ value }) => fieldOf(value, 'port')));
  const bare = [...new Set(ports)].filter((port) => !known.has(port));
  return Array.from({ length: Math.max(1, records.length + bare.length) }, (): Verdict => 'out-of-scope');
}

/** One for each banner, and for each port without one; a banner too many of its port was read, too. */
function verdictsOf(
  { observations, outOfScope, unreadable }: Readings,
  records: readonly RawRecord[],
): Verdict[] {
  const read = Math.max(observations.length, records.length - outOfScope - unreadable);
  const faults = records.map(({ value }) => whyUnreadable(value)).filter((why) => why !== UNKNOWN_FAULT);
  const verdicts: Verdict[] = [
    ...Array.from({ length: read }, (): Verdict => 'record'),
    ...Array.from({ length: outOfScope }, (): Verdict => 'out-of-scope'),
    ...Array.from({ length: unreadable }, (_, index): Verdict => ({ fault: faults[index] ?? UNKNOWN_FAULT })),
  ];
  return verdicts.length === 0 ? ['ignored'] : verdicts;
}

function rawElements({ value, text }: JsonRecord, key: string): RawRecord[] {
  const list = fieldOf(value, key);
  const texts = elementTexts(text, key);
  const values: readonly unknown[] = Array.isArray(list) ? list : [];
  return values.map((element, index) => ({ value: element, text: texts?.[index] }));
}

function contextOf({ collectedAt, accepts }: Pick<ImportContext, 'collectedAt' | 'accepts'>): RecordContext {
  return { vantage: 'shodan', collectedAt, accepts };
}

/**
 * The observation of a record that was kept.
 *
 * @param context of the file that it was kept from: the same as then.
 * @returns undefined when the record is damaged: it tells of another place or moment than it was kept for, or of none.
 */
export function readStoredRecord(
  { address, port, transport, observedAt, text }: StoredRecord,
  { collectedAt, file }: Pick<ImportContext, 'collectedAt' | 'file'>,
): Observation | undefined {
  const raw = { value: parsed(text), text };
  const [found] = readMatches([raw], contextOf({ collectedAt, accepts: () => true })).observations;
  if (found === undefined) return undefined;
  const isSame =
    found.address === address &&
    found.port === port &&
    found.transport === transport &&
    found.observedAt === observedAt;
  return isSame ? imported(found, { file }) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function imported(observation: Observation, { file }: Pick<ImportContext, 'file'>): Observation {
  return { ...observation, id: idOf(observation.id, observation.evidence[0]?.sha256), file };
}

/** Two records of one moment (two names of one server) are two: the id says which. */
function idOf(id: string, sha256: string | undefined): string {
  return sha256 === undefined ? id : `${id}-${sha256.slice(0, 8)}`;
}

const UNKNOWN_FAULT = 'this Shodan record lacks a usable address, port or date';

function whyUnreadable(value: unknown): string {
  if (!isObject(value)) return 'this is no Shodan record but a bare value';
  if (!isPort(value['port'])) return 'this Shodan record has no usable port';
  const names = ['ip_str', 'ipv6', 'ip'].filter((name) => name in value);
  if (names.length === 0) return 'this Shodan record has no address (ip_str, ipv6 or ip)';
  if (typeof value['timestamp'] !== 'string') return 'this Shodan record has no date (timestamp)';
  return UNKNOWN_FAULT;
}
