import type { Logger } from 'pino';
import type { Facts } from '../../model/facts.ts';
import type { IndicatorPath } from '../../model/web.ts';
import type { Evidence, ObservationStatus } from '../../model/observation.ts';
import type { Connection } from './connection.ts';

/** A path to ask web servers for, from the product files. */
export interface WebRequest {
  readonly path: string;
  readonly when: 'always' | 'hinted';
  readonly productId: string;
}

/** What a conversation may use. `dial` reaches one address and port only; the dialer behind it holds guard, rate and caps. */
export interface ProbeContext {
  readonly address: string;
  readonly port: number;
  /** Names of the organisation file that resolve to this address: used for SNI and Host, first one first. */
  readonly hostNames: readonly string[];
  /** Opens one more connection to the same address and port. @throws DialError */
  dial(): Promise<Connection>;
  /**
   * Follows a redirect: undefined when the guard allows `host` and every address of it (then `dialTo` may be used),
   * else the reason as a sentence.
   */
  refusal(host: string): Promise<string | undefined>;
  /** Connection to another host and port in scope; checked again at the socket. @throws DialError refused-by-scope */
  dialTo(host: string, port: number): Promise<Connection>;
  /** Longest wait for an answer to something that was asked, in milliseconds. */
  readonly answerTimeoutMs: number;
  /** How long to wait for a server that speaks first, in milliseconds. */
  readonly greetingTimeoutMs: number;
  readonly sshAuthMethods: boolean;
  /** Compute the JARM fingerprint of TLS servers. */
  readonly jarm: boolean;
  readonly webRequests: readonly WebRequest[];
  /** Paths that public reports name as left behind by intruders; empty: not asked (opt-in `web-shell-paths`). */
  readonly webShellPaths: readonly IndicatorPath[];
  /** Asks the knowledge of which products any fact already matches: for `hinted` requests. */
  hinted(facts: Facts): ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What one conversation learnt. */
export interface ProbeResult {
  /** "ssh", "rdp", "http" … */
  readonly protocol: string;
  readonly status: ObservationStatus;
  readonly facts: Facts;
  readonly evidence: readonly Evidence[];
  readonly note?: string;
}
