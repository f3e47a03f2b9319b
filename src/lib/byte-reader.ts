/**
 * Reads numbers and slices from bytes that a stranger sent. Nothing throws: a read past the end returns 0 or an empty
 * slice and sets `short`, so a parser reads on and asks once, at the end, whether it may believe what it read.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  offset = 0;
  short = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.offset;
  }

  u8(): number {
    return this.#number(1, (at) => this.#view.getUint8(at));
  }
  u16(): number {
    return this.#number(2, (at) => this.#view.getUint16(at));
  }
  u16le(): number {
    return this.#number(2, (at) => this.#view.getUint16(at, true));
  }
  u24(): number {
    return this.#number(3, (at) => (this.#view.getUint8(at) << 16) | this.#view.getUint16(at + 1));
  }
  u32(): number {
    return this.#number(4, (at) => this.#view.getUint32(at));
  }
  u32le(): number {
    return this.#number(4, (at) => this.#view.getUint32(at, true));
  }
  u64le(): bigint {
    const low = this.u32le();
    const high = this.u32le();
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** Exactly `length` bytes, or what is left with `short` set. The slice shares memory. */
  take(length: number): Uint8Array {
    const wanted = Number.isInteger(length) && length >= 0 ? length : 0;
    if (wanted !== length || wanted > this.left) this.short = true;
    const slice = this.bytes.subarray(this.offset, this.offset + wanted);
    this.offset += slice.length;
    return slice;
  }

  skip(length: number): void {
    this.take(length);
  }

  /** Bytes as Latin-1 text: every byte keeps its value, nothing fails. */
  latin1(length: number): string {
    return Buffer.from(this.take(length)).toString('latin1');
  }

  #number(size: number, read: (at: number) => number): number {
    if (this.left < size) {
      this.short = true;
      this.offset = this.bytes.length;
      return 0;
    }
    const value = read(this.offset);
    this.offset += size;
    return value;
  }
}
