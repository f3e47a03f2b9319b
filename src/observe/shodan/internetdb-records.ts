import { sha256Hex } from '../../lib/hash.ts';
import type { Observation } from '../../model/observation.ts';
import { readVulns } from './banner-facts.ts';
import type { InternetDbResult } from './internetdb-client.ts';

export const INTERNETDB_VANTAGE = 'internetdb';
const MAX_EVIDENCE = 64 * 1024;
const MAX_TEXT = 300;

type Data = Extract<InternetDbResult, { kind: 'data' }>;

/** One observation per port. What is said about the whole host stands at each, and the note says so. */
export function observationsOf(
  address: string,
  { answer, text, date }: Data,
  collectedAt: string,
): Observation[] {
  const observedAt = date !== undefined && date <= collectedAt ? date : collectedAt;
  const bytes = Buffer.from(text, 'utf8');
  const passive = {
    cpe: answer.cpes.map((cpe) => cpe.slice(0, MAX_TEXT)),
    vulns: readVulns(answer.vulns, undefined),
    tags: answer.tags.map((tag) => tag.slice(0, MAX_TEXT)),
    hostnames: answer.hostnames.map((name) => name.slice(0, MAX_TEXT)),
    module: 'internetdb',
  };
  return [...new Set(answer.ports)].map((port) => ({
    id: `internetdb/${address}/${port}/unknown/port-list/${observedAt.replace(/[-:.]/g, '')}`,
    source: 'internetdb' as const,
    vantage: INTERNETDB_VANTAGE,
    observedAt,
    collectedAt,
    address,
    port,
    transport: 'unknown' as const,
    status: 'open' as const,
    probe: 'port-list',
    protocol: 'unknown',
    facts: { passive },
    evidence: [
      {
        label: 'internetdb record',
        sent: '',
        received: bytes.subarray(0, MAX_EVIDENCE).toString('base64'),
        receivedBytes: bytes.length,
        sha256: sha256Hex(bytes),
        truncated: bytes.length > MAX_EVIDENCE,
      },
    ],
    note:
      date === undefined
        ? 'InternetDB gave no date; its CVE, CPE and tags are about the whole host, not this port'
        : 'the CVE, CPE and tags of InternetDB are about the whole host, not this port',
  }));
}
