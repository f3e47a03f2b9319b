import type { HttpFacts, ProtocolFacts } from '../../model/facts.ts';

/**
 * What a parser says of the bytes received so far: `more` when they are the beginning of an answer, undefined when they
 * are none of this protocol and more bytes would not change that.
 */
export type Reading<T> = T | 'more' | undefined;

/** What a reading is worth when no more bytes will come: an answer that is not whole is none. */
export function settled<T>(reading: Reading<T>): T | undefined {
  return reading === 'more' ? undefined : reading;
}

/** One place and one protocol, as a question sees it. Connections, waiting, evidence and bounds are the engine's business. */
export interface TcpLine {
  readonly address: string;
  readonly port: number;
  /** Names of the organisation file that resolve to this address, first one first; often none. */
  readonly hostNames: readonly string[];
  /** The question is asked inside TLS. */
  readonly isTls: boolean;

  /**
   * Sends `request` (undefined: only listens) and reads until `parse` gives anything but `more`. `parse` sees all bytes
   * that came since the exchange began; bytes that it was given are not seen by the next exchange.
   *
   * @param mostMs wait no longer than this, in milliseconds.
   * @returns what `parse` gave; undefined also when nothing came in time or the peer ended before it was content.
   */
  exchange<T>(
    request: Uint8Array | undefined,
    parse: (received: Uint8Array) => Reading<T>,
    mostMs?: number,
  ): Promise<T | undefined>;

  /** The peer has ended the connection, or there is none to be had. */
  readonly isOver: boolean;

  /** Closes the connection; the next exchange begins on a new one. For servers that must be asked twice. */
  again(): void;

  /**
   * Goes on inside TLS on the same connection (STARTTLS). The certificate becomes a fact of the place by itself.
   *
   * @returns false when no handshake came about; nothing more can be exchanged then, until `again`.
   */
  startTls(): Promise<boolean>;
}

/** A protocol in which the client speaks first, or in which more can be learnt after the server's first words. */
export interface TcpQuestion {
  /** `ProtocolFacts.name` of the answers. */
  readonly protocol: string;
  /** Ports where this is asked before anything else. A port decides about the order and nothing else. */
  readonly ports: readonly number[];
  /** Ports where it is asked first inside TLS. */
  readonly tlsPorts?: readonly number[];
  /**
   * ask: on any port where nothing else was understood · never: only on `ports` (the request would be a nuisance to
   * strangers, its answer proves nothing elsewhere, or the protocol is too rare to be worth a connection to every silent
   * port; what it says of itself is understood on any port all the same).
   */
  readonly elsewhere: 'ask' | 'never';
  /**
   * For what stands beside a web server on the same port (a VPN gateway, a desktop gateway): asked there, on a connection
   * of its own, when this says that the web server's answers make it likely.
   */
  besideWeb?(web: HttpFacts): boolean;
  /** Asked in clear beside TLS on 443 and its like, and TLS beside it on `ports`: a server that shares its port with another. */
  readonly besideTls?: true;
  /**
   * What bytes say that a server sent of itself, or as an answer to anybody's question: an answer to the wrong question
   * is used, and so is a recorded one. Strict: undefined unless the bytes prove the protocol. Pure, bounded, never throws.
   */
  read(received: Uint8Array): ProtocolFacts | undefined;
  /** The whole conversation, on a fresh connection. Harmless: nothing is changed, no credential is sent, nobody is relayed to. */
  ask(line: TcpLine): Promise<ProtocolFacts | undefined>;
}

/** One UDP place and one protocol. */
export interface UdpLine {
  readonly address: string;
  readonly port: number;
  /**
   * Sends one datagram of at most `MAX_REQUEST` bytes, once more when nothing came, and gives what `parse` makes of the
   * first datagram that it accepts. Strangers' and late datagrams are passed over by returning undefined.
   *
   * @returns undefined when no acceptable answer came in time, which proves nothing.
   */
  exchange<T>(request: Uint8Array, parse: (received: Uint8Array) => T | undefined): Promise<T | undefined>;
}

/** Requests are small, so that nobody can use sekisho to flood a third party. */
export const MAX_REQUEST = 700;

export interface UdpQuestion {
  readonly protocol: string;
  readonly ports: readonly number[];
  /** Answers come from a port of their own (TFTP). */
  readonly answersFromAnyPort?: true;
  /** As for TCP: what a recorded datagram proves by itself. */
  read(received: Uint8Array): ProtocolFacts | undefined;
  ask(line: UdpLine): Promise<ProtocolFacts | undefined>;
}
