/** Stable short names under a key that stays with the organisation. */
import { createHmac } from 'node:crypto';

/** No vowels, so that no word comes out; nothing that is misheard as a digit. */
const ALPHABET = '23456789BCDFGHJKMNPQRSTVWXZ';
const SHORTEST = 4;
const LONGEST = 24;

export type PseudonymKind = 'HOST' | 'ORG' | 'BUNDLE';

export interface Pseudonymiser {
  /** One value: "ORG-K7F3". */
  readonly one: (kind: PseudonymKind, value: string) => string;
  /**
   * Value → label. Without the key no label can be made from a guessed value. A label is the beginning of a longer one that depends on
   * the value alone: where two values share their beginning, both are told apart by more letters, so neither the order of the values
   * nor an earlier bundle matters, and a longer label still begins with the shorter one.
   */
  readonly all: (kind: PseudonymKind, values: readonly string[]) => ReadonlyMap<string, string>;
}

/** @param key 32 random bytes, in hex */
export function pseudonymiser(key: string): Pseudonymiser {
  const whole = (kind: PseudonymKind, value: string): string => {
    const digest = createHmac('sha256', Buffer.from(key, 'hex')).update(`${kind}\n${value}`).digest();
    let rest = BigInt(`0x${digest.toString('hex')}`);
    let text = '';
    for (let at = 0; at < LONGEST; at += 1) {
      text += ALPHABET[Number(rest % BigInt(ALPHABET.length))] ?? '';
      rest /= BigInt(ALPHABET.length);
    }
    return text;
  };
  return {
    one: (kind, value) => `${kind}-${whole(kind, value).slice(0, SHORTEST)}`,
    all: (kind, values) => {
      const sorted = [...new Set(values)]
        .map((value) => ({ value, text: whole(kind, value) }))
        .toSorted((a, b) => (a.text < b.text ? -1 : 1));
      return new Map(
        sorted.map(({ value, text }, index) => {
          const shared = Math.max(
            commonLength(text, sorted[index - 1]?.text),
            commonLength(text, sorted[index + 1]?.text),
          );
          return [value, `${kind}-${text.slice(0, Math.max(SHORTEST, shared + 1))}`];
        }),
      );
    },
  };
}

function commonLength(a: string, b = ''): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
