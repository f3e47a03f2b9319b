import type { Duplex } from 'node:stream';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { Evidence, ObservationStatus } from '../../model/observation.ts';

/** Why a connection could not be had or ended early; `status` goes into the observation. */
export class DialError extends Error {
  readonly status: ObservationStatus;

  constructor(status: ObservationStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DialError';
    this.status = status;
  }
}

export interface ReadResult {
  /** Everything received since the last `read`, at most the byte cap. */
  readonly bytes: Uint8Array;
  /** enough: the predicate said so · timeout · closed: the peer ended · limit: the byte cap of the connection is reached. */
  readonly ended: 'enough' | 'timeout' | 'closed' | 'limit';
}

/**
 * One TCP connection that the dialer opened: past the guard, counted, bounded in bytes and seconds. A probe receives
 * connections, it never makes one. Must be closed by whoever asked for it.
 */
export interface Connection {
  readonly address: string;
  readonly port: number;
  /** Round-trip of the TCP handshake in milliseconds. */
  readonly rttMs: number;
  /** Bytes come one or two at a time, over seconds: a tarpit. */
  readonly isDripping: boolean;

  /** Sends bytes; never waits. Writing to a connection that has ended does nothing. */
  write(bytes: Uint8Array): void;

  /**
   * Waits until `enough(received so far)` is true, the peer ends, the cap is reached or time is over. Never throws;
   * what came before the end is returned. Bytes not consumed stay for the next read only if `enough` returned a number:
   * then exactly that many bytes are returned and the rest is kept.
   */
  read(enough: (received: Uint8Array) => boolean | number, timeoutMs: number): Promise<ReadResult>;

  /**
   * TLS over this connection by Node's stack, certificates not verified (they are looked at, not trusted). The returned
   * connection speaks plain text inside; closing it closes this one.
   *
   * @throws DialError with status protocol-error or no-answer.
   */
  startTls(options: ConnectionOptions, timeoutMs: number): Promise<TlsConnection>;

  /** The byte stream for a library (undici). Byte caps and the transcript stay in force. Use either this or read/write. */
  stream(): Duplex;

  /** What was sent and received on this layer since the connection began or since the last call. */
  evidence(label: string): Evidence;

  close(): void;
}

export interface TlsConnection extends Connection {
  readonly tls: TLSSocket;
}
