/** Most bytes that are looked at for the encoding that the XML declaration names. */
const HEAD_BYTES = 256;

/** Bytes of an XML file as text: as its declaration says, else as UTF-8. Wrong bytes become U+FFFD. */
export class XmlDecoder {
  #head: Uint8Array = new Uint8Array(0);
  #decoder: TextDecoder | undefined;

  /** Text that is whole so far; a character cut at the end of the chunk comes with the next. */
  push(chunk: Uint8Array): string {
    if (this.#decoder !== undefined) return this.#decoder.decode(chunk, { stream: true });
    this.#head = Buffer.concat([this.#head, chunk]);
    return this.#head.length < HEAD_BYTES ? '' : this.#begin();
  }

  end(): string {
    const begun = this.#decoder === undefined ? this.#begin() : '';
    return begun + (this.#decoder?.decode() ?? '');
  }

  #begin(): string {
    this.#decoder = new TextDecoder(encodingOf(this.#head.subarray(0, HEAD_BYTES)));
    const text = this.#decoder.decode(this.#head, { stream: true });
    this.#head = new Uint8Array(0);
    return text;
  }
}

function encodingOf(head: Uint8Array): string {
  const named = /<\?xml[^>]{0,100}\sencoding=["']([A-Za-z0-9_-]{1,20})["']/.exec(
    Buffer.from(head).toString('latin1'),
  )?.[1];
  return isSingleByte(named) ? 'windows-1252' : 'utf-8';
}

function isSingleByte(name: string | undefined): boolean {
  return name !== undefined && /^(?:iso-8859-1|latin-?1|us-ascii|windows-1252)$/i.test(name);
}
