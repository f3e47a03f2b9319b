/**
 * Remembers which texts were seen, 16 bytes each: a million ids must fit beside everything else. Two hashes of 53 bits
 * and 32 bits stand for a text; that two texts of one file share both is not to be expected in the life of a disk.
 */
export class HashSet {
  size = 0;
  #slots = new Float64Array(1024);
  #checks = new Uint32Array(1024);

  /** @returns whether the text was new. */
  add(text: string): boolean {
    const { key, check } = hash(text);
    if (!this.#put(key, check)) return false;
    this.size += 1;
    if (this.size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  #put(key: number, check: number): boolean {
    const mask = this.#slots.length - 1;
    let at = check & mask;
    for (;;) {
      const slot = this.#slots[at];
      if (slot === 0) break;
      if (slot === key && this.#checks[at] === check) return false;
      at = (at + 1) & mask;
    }
    this.#slots[at] = key;
    this.#checks[at] = check;
    return true;
  }

  #grow(): void {
    const slots = this.#slots;
    const checks = this.#checks;
    this.#slots = new Float64Array(slots.length * 2);
    this.#checks = new Uint32Array(slots.length * 2);
    for (const [at, key] of slots.entries()) if (key !== 0) this.#put(key, checks[at] ?? 0);
  }
}

/** Three multiplicative hashes of 32 bits over the UTF-16 units; `key` is never 0. */
function hash(text: string): { readonly key: number; readonly check: number } {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  let c = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
    c = Math.imul(c ^ unit, 0x01000193);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ b;
  b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35) ^ a;
  c = Math.imul(c ^ (c >>> 15), 0x2c1b3c6d);
  return { key: 0x1_0000_0000 * (b & 0x1f_ffff) + (a >>> 0) + 1, check: (c ^ (c >>> 13)) >>> 0 };
}
