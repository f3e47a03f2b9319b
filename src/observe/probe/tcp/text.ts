/** Most code units of a greeting or prompt that become a fact. */
const MAX_TEXT = 2048;

const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;

/**
 * Text of a device: UTF-8 when it is valid, then the encodings of old Japanese devices when they are valid and give
 * Japanese, else Latin-1, where every byte keeps its value.
 */
export function decodeText(bytes: Uint8Array, max = MAX_TEXT): string {
  const part = bytes.subarray(0, 4 * max);
  const isCut = part.length < bytes.length;
  const utf8 = decode(part, 'utf-8', isCut);
  if (utf8 !== undefined) return utf8.slice(0, max);
  for (const encoding of ['euc-jp', 'shift_jis']) {
    const text = decode(part, encoding, isCut);
    if (text !== undefined && JAPANESE.test(text)) return text.slice(0, max);
  }
  return Buffer.from(part).toString('latin1').slice(0, max);
}

/** @param isCut the last character may be cut in two, which is no error then. */
function decode(bytes: Uint8Array, encoding: string, isCut: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}
