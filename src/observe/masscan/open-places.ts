import { LineSplitter } from '../../lib/line-splitter.ts';

/**
 * "Discovered open port 8080/tcp on 10.93.0.12": what masscan says to people. Every other form of its output lies in a buffer until
 * it ends by itself, and on a quiet network it does not.
 */
const LINE = /^Discovered open port (\d{1,5})\/tcp on ([0-9.]{7,15})\s*$/;
const MAX_LINE = 4096;

/** Collects what masscan found open among the places that it was asked about. */
export class OpenPlaces {
  readonly #targets: ReadonlySet<string>;
  readonly #ports: ReadonlySet<number>;
  readonly #open = new Map<string, Set<number>>();
  readonly #lines = new LineSplitter(MAX_LINE, (line) => {
    if (line !== undefined) this.#read(Buffer.from(line).toString('utf8'));
  });

  constructor(targets: readonly string[], ports: readonly number[]) {
    this.#targets = new Set(targets);
    this.#ports = new Set(ports);
  }

  /** Addresses with an open place. */
  get size(): number {
    return this.#open.size;
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  add(address: string, port: number): void {
    if (!this.#targets.has(address) || !this.#ports.has(port)) return;
    const ports = this.#open.get(address) ?? new Set();
    this.#open.set(address, ports.add(port));
  }

  entries(): Iterable<readonly [string, ReadonlySet<number>]> {
    return this.#open.entries();
  }

  /** Asked about and not found open. */
  readonly isDark = (address: string, port: number): boolean =>
    this.#targets.has(address) && this.#ports.has(port) && this.#open.get(address)?.has(port) !== true;

  #read(text: string): void {
    const [, port, address] = LINE.exec(text) ?? [];
    if (address !== undefined) this.add(address, Number(port));
  }
}
