import { SaxesParser } from 'saxes';
import { showable } from '../../../lib/hostile-text.ts';
import { XmlDecoder } from './decode.ts';

export interface XmlElement {
  readonly name: string;
  /** Without a prototype. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

export interface XmlHandler {
  /** The element that holds the records; there may be several, one behind the other (`--append-output`). */
  root(element: XmlElement): void;
  rootEnd(): void;
  /** A record, a child of the root, begins. */
  recordStart(element: XmlElement): void;
  /** A record is whole. @param fault what is wrong with its form, one sentence */
  record(element: XmlElement, line: number, fault: string | undefined): void;
  /** An element within a record is whole. @returns true when it was taken: it is then not kept for the record */
  take(element: XmlElement, parent: XmlElement): boolean;
  /** Something outside of the records that is no XML. Nothing follows when `isEnd`. */
  fault(line: number, why: string, isEnd: boolean): void;
}

const MAX_DEPTH = 40;
/** Characters of one record that are kept; what comes after is left out. */
const MAX_HELD = 16 * 1024 * 1024;
/** Characters between two tags, comments or the like; the parser has to hold them. */
const MAX_SILENT = 8 * 1024 * 1024;
const PIECE = 64 * 1024;

/** What tools really write: comments before the declaration, one document behind the other, raw bytes of banners. */
const TOLERATED =
  /XML declaration must|inappropriately located doctype|only one root|disallowed character\.|undefined entity|malformed character entity|duplicate attribute|not allowed before root/;

interface Frame {
  readonly element: XmlElement;
  readonly heldBefore: number;
}

/**
 * XML as a stream of records, in constant memory. Entities that a document declares are never read: `saxes` knows the five of
 * XML and leaves every other as it stands.
 */
export class XmlStream {
  readonly #handler: XmlHandler;
  readonly #decoder = new XmlDecoder();
  readonly #parser = new SaxesParser();
  readonly #frames: Frame[] = [];
  #held = 0;
  #silent = 0;
  /** What is wrong with the record that is open, or with what lies outside of records since the last one. */
  #fault: string | undefined;
  #isOver = false;

  constructor(handler: XmlHandler) {
    this.#handler = handler;
    const parser = this.#parser;
    parser.on('opentag', ({ name, attributes }) => this.#open(name, attributes));
    parser.on('closetag', () => this.#close());
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.on('comment', () => this.#heard());
    parser.on('doctype', (text) => {
      this.#heard();
      if (text.includes('['))
        handler.fault(parser.line, 'the document declares entities of its own: they were not read', false);
    });
    parser.on('error', ({ message }) => this.#malformed(message));
  }

  push(chunk: Uint8Array): void {
    this.#write(this.#decoder.push(chunk));
  }

  end(): void {
    this.#write(this.#decoder.end());
  }

  get line(): number {
    return this.#parser.line;
  }

  /** The record that the bytes ended in. */
  get open(): XmlElement | undefined {
    return this.#isOver ? undefined : this.#frames[1]?.element;
  }

  #write(text: string): void {
    for (let at = 0; at < text.length && !this.#isOver; at += PIECE) {
      const piece = text.slice(at, at + PIECE);
      this.#silent += piece.length;
      this.#parser.write(piece);
      if (this.#silent > MAX_SILENT) this.#giveUp(`more than ${MAX_SILENT} characters without a tag`);
    }
  }

  #giveUp(why: string): void {
    this.#isOver = true;
    this.#handler.fault(this.#parser.line, `${why}: the rest of the file was not read`, true);
  }

  #heard(): void {
    this.#silent = 0;
  }

  #open(name: string, attributes: Record<string, string>): void {
    this.#heard();
    if (this.#isOver) return;
    const element: XmlElement = { name, attributes, children: [], text: '' };
    this.#frames.push({ element, heldBefore: this.#held });
    if (this.#frames.length > MAX_DEPTH) return this.#giveUp(`elements nested deeper than ${MAX_DEPTH}`);
    this.#hold(name.length);
    for (const value of Object.values(attributes)) this.#hold(value.length);
    if (this.#frames.length === 1) this.#handler.root(element);
    if (this.#frames.length !== 2) return;
    this.#fault = undefined;
    this.#handler.recordStart(element);
  }

  #close(): void {
    this.#heard();
    const frame = this.#frames.pop();
    if (frame === undefined || this.#isOver) return;
    const parent = this.#frames.at(-1)?.element;
    if (parent === undefined) this.#handler.rootEnd();
    else if (this.#frames.length === 1) {
      this.#handler.record(frame.element, this.#parser.line, this.#fault);
      this.#held = 0;
      this.#fault = undefined;
    } else if (this.#handler.take(frame.element, parent)) this.#held = frame.heldBefore;
    else if (this.#held <= MAX_HELD) parent.children.push(frame.element);
    else this.#fault ??= `the record is larger than ${MAX_HELD} characters`;
  }

  #text(text: string): void {
    this.#heard();
    const frame = this.#frames.at(-1);
    if (frame === undefined || this.#frames.length === 1) return;
    this.#hold(text.length);
    if (this.#held <= MAX_HELD) frame.element.text += text;
  }

  #hold(characters: number): void {
    if (this.#frames.length > 1) this.#held += characters;
  }

  #malformed(message: string): void {
    if (TOLERATED.test(message) || this.#isOver) return;
    const isFirst = this.#fault === undefined;
    this.#fault ??= `this is not well-formed XML: ${showable(message.replace(/^[^:]*\d+:\d+:\s*/, ''), 100)}`;
    if (isFirst && this.#frames.length < 2) this.#handler.fault(this.#parser.line, this.#fault, false);
  }
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The element as XML again, for the evidence. */
export function xmlText({ name, attributes, children, text }: XmlElement): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const content = `${escaped(text.trim())}${children.map((child) => xmlText(child)).join('')}`;
  return content === ''
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${content}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#xa;',
  '\r': '&#xd;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"\n\r]/g, (found) => ESCAPES[found] ?? '');
}
