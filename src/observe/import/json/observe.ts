import { parseAddress, type Address } from '../../../lib/address.ts';
import type { Facts, PassiveFacts } from '../../../model/facts.ts';
import type { Observation, SourceName, Transport } from '../../../model/observation.ts';
import { protocolOfFacts } from '../escaped-banner.ts';
import type { ImportContext } from '../format.ts';
import type { JsonRecord } from '../json-format.ts';
import { NO_DATE, recordEvidence } from '../scan-observation.ts';
import { instantOf } from './instant.ts';

/** Something open that a record tells of. */
export interface Found {
  readonly source: SourceName;
  readonly address: Address;
  readonly port: number;
  readonly transport: Transport;
  /** What kind of record: "port", "http", "tls" … */
  readonly probe: string;
  /** Absent: told from the facts. */
  readonly protocol?: string | undefined;
  readonly facts: Facts;
  /** The record's own time in any form that `instantOf` reads. */
  readonly time: unknown;
  /** The record as it stands in the file, or what of it may be kept. */
  readonly evidence: string;
  readonly note?: string | undefined;
  /** Where the tool stood, when that is known. */
  readonly vantage?: string;
}

/** The observation with an id of its place, time and content: the same in every reading of the file. */
export function observationOf(found: Found, context: ImportContext): Observation {
  const { source, address, port, transport, probe, facts } = found;
  const own = instantOf(found.time, context.collectedAt);
  const observedAt = own ?? context.observedAt;
  const evidence = recordEvidence(`${source} record`, found.evidence);
  const stamp = observedAt.replace(/[-:.]/g, '');
  const note = [found.note, own === undefined ? NO_DATE : undefined]
    .filter((part) => part !== undefined)
    .join('; ');
  return {
    id: `${source}/${address.text}/${port}/${transport}/${probe}/${stamp}-${evidence.sha256.slice(0, 8)}`,
    source,
    vantage: found.vantage ?? context.vantage,
    file: context.file,
    observedAt,
    collectedAt: context.collectedAt,
    address: address.text,
    port,
    transport,
    status: 'open',
    probe,
    protocol: found.protocol ?? protocolOfFacts(facts) ?? (facts.tls === undefined ? 'unknown' : 'tls'),
    facts,
    evidence: [evidence],
    ...(note === '' ? {} : { note }),
  };
}

/** The text of a record without what its user sent, which may hold a password of his. */
export function withoutFields({ value, text }: JsonRecord, names: readonly string[]): string {
  if (!names.some((name) => name in value)) return text;
  return JSON.stringify(Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))));
}

/** Passive facts with nothing in the lists that are not named. */
export function passiveOf(known: Partial<PassiveFacts>): PassiveFacts {
  return { cpe: [], vulns: [], tags: [], hostnames: [], ...known };
}

/** The first of the texts that is an address. "[2001:db8::1]" is one, too. */
export function addressIn(...texts: readonly (string | undefined)[]): Address | undefined {
  for (const text of texts) {
    const address = text === undefined ? undefined : parseAddress(text.replace(/^\[|\]$/g, ''));
    if (address !== undefined) return address;
  }
  return undefined;
}

/** A host name, or nothing when the text is an address or no name. */
export function hostNames(...texts: readonly (string | undefined)[]): string[] {
  const names = texts.filter(
    (text): text is string => text !== undefined && /^(?=.*[a-z])[a-z0-9_.*-]{1,255}$/i.test(text),
  );
  return [...new Set(names.map((name) => name.toLowerCase()))].filter(
    (name) => parseAddress(name) === undefined,
  );
}
