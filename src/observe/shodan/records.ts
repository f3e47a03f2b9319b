import type { Evidence, Observation } from '../../model/observation.ts';
import { parseAddress, type Address } from '../../lib/address.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { MAX_BODY, readFacts } from './banner-facts.ts';
import { observationId, placeRecord, utcDate, type Defaults, type Place } from './record-place.ts';
import { hasScreenshot } from './remote-facts.ts';
import type { BannerRecord, HostAnswer } from './schema.ts';

/** What the reader of records must be told. */
export interface RecordContext {
  readonly vantage: string;
  /** When the answer came, ISO-8601 UTC. */
  readonly collectedAt: string;
  /** Is the address part of the organisation's scope? Everything else in an answer is counted and dropped. */
  readonly accepts: (address: Address) => boolean;
}

export interface Readings {
  readonly observations: readonly Observation[];
  /** Records about addresses outside the scope. */
  readonly outOfScope: number;
  /** Records without a usable address, port or date. */
  readonly unreadable: number;
}

/** A record and, when known, its very text. */
export interface RawRecord {
  readonly value: unknown;
  readonly text?: string | undefined;
}

const MAX_EVIDENCE = 64 * 1024;
/** There may be fifty old records per port, and what counts in them is that something stood there, and what. */
const MAX_OLD = 8 * 1024;
const MAX_PER_PORT = 50;

/** Banner records of a search answer. */
export function readMatches(matches: readonly RawRecord[], context: RecordContext): Readings {
  return collect(matches.map((match) => readRecord(match, context, {})));
}

/**
 * A host answer: the newest record of each port and transport; with `history` the older ones too, up to 50 per port, as
 * observations of kind `history`. Ports that the host lists without a record (accounts without some add-ons, or a
 * minified answer) become observations without facts.
 */
export function readHost(
  host: HostAnswer,
  records: readonly RawRecord[],
  context: RecordContext,
  history: boolean,
): Readings {
  const defaults = { address: host.ip_str, timestamp: host.last_update };
  const readings = records.map((record) => readRecord(record, context, defaults));
  const { observations, outOfScope, unreadable } = collect(readings);
  const kept = byPlace(observations).flatMap((same) => newestFirst(same, history));
  const bare = readBarePorts(host, new Set(observations.map(({ port }) => port)), context);
  return {
    observations: [...kept, ...bare.observations],
    outOfScope: outOfScope + bare.outOfScope,
    unreadable: unreadable + bare.unreadable,
  };
}

function byPlace(observations: readonly Observation[]): Observation[][] {
  const places = new Map<string, Observation[]>();
  for (const observation of observations) {
    const place = `${observation.address} ${observation.port} ${observation.transport}`;
    const same = places.get(place);
    if (same === undefined) places.set(place, [observation]);
    else same.push(observation);
  }
  return [...places.values()];
}

function newestFirst(same: readonly Observation[], history: boolean): Observation[] {
  const [newest, ...older] = same.toSorted((a, b) => b.observedAt.localeCompare(a.observedAt));
  if (newest === undefined) return [];
  return history ? [newest, ...older.slice(0, MAX_PER_PORT - 1).map((one) => asHistory(one))] : [newest];
}

type Reading = Observation | 'out-of-scope' | 'unreadable';

function collect(readings: readonly Reading[]): Readings {
  return {
    observations: readings.filter((reading) => typeof reading === 'object'),
    outOfScope: readings.filter((reading) => reading === 'out-of-scope').length,
    unreadable: readings.filter((reading) => reading === 'unreadable').length,
  };
}

function readRecord(raw: RawRecord, context: RecordContext, defaults: Defaults): Reading {
  const placed = placeRecord(raw.value, context.collectedAt, defaults);
  if (placed === undefined) return 'unreadable';
  const { record, address, observedAt } = placed;
  if (!context.accepts(address)) return 'out-of-scope';
  const { protocol, facts } = readFacts({ ...record, ip_str: address.text }, raw.value, MAX_BODY);
  const place = {
    address: address.text,
    port: record.port,
    transport: record.transport ?? 'unknown',
  } as const;
  return {
    ...common(place, 'banner', observedAt, context),
    protocol,
    facts,
    evidence: [evidenceOf(raw, record)],
  };
}

function common(
  place: Place,
  probe: string,
  observedAt: string,
  context: RecordContext,
): Omit<Observation, 'protocol' | 'facts' | 'evidence'> {
  return {
    id: observationId(place, probe, observedAt),
    source: 'shodan',
    vantage: context.vantage,
    observedAt,
    collectedAt: context.collectedAt,
    ...place,
    status: 'open',
    probe,
  };
}

/** The record as it came. A picture of a screen holds personal data and proves nothing more: only that there is one stays. */
function evidenceOf(raw: RawRecord, record: BannerRecord): Evidence {
  const pictured = hasScreenshot(record);
  const text = pictured || raw.text === undefined ? written(raw.value) : raw.text;
  const bytes = Buffer.from(text, 'utf8');
  return {
    label: pictured ? 'shodan record without screenshot' : 'shodan record',
    sent: '',
    received: bytes.subarray(0, MAX_EVIDENCE).toString('base64'),
    receivedBytes: bytes.length,
    sha256: sha256Hex(bytes),
    truncated: bytes.length > MAX_EVIDENCE,
  };
}

/** Empty when the value is nested too deep to be written. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value, withoutPicture);
  } catch {
    return '';
  }
}

function withoutPicture(key: string, value: unknown): unknown {
  return key === 'screenshot' ? '(removed)' : value;
}

function asHistory(observation: Observation): Observation {
  const { http } = observation.facts;
  return {
    ...observation,
    id: observationId(observation, 'history', observation.observedAt),
    probe: 'history',
    facts: {
      ...observation.facts,
      ...(http === undefined ? {} : { http: shorten(http) }),
    },
    evidence: observation.evidence.map((one) => cutEvidence(one)),
  };
}

function shorten(http: NonNullable<Observation['facts']['http']>): typeof http {
  const answers = http.answers.map((answer) =>
    answer.body.length <= MAX_OLD
      ? answer
      : { ...answer, body: answer.body.slice(0, MAX_OLD), truncated: true },
  );
  return { ...http, answers };
}

function cutEvidence(evidence: Evidence): Evidence {
  if (evidence.receivedBytes <= MAX_OLD) return evidence;
  const bytes = Buffer.from(evidence.received, 'base64').subarray(0, MAX_OLD);
  return { ...evidence, received: bytes.toString('base64'), truncated: true };
}

function readBarePorts(host: HostAnswer, known: ReadonlySet<number>, context: RecordContext): Readings {
  const address = parseAddress(host.ip_str ?? '');
  const observedAt = utcDate(host.last_update, context.collectedAt);
  const ports = [...new Set(host.ports)].filter((port) => !known.has(port));
  if (address === undefined || observedAt === undefined) {
    return { observations: [], outOfScope: 0, unreadable: ports.length };
  }
  if (!context.accepts(address)) return { observations: [], outOfScope: ports.length, unreadable: 0 };
  const observations = ports.map((port): Observation => {
    const place = { address: address.text, port, transport: 'unknown' } as const;
    return {
      ...common(place, 'port-list', observedAt, context),
      protocol: 'unknown',
      facts: {},
      evidence: [],
      note: 'Shodan lists this port without a record of its own; the date is that of the newest record of the host',
    };
  });
  return { observations, outOfScope: 0, unreadable: 0 };
}
