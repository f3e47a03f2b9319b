/** Hostile inputs made of real answers, reproducible from a seed. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface Capture {
  /** As the evidence of a run names it: "smb", "tls hello TLS 1.0", "vnc handshake". */
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** Real answers of the laboratory's servers (`test/tools/collect-captures.ts`). */
export function readCaptures(): Capture[] {
  const path = resolve(import.meta.dirname, '../fixtures/captures.json');
  const list = JSON.parse(readFileSync(path, 'utf8')) as { label: string; received: string }[];
  return list.map(({ label, received }) => ({ label, bytes: Buffer.from(received, 'base64') }));
}

export interface Random {
  /** 0 … below - 1 */
  below(limit: number): number;
}

/** Mulberry32 (public domain): small, and the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
    },
  };
}

/** Values that lengths and counts are broken with. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff];
const MOST_BYTES = 4096;

/** One input: random bytes, or one of `seeds` cut, changed, repeated, or joined with another. */
export function nextCase(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  if (seeds.length === 0 || random.below(8) === 0) return randomBytes(random, random.below(64));
  let bytes: Uint8Array = Uint8Array.from(seeds[random.below(seeds.length)] ?? []).subarray(0, MOST_BYTES);
  for (let times = 1 + random.below(4); times > 0; times -= 1) bytes = mutate(random, bytes, seeds);
  return bytes.subarray(0, MOST_BYTES);
}

function mutate(random: Random, bytes: Uint8Array, seeds: readonly Uint8Array[]): Uint8Array {
  const at = random.below(bytes.length + 1);
  switch (random.below(7)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return replaced(bytes, at, random.below(256));
    case 2:
      return replaced(bytes, at, EDGES[random.below(EDGES.length)] ?? 0);
    case 3:
      return replaced(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
    case 4:
      return joined(bytes.subarray(0, at), randomBytes(random, random.below(16)), bytes.subarray(at));
    case 5:
      return joined(bytes, bytes.subarray(at));
    default: {
      const other = seeds[random.below(seeds.length)] ?? bytes;
      return joined(bytes.subarray(0, at), other.subarray(random.below(other.length + 1)));
    }
  }
}

function replaced(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) copy[at] = value;
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

/** The captures of a parser's own protocol, and a few of others. */
export function seedsFor(words: readonly string[], captures: readonly Capture[]): Uint8Array[] {
  const own = captures.filter(({ label }) => label.split(/[ /]/).some((word) => words.includes(word)));
  const others = captures.filter((_, index) => index % 17 === 0);
  return [...own, ...others].map(({ bytes }) => bytes);
}
