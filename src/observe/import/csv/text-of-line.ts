import type { ImportContext } from '../format.ts';

/** What a line of bytes says; `whole` is false when some of its bytes are no character of the file's encoding. */
export interface LineText {
  readonly text: string;
  readonly whole: boolean;
}

type Encoding = 'utf-8' | 'shift_jis';

const OTHER: Readonly<Record<Encoding, Encoding>> = { 'utf-8': 'shift_jis', shift_jis: 'utf-8' };

/**
 * Decodes the lines of a text file of Windows or Unix. Bytes of a line feed and of a double quote occur in no character of
 * either encoding but themselves, so lines can be cut before they are decoded. "shift_jis" is that of the Encoding
 * Standard: code page 932, as Excel writes it.
 */
export class LineDecoder {
  readonly #strict: Readonly<Record<Encoding, TextDecoder>>;
  readonly #lenient: TextDecoder;
  readonly #first: Encoding;
  readonly #mayChange: boolean;

  /** @param head the beginning of the file: by it alone `auto` decides, and a later line that does not fit is tried as the other. */
  constructor(encoding: ImportContext['encoding'], head: Uint8Array) {
    this.#first = encoding === 'auto' ? encodingOf(head) : encoding;
    this.#mayChange = encoding === 'auto';
    const strict = (name: Encoding): TextDecoder => new TextDecoder(name, { fatal: true });
    this.#strict = { 'utf-8': strict('utf-8'), shift_jis: strict('shift_jis') };
    this.#lenient = new TextDecoder(this.#first);
  }

  decode(bytes: Uint8Array): LineText {
    const text =
      this.#try(this.#first, bytes) ?? (this.#mayChange ? this.#try(OTHER[this.#first], bytes) : undefined);
    if (text !== undefined) return { text, whole: true };
    return { text: this.#lenient.decode(bytes), whole: false };
  }

  #try(encoding: Encoding, bytes: Uint8Array): string | undefined {
    try {
      return this.#strict[encoding].decode(bytes);
    } catch {
      return undefined;
    }
  }
}

/** UTF-8 that is no UTF-8 is taken for Shift_JIS. The head may end within a character. */
export function encodingOf(head: Uint8Array): Encoding {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    return 'shift_jis';
  }
}
