/** Finds which of many texts occur in another, in one pass over it, whatever it holds (Aho and Corasick, 1975). */
export interface Scanner {
  /** Sets `seen[n]` for every text number n that occurs in `text`, whatever its case. */
  scan(text: string, seen: Uint8Array): void;
}

interface Node {
  readonly next: Map<number, number>;
  /** Numbers of the texts that end here. */
  readonly ends: number[];
}

/** Character 0 of the alphabet is every character that no text uses. */
const OTHER = 0;

/** @param texts in lower case, none empty. */
export function createScanner(texts: readonly string[]): Scanner {
  const alphabet = alphabetOf(texts);
  const nodes = trieOf(texts, alphabet.classOf);
  const { next, ends } = automatonOf(nodes, alphabet.size);
  const isEnd = Uint8Array.from(ends, (numbers) => (numbers.length > 0 ? 1 : 0));
  return {
    scan(text, seen) {
      let state = 0;
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        const of = code < 128 ? (alphabet.ascii[code] ?? OTHER) : (alphabet.wide.get(code) ?? OTHER);
        state = next[state * alphabet.size + of] ?? 0;
        if (isEnd[state] === 1) for (const number of ends[state] ?? []) seen[number] = 1;
      }
    },
  };
}

interface Alphabet {
  readonly size: number;
  readonly ascii: Uint16Array;
  /** Code units from 128 on. */
  readonly wide: ReadonlyMap<number, number>;
  readonly classOf: (code: number) => number;
}

function alphabetOf(texts: readonly string[]): Alphabet {
  const ascii = new Uint16Array(128);
  const wide = new Map<number, number>();
  let size = 1;
  const classOf = (code: number): number => (code < 128 ? ascii[code] : wide.get(code)) ?? OTHER;
  for (const codes of codeUnitsOf(new Set(texts.flatMap((text) => [...text])))) {
    if (codes.some((code) => classOf(code) !== OTHER)) continue;
    for (const code of codes) {
      if (code < 128) ascii[code] = size;
      else wide.set(code, size);
    }
    size += 1;
  }
  return { size, ascii, wide, classOf };
}

/** The code units of each character, with those of its upper case where that is as long. */
function* codeUnitsOf(characters: ReadonlySet<string>): Generator<number[]> {
  for (const character of characters) {
    const forms = [character, character.toUpperCase()].filter((form) => form.length === character.length);
    for (let unit = 0; unit < character.length; unit += 1) yield forms.map((form) => form.charCodeAt(unit));
  }
}

function trieOf(texts: readonly string[], classOf: (code: number) => number): Node[] {
  const nodes: Node[] = [{ next: new Map(), ends: [] }];
  for (const [number, text] of texts.entries()) {
    let at = 0;
    for (let index = 0; index < text.length; index += 1) {
      const of = classOf(text.charCodeAt(index));
      let child = nodes[at]?.next.get(of);
      if (child === undefined) {
        child = nodes.length;
        nodes.push({ next: new Map(), ends: [] });
        nodes[at]?.next.set(of, child);
      }
      at = child;
    }
    nodes[at]?.ends.push(number);
  }
  return nodes;
}

/** Every state knows where to go for every character: what is not in the trie goes where the longest suffix would. */
function automatonOf(
  nodes: readonly Node[],
  size: number,
): { next: Uint16Array | Uint32Array; ends: readonly (readonly number[])[] } {
  // Half the memory, and a table that stays in the cache, as long as the states can be counted with 16 bits.
  const next = new (nodes.length <= 0x10000 ? Uint16Array : Uint32Array)(nodes.length * size);
  const fallback = new Int32Array(nodes.length);
  const ends = nodes.map(({ ends: own }) => own);
  const queue = [0];
  for (const state of queue) {
    const row = state * size;
    const back = (fallback[state] ?? 0) * size;
    if (state !== 0) next.copyWithin(row, back, back + size);
    for (const [of, child] of nodes[state]?.next ?? []) {
      const beyond = next[row + of] ?? 0;
      next[row + of] = child;
      fallback[child] = beyond;
      ends[child] = [...(ends[child] ?? []), ...(ends[beyond] ?? [])];
      queue.push(child);
    }
  }
  return { next, ends };
}
