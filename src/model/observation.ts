import { z } from 'zod';
import { Facts } from './facts.ts';

export const SourceName = z.enum(['probe', 'shodan', 'internetdb']);
export type SourceName = z.infer<typeof SourceName>;

export const Transport = z.enum(['tcp', 'udp', 'unknown']);
export type Transport = z.infer<typeof Transport>;

/**
 * How one look ended. Failure is data: none of these may be read as "nothing there" except `closed`.
 *
 * - open: something accepted the connection or answered
 * - closed: the address refused (RST or ICMP port unreachable)
 * - no-answer: nothing came back in time — filtered, absent or lost
 * - unreachable: a router said so
 * - refused-by-scope: the guard stopped the packet before it was sent
 * - rate-limited: the source asked us to slow down and we gave up
 * - protocol-error: an answer came that breaks the protocol
 * - aborted: the run ended before this look did
 */
export const ObservationStatus = z.enum([
  'open',
  'closed',
  'no-answer',
  'unreachable',
  'refused-by-scope',
  'rate-limited',
  'protocol-error',
  'aborted',
]);
export type ObservationStatus = z.infer<typeof ObservationStatus>;

/** What was sent and what came back, as is. Bounded; `sha256` is over the whole of what was read, before cutting. */
export const Evidence = z.object({
  /** "http GET /", "rdp negotiation", "shodan record" … */
  label: z.string(),
  sent: z.string().describe('base64'),
  received: z.string().describe('base64'),
  receivedBytes: z.number(),
  sha256: z.string(),
  truncated: z.boolean(),
});
export type Evidence = z.infer<typeof Evidence>;

/** One look at one place, by one source. */
export const Observation = z.object({
  /** Unique in the run: "<source>/<address>/<port>/<transport>/<probe>/<n>". */
  id: z.string(),
  source: SourceName,
  vantage: z.string(),
  /** The fact's own time, ISO-8601 UTC: for a passive source the time of its crawl. */
  observedAt: z.string(),
  /** When we learnt of it. */
  collectedAt: z.string(),
  /** Canonical text form (RFC 5952 for IPv6); IPv4-mapped addresses are unmapped. */
  address: z.string(),
  port: z.number().int().min(0).max(65535),
  transport: Transport,
  status: ObservationStatus,
  /** Probe or record kind: "ssh", "http", "rdp", "banner" … */
  probe: z.string(),
  /** Protocol that answered: "ssh", "http", "https", "rdp" … "unknown" when the bytes say nothing. */
  protocol: z.string(),
  facts: Facts,
  evidence: z.array(Evidence),
  /** One sentence for the log and the appendix when something went wrong. */
  note: z.string().optional(),
});
export type Observation = z.infer<typeof Observation>;

/** Ports of one address sorted by how the look at them ended. Dark places are not listed: silence is the default. */
export const SweepResult = z.object({
  address: z.string(),
  open: z.array(z.number()).readonly(),
  closed: z.array(z.number()).readonly(),
  noAnswer: z.array(z.number()).readonly(),
  unreachable: z.array(z.number()).readonly(),
});
export type SweepResult = Readonly<z.infer<typeof SweepResult>>;
