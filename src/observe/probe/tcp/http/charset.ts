import Encoding from 'encoding-japanese';

/** Bytes in which a declaration is looked for: HTML says the first 1024, old pages put it later. */
const DECLARATION_BYTES = 4096;
/** Bytes given to the detection, which walks over them several times. */
const DETECTION_BYTES = 32 * 1024;

/**
 * Text of a page. The order is that of the HTML standard (byte order mark, header, declaration in the page), then what
 * the bytes look like. A declaration that the bytes contradict loses: appliances often say UTF-8 and send Shift_JIS.
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const marked = byteOrderMark(bytes);
  if (marked !== undefined) return decode(bytes, marked);
  if (isBinary(bytes, contentType)) return Buffer.from(bytes).toString('latin1');
  const declared = charsetOfHeader(contentType) ?? charsetOfPage(bytes);
  const label = declared === undefined ? undefined : knownLabel(declared);
  if (label !== undefined && !(label === 'utf-8' && !isUtf8(bytes))) return decode(bytes, label);
  return decode(bytes, detect(bytes) ?? label ?? 'windows-1252');
}

/** Every byte of such a body keeps its value: versions are read from the head of a gzip file, for one. */
function isBinary(bytes: Uint8Array, contentType: string): boolean {
  const head = bytes.subarray(0, 512);
  return head.includes(0) && !/^\s{0,9}text\//i.test(contentType) && head[0] !== 0x3c;
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

function charsetOfHeader(contentType: string): string | undefined {
  return /charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})/i.exec(contentType.slice(0, 500))?.[1];
}

/** `<meta charset>`, `<meta http-equiv content="…charset=">` and the XML declaration all read as charset= or encoding=. */
function charsetOfPage(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const xml = /^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})/i.exec(head)?.[1];
  if (xml !== undefined) return xml;
  for (const meta of head.matchAll(/<meta\b([^>]{0,400})>/gi)) {
    const charset = charsetOfHeader(meta[1] ?? '');
    if (charset !== undefined) return charset;
  }
  return undefined;
}

/** The WHATWG name of a label, or undefined when TextDecoder does not have it. */
function knownLabel(label: string): string | undefined {
  const plain = label.toLowerCase().replace(/^x-/, '');
  // Names that Japanese servers use and the standard does not list.
  const name = ALIASES.get(plain) ?? label;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return undefined;
  }
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['cp932', 'shift_jis'],
  ['windows-31j', 'shift_jis'],
  ['shift-jis', 'shift_jis'],
  ['shiftjis', 'shift_jis'],
  ['eucjp', 'euc-jp'],
  ['euc_jp', 'euc-jp'],
  ['iso2022jp', 'iso-2022-jp'],
  ['jis', 'iso-2022-jp'],
  ['utf8', 'utf-8'],
]);

const DETECTED: ReadonlyMap<string, string> = new Map([
  ['SJIS', 'shift_jis'],
  ['EUCJP', 'euc-jp'],
  ['JIS', 'iso-2022-jp'],
]);

function detect(bytes: Uint8Array): string | undefined {
  if (isUtf8(bytes)) return bytes.includes(0x1b) ? (detectJapanese(bytes) ?? 'utf-8') : 'utf-8';
  return detectJapanese(bytes);
}

function detectJapanese(bytes: Uint8Array): string | undefined {
  const found = Encoding.detect(bytes.subarray(0, DETECTION_BYTES), ['JIS', 'EUCJP', 'SJIS']);
  return found === false ? undefined : DETECTED.get(found);
}

/** true also when the text was cut in the middle of its last character. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function decode(bytes: Uint8Array, label: string): string {
  return new TextDecoder(label).decode(bytes);
}
