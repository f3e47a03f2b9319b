/** Cuts a stream of bytes at line feeds. Holds at most one line; of one that is too long it holds nothing. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #give: (line: Uint8Array | undefined) => void;
  #parts: Uint8Array[] = [];
  /** Bytes after the last line feed. */
  pendingBytes = 0;

  /** @param give receives each line without its line feed; undefined for one of `maxBytes` or more. */
  constructor(maxBytes: number, give: (line: Uint8Array | undefined) => void) {
    this.#maxBytes = maxBytes;
    this.#give = give;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, start)) {
      this.#hold(chunk.subarray(start, at));
      this.#end();
      start = at + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  /** A last line without line feed. */
  end(): void {
    if (this.pendingBytes > 0) this.#end();
  }

  #end(): void {
    const tooLong = this.pendingBytes >= this.#maxBytes;
    this.#give(tooLong ? undefined : Buffer.concat(this.#parts));
    this.#parts = [];
    this.pendingBytes = 0;
  }

  #hold(part: Uint8Array): void {
    this.pendingBytes += part.length;
    if (this.pendingBytes >= this.#maxBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }
}
