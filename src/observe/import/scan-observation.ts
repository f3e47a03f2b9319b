import type { Evidence, Observation, ObservationStatus, Transport } from '../../model/observation.ts';
import type { Facts } from '../../model/facts.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { ImportContext } from './format.ts';

/** What a port scanner said of one port. */
export interface ScannedPort {
  readonly address: string;
  readonly port: number;
  readonly transport: Exclude<Transport, 'unknown'>;
  readonly status: Extract<ObservationStatus, 'open' | 'closed' | 'no-answer' | 'unreachable'>;
  readonly observedAt: string;
  readonly protocol: string;
  readonly facts: Facts;
  readonly evidence: readonly Evidence[];
  /** "scan", "banner". */
  readonly probe: string;
  readonly note?: string | undefined;
}

const MAX_EVIDENCE = 64 * 1024;

export const NO_DATE = 'the record carries no date of its own; it has that of the file';

/** The date in the id tells several looks at one place apart, and is the same whenever the file is read. */
export function scanObservation(
  source: 'nmap' | 'masscan',
  scanned: ScannedPort,
  context: Pick<ImportContext, 'vantage' | 'collectedAt'> & { readonly file?: string },
): Observation {
  const { address, port, transport, probe, observedAt, note, evidence, ...said } = scanned;
  return {
    id: `${source}/${address}/${port}/${transport}/${probe}/${observedAt.replace(/[-:.]/g, '')}`,
    source,
    vantage: context.vantage,
    ...(context.file === undefined ? {} : { file: context.file }),
    observedAt,
    collectedAt: context.collectedAt,
    address,
    port,
    transport,
    ...said,
    probe,
    evidence: [...evidence],
    ...(note === undefined ? {} : { note }),
  };
}

/** What stands in the file, as it stands there. */
export function recordEvidence(label: string, text: string): Evidence {
  const bytes = Buffer.from(text, 'utf8');
  return {
    label,
    sent: '',
    received: bytes.subarray(0, MAX_EVIDENCE).toString('base64'),
    receivedBytes: bytes.length,
    sha256: sha256Hex(bytes),
    truncated: bytes.length > MAX_EVIDENCE,
  };
}

/** Seconds since 1970 as ISO-8601 UTC. A date to come is no date. */
export function epochDate(seconds: string | undefined, collectedAt: string): string | undefined {
  if (seconds === undefined || !/^\d{9,11}$/.test(seconds)) return undefined;
  const ms = Number(seconds) * 1000;
  return ms > Date.parse(collectedAt) + DAY_MS ? undefined : new Date(ms).toISOString();
}

const STATUS: Readonly<Record<string, ScannedPort['status']>> = {
  open: 'open',
  closed: 'closed',
  filtered: 'no-answer',
};

/**
 * nmap's word for a port. undefined for every word that leaves open whether something answers there: "open|filtered" is what
 * silence over UDP is called, "unfiltered" what any answer to an ACK is.
 */
export function scanStatus(state: string, reason: string | undefined): ScannedPort['status'] | undefined {
  const status = Object.hasOwn(STATUS, state) ? STATUS[state] : undefined;
  // ICMP from a router, not silence.
  return status === 'no-answer' && /unreach|prohibited/.test(reason ?? '') ? 'unreachable' : status;
}

export function portNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}
