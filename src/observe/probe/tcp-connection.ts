import { createHash, type Hash } from 'node:crypto';
import { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { errorText } from '../../lib/app-error.ts';
import type { Evidence } from '../../model/observation.ts';
import { Pace } from './pace.ts';
import { DialError, type Connection, type ReadResult, type TlsConnection } from './connection.ts';

/** Bytes that one connection may receive before it is cut, and bytes of each direction kept as evidence. */
export interface ByteCaps {
  readonly received: number;
  readonly evidence: number;
}

export const DEFAULT_BYTE_CAPS: ByteCaps = { received: 2 * 1024 * 1024, evidence: 64 * 1024 };

interface Place {
  readonly address: string;
  readonly port: number;
  readonly rttMs: number;
}

/** A connection over an open socket. The dialer makes them; `onClose` gives the slot back, exactly once. */
export class TcpConnection implements Connection {
  readonly address: string;
  readonly port: number;
  readonly rttMs: number;
  readonly #socket: Duplex;
  readonly #place: Place;
  readonly #caps: ByteCaps;
  readonly #onClose: () => void;
  readonly #transcript: Transcript;
  readonly #pending = new GrowingBuffer();
  readonly #pace = new Pace();
  #receivedTotal = 0;
  #ended = false;
  #handedOver = false;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(socket: Duplex, place: Place, caps: ByteCaps, onClose: () => void) {
    this.#socket = socket;
    this.#place = place;
    this.address = place.address;
    this.port = place.port;
    this.rttMs = place.rttMs;
    this.#caps = caps;
    this.#onClose = onClose;
    this.#transcript = new Transcript(caps.evidence);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
    // A reset after the end is no news; without a listener it would end the process.
    socket.on('error', this.#onEnd);
  }

  get isDripping(): boolean {
    return this.#pace.isDripping;
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || this.#socket.destroyed || !this.#socket.writable) return;
    this.#transcript.sent(bytes);
    this.#socket.write(bytes);
  }

  read(enough: (received: Uint8Array) => boolean | number, timeoutMs: number): Promise<ReadResult> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (ended: ReadResult['ended'], length: number): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve({ bytes: this.#pending.take(length), ended });
      };
      const look = (): void => {
        const verdict = enough(this.#pending.bytes);
        if (typeof verdict === 'number') settle('enough', Math.min(verdict, this.#pending.length));
        else if (verdict) settle('enough', this.#pending.length);
        else if (this.#receivedTotal >= this.#caps.received) settle('limit', this.#pending.length);
        else if (this.#ended) settle('closed', this.#pending.length);
      };
      timer = setTimeout(() => settle('timeout', this.#pending.length), timeoutMs);
      this.#wake = look;
      look();
    });
  }

  startTls(options: ConnectionOptions, timeoutMs: number): Promise<TlsConnection> {
    const raw = this.#handOver();
    return new Promise((resolve, reject) => {
      let tls: TLSSocket;
      try {
        tls = connectTls({ ...options, socket: raw });
      } catch (error) {
        this.close();
        reject(new DialError('protocol-error', `TLS could not start: ${errorText(error)}`, { cause: error }));
        return;
      }
      const fail = (status: 'no-answer' | 'protocol-error', message: string, cause?: unknown): void => {
        clearTimeout(timer);
        tls.off('close', onClose);
        tls.on('error', () => undefined);
        tls.destroy();
        this.close();
        reject(new DialError(status, message, { cause }));
      };
      const timer = setTimeout(() => fail('no-answer', `no TLS handshake within ${timeoutMs} ms`), timeoutMs);
      const onError = (error: Error): void => fail('protocol-error', `TLS: ${errorText(error)}`, error);
      tls.once('error', onError);
      const onClose = (): void => fail('protocol-error', 'TLS: the peer closed the connection');
      tls.once('close', onClose);
      tls.once('secureConnect', () => {
        clearTimeout(timer);
        tls.off('error', onError);
        tls.off('close', onClose);
        resolve(new TlsTcpConnection(tls, this.#place, this.#caps, () => this.close()));
      });
    });
  }

  stream(): Duplex {
    return new TappedStream(this.#handOver(), this.#transcript, this.#caps.received, () => this.close());
  }

  evidence(label: string): Evidence {
    return this.#transcript.take(label);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    this.#socket.destroy();
    this.#wake?.();
    this.#onClose();
  }

  /** Gives the socket to another reader; bytes that came but were not read go back into it. */
  #handOver(): Duplex {
    if (this.#handedOver) throw new Error('the stream of a connection can be taken once');
    this.#handedOver = true;
    this.#socket.off('data', this.#onData);
    this.#socket.pause();
    if (this.#pending.length > 0) this.#socket.unshift(Buffer.from(this.#pending.take(this.#pending.length)));
    return this.#socket;
  }

  readonly #onData = (chunk: Buffer): void => {
    const room = this.#caps.received - this.#receivedTotal;
    const kept = chunk.length > room ? chunk.subarray(0, Math.max(room, 0)) : chunk;
    this.#receivedTotal += chunk.length;
    this.#pace.note(chunk.length, performance.now());
    this.#transcript.received(kept);
    this.#pending.append(kept);
    if (this.#receivedTotal >= this.#caps.received) this.#socket.pause();
    this.#wake?.();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake?.();
  };
}

class TlsTcpConnection extends TcpConnection implements TlsConnection {
  readonly tls: TLSSocket;

  constructor(tls: TLSSocket, place: Place, caps: ByteCaps, onClose: () => void) {
    super(tls, place, caps, onClose);
    this.tls = tls;
  }
}

/** Bytes received and not yet read. Grows by doubling, so that a drip of small pieces costs no more than one large one. */
class GrowingBuffer {
  #memory = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** A view; valid until the next `append`. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(this.#start, this.#end);
  }

  append(piece: Uint8Array): void {
    if (this.#end + piece.length > this.#memory.length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, 2 * (this.length + piece.length)));
      larger.set(this.bytes);
      this.#end = this.length;
      this.#start = 0;
      this.#memory = larger;
    }
    this.#memory.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** The first bytes, as a copy of their own. */
  take(length: number): Uint8Array {
    const taken = Uint8Array.from(this.bytes.subarray(0, length));
    this.#start += taken.length;
    return taken;
  }
}

/** What went over a connection: the first bytes of each direction as is, and a hash over all that was received. */
class Transcript {
  readonly #limit: number;
  #sent: Buffer[] = [];
  #sentBytes = 0;
  #received: Buffer[] = [];
  #receivedKept = 0;
  #receivedBytes = 0;
  #hash: Hash = createHash('sha256');

  constructor(limit: number) {
    this.#limit = limit;
  }

  sent(bytes: Uint8Array): void {
    if (this.#sentBytes < this.#limit)
      this.#sent.push(Buffer.from(bytes.subarray(0, this.#limit - this.#sentBytes)));
    this.#sentBytes += bytes.length;
  }

  received(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#receivedBytes += bytes.length;
    const kept = Buffer.from(bytes.subarray(0, Math.max(0, this.#limit - this.#receivedKept)));
    this.#receivedKept += kept.length;
    if (kept.length > 0) this.#received.push(kept);
  }

  take(label: string): Evidence {
    const evidence = {
      label,
      sent: Buffer.concat(this.#sent).toString('base64'),
      received: Buffer.concat(this.#received).toString('base64'),
      receivedBytes: this.#receivedBytes,
      sha256: this.#hash.digest('hex'),
      truncated: this.#receivedBytes > this.#receivedKept || this.#sentBytes > this.#limit,
    };
    this.#sent = [];
    this.#sentBytes = 0;
    this.#received = [];
    this.#receivedKept = 0;
    this.#receivedBytes = 0;
    this.#hash = createHash('sha256');
    return evidence;
  }
}

/** The socket as a library sees it: every byte is recorded, and the cap ends the stream. */
class TappedStream extends Duplex {
  readonly #socket: Duplex;
  readonly #transcript: Transcript;
  readonly #cap: number;
  #receivedTotal = 0;

  constructor(socket: Duplex, transcript: Transcript, cap: number, onDestroy: () => void) {
    super();
    this.#socket = socket;
    this.#transcript = transcript;
    this.#cap = cap;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
    socket.on('error', (error: Error) => this.destroy(error));
    this.on('close', onDestroy);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#transcript.sent(chunk);
    if (this.#socket.destroyed) done(new Error('the connection has ended'));
    else this.#socket.write(chunk, (error) => done(error));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #onData(chunk: Buffer): void {
    this.#receivedTotal += chunk.length;
    this.#transcript.received(chunk);
    if (this.#receivedTotal > this.#cap) this.destroy(new Error(`more than ${this.#cap} bytes received`));
    else if (!this.push(chunk)) this.#socket.pause();
  }
}
