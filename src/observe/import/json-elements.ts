/** A JSON object, or an array of those, as it stands in the file. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface ElementOutput {
  /** @param envelope the object around a list whose elements were given one by one; the list in it is empty. */
  object(value: JsonObject, text: string, line: number, envelope: boolean): void;
  /** Text that is no JSON object. @param text at most `MAX_JUNK` characters. */
  junk(text: string, line: number): void;
  /** An object that does not parse, or is too long. @param text of one that ended and was not too long. */
  broken(line: number, why: string, text?: string): void;
}

/** Longer than any record that a tool writes; a host with fifty pages of 150 kB each is a quarter of it. */
const MAX_ELEMENT = 32 * 1024 * 1024;
const MAX_JUNK = 300;
/** Lists in lists; deeper ones are elements themselves. */
const MAX_LEVEL = 4;

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

type State = 'between' | 'list?' | 'element' | 'junk';

/** What is being collected: bytes of earlier chunks; in this chunk it goes on from `#from`. */
interface Collected {
  readonly parts: Uint8Array[];
  size: number;
  readonly line: number;
}

/**
 * Cuts a stream of bytes into JSON objects: one a line, one after the other over several lines, elements of arrays, or of
 * a list named `matches` in an object. Commas too many or too few do not matter. Constant memory. Where an object does not
 * end, the next line that begins like it (same indentation, "{") begins the next one. How the bytes are divided into
 * chunks makes no difference.
 */
export class JsonElements {
  readonly #output: ElementOutput;
  #state: State = 'between';
  /** Open lists around the elements. */
  #level = 0;
  #line = 1;
  /** Blanks at the beginning of this line; -1 behind the first element or text. */
  #indent = 0;
  /** Line on which no object ends at the end of the line. */
  #crowded = 0;
  #collected: Collected = { parts: [], size: 0, line: 1 };
  #from = 0;
  /** Of the element: open brackets, inside a text, behind a backslash. */
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** Indentation of its first line; -1 when that tells nothing. */
  #column = -1;
  /** The object around the elements of `matches`: what stood before the list, until its end is read. */
  #envelope: { readonly head: Collected; readonly level: number } | undefined;
  #inEnvelope = false;

  constructor(output: ElementOutput) {
    this.#output = output;
  }

  /** So far the bytes end inside an object or a list. */
  get unfinished(): boolean {
    return this.#state === 'element' || this.#level > 0;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#from = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'between') at = this.#between(bytes, at);
      else if (this.#state === 'list?') at = this.#maybeList(bytes, at);
      else if (this.#state === 'element') at = this.#element(bytes, at);
      else at = this.#junk(bytes, at);
    }
    if (this.#state !== 'between') this.#keep(bytes, bytes.length);
  }

  /** @param cut the bytes were cut: an object that has not ended is no fault. */
  end(cut: boolean): void {
    const state = this.#state;
    if (state === 'junk' || state === 'list?') this.#giveJunk();
    if (state === 'element' && !cut)
      this.#output.broken(this.#collected.line, 'the file ends in the middle of this record');
  }

  #between(bytes: Buffer, start: number): number {
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === LF) this.#newLine();
      else if (isBlank(byte)) this.#indent += this.#indent < 0 ? 0 : 1;
      else if (byte === OPEN) return this.#wholeLine(bytes, at) ?? this.#begin(at, 'element');
      else if (byte === OPEN_LIST && this.#level < MAX_LEVEL) return this.#begin(at, 'list?');
      else if (byte === CLOSE_LIST && this.#level > 0) {
        this.#level -= 1;
        if (this.#level === this.#envelope?.level) return this.#backToEnvelope(at, this.#envelope.head);
      } else if (byte !== COMMA) return this.#begin(at, 'junk');
    }
    return bytes.length;
  }

  #newLine(): void {
    this.#line += 1;
    this.#indent = 0;
  }

  /** The usual case, at the speed of the machine: from here to the end of the line stands one object. */
  #wholeLine(bytes: Buffer, at: number): number | undefined {
    if (this.#crowded === this.#line) return undefined;
    const lineEnd = bytes.indexOf(LF, at);
    let end = lineEnd;
    while (end > at && (isBlank(bytes[end - 1]) || bytes[end - 1] === COMMA)) end -= 1;
    if (bytes[end - 1] === CLOSE && end - at <= MAX_ELEMENT) {
      const text = bytes.toString('utf8', at, end);
      const value = parseObject(text);
      if (value !== undefined && !Array.isArray(value['matches'])) {
        this.#output.object(value, text, this.#line, false);
        this.#indent = -1;
        return lineEnd;
      }
    }
    this.#crowded = this.#line;
    return undefined;
  }

  #begin(at: number, state: State): number {
    this.#state = state;
    this.#from = at;
    this.#collected = { parts: [], size: 0, line: this.#line };
    if (state === 'list?') return at + 1;
    this.#column = this.#indent;
    this.#indent = -1;
    this.#depth = 0;
    this.#inText = false;
    this.#escaped = false;
    return at;
  }

  /** "[" begins a list, or a line of a log: "[INF] …". */
  #maybeList(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && isBlank(bytes[at])) at += 1;
    const byte = bytes[at];
    if (byte === undefined) return at;
    const isList = byte === OPEN || byte === OPEN_LIST || byte === CLOSE_LIST || byte === LF;
    this.#state = isList ? 'between' : 'junk';
    if (isList) this.#level += 1;
    else this.#indent = -1;
    return at;
  }

  #junk(bytes: Buffer, at: number): number {
    const lineEnd = bytes.indexOf(LF, at);
    if (lineEnd < 0) return bytes.length;
    this.#keep(bytes, lineEnd);
    this.#giveJunk();
    this.#state = 'between';
    return lineEnd;
  }

  #giveJunk(): void {
    const text = Buffer.concat(this.#collected.parts).toString('utf8');
    this.#output.junk(text.slice(0, MAX_JUNK).trimEnd(), this.#collected.line);
  }

  #element(bytes: Buffer, start: number): number {
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === LF) {
        // JSON allows no line feed in a text: it was not closed.
        this.#inText = false;
        this.#escaped = false;
        this.#newLine();
      } else if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inText = false;
      } else if (isBlank(byte)) this.#indent += this.#indent < 0 ? 0 : 1;
      else {
        if (this.#indent >= 0 && this.#beginsNext(byte)) {
          this.#output.broken(this.#collected.line, 'this record does not end');
          this.#state = 'between';
          return at;
        }
        this.#indent = -1;
        if (byte === QUOTE) this.#inText = true;
        else if (byte === OPEN_LIST && this.#depth === 1 && this.#isMatches(bytes, at))
          return this.#intoEnvelope(bytes, at);
        else if (byte === OPEN || byte === OPEN_LIST) this.#depth += 1;
        else if (byte === CLOSE || byte === CLOSE_LIST) {
          this.#depth -= 1;
          if (this.#depth <= 0) return this.#finish(bytes, at + 1);
        }
      }
    }
    return bytes.length;
  }

  /** The first character of a line inside an element. A line no deeper than its first shows that depth means nothing here. */
  #beginsNext(byte: number | undefined): boolean {
    if (this.#line === this.#collected.line) return false;
    if (byte === OPEN && this.#indent === this.#column) return true;
    const isEnd = byte === CLOSE || byte === CLOSE_LIST || byte === COMMA;
    if (!isEnd && this.#indent <= this.#column) this.#column = -1;
    return false;
  }

  #finish(bytes: Buffer, end: number): number {
    this.#keep(bytes, end);
    this.#state = 'between';
    const { parts, size, line } = this.#collected;
    const isEnvelope = this.#inEnvelope;
    if (isEnvelope) this.#envelope = undefined;
    this.#inEnvelope = false;
    if (size > MAX_ELEMENT) this.#output.broken(line, `this record is longer than ${MAX_ELEMENT} bytes`);
    else {
      const text = Buffer.concat(parts).toString('utf8');
      const value = parseObject(text);
      if (value === undefined) this.#output.broken(line, 'this is no valid JSON', text);
      else this.#output.object(value, text, line, isEnvelope);
    }
    return end;
  }

  /** Is the list that begins here the value of `matches` in the element itself? */
  #isMatches(bytes: Buffer, at: number): boolean {
    if (this.#level >= MAX_LEVEL || (this.#envelope !== undefined && !this.#inEnvelope)) return false;
    let before = bytes.subarray(Math.max(this.#from, at - 64), at).toString('latin1');
    const { parts } = this.#collected;
    for (let part = parts.length - 1; part >= 0 && before.length < 64; part -= 1) {
      before = `${Buffer.from(parts[part] ?? []).toString('latin1')}${before}`;
    }
    return /[{,][ \t\r\n]*"matches"[ \t\r\n]*:[ \t\r\n]*$/.test(before.slice(-64));
  }

  #intoEnvelope(bytes: Buffer, at: number): number {
    this.#keep(bytes, at + 1);
    this.#envelope = { head: this.#collected, level: this.#level };
    this.#inEnvelope = false;
    this.#level += 1;
    this.#state = 'between';
    return at + 1;
  }

  /** @param at of the "]" */
  #backToEnvelope(at: number, head: Collected): number {
    this.#begin(at, 'element');
    this.#collected = head;
    this.#column = -1;
    this.#depth = 2;
    this.#inEnvelope = true;
    return at;
  }

  /** Copies, because a chunk may be used again by who gave it; of what is too long, only that it is. */
  #keep(bytes: Buffer, end: number): void {
    const part = bytes.subarray(this.#from, end);
    this.#from = 0;
    const collected = this.#collected;
    const max = this.#state === 'junk' ? 4 * MAX_JUNK : MAX_ELEMENT;
    collected.size += part.length;
    if (collected.size > MAX_ELEMENT) collected.parts.length = 0;
    else if (collected.size - part.length <= max) collected.parts.push(Buffer.from(part));
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
