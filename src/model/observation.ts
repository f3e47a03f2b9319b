import { z } from 'zod';
import { Facts } from './facts.ts';

/**
 * Who looked. `probe` is this tool's own look of this run; everything else is somebody else's, at its own time: what a service
 * on the Internet recorded, or what another tool saw, be it started by us (`nmap`) or read from its file. `file` observes
 * nothing: an imported file that is the organisation's own list of devices, or that could not be read.
 */
export const OTHER_SOURCES = [
  'shodan',
  'internetdb',
  'censys',
  'nmap',
  'masscan',
  'naabu',
  'httpx',
  'nuclei',
  'zgrab2',
  'tlsx',
] as const;
export const SourceName = z.enum(['probe', ...OTHER_SOURCES, 'file']);
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
  /** Where the looker stood: a name the user gave, the service itself (`shodan`), or "unknown" for a file that does not say. */
  vantage: z.string(),
  /** Name, without folder, of the imported file that this came from. Hostile text. Absent: not imported. */
  file: z.string().optional(),
  /** The fact's own time, ISO-8601 UTC: for a passive source the time of its crawl. */
  observedAt: z.string(),
  /** Nobody dated the look: `observedAt` is the date of the file that it stands in, and the look was then or earlier. */
  undated: z.literal(true).optional(),
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
