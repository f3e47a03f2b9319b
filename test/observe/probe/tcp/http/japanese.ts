import Encoding from 'encoding-japanese';

export function encodeJapanese(text: string, to: 'SJIS' | 'EUCJP' | 'JIS' | 'UTF8'): Buffer {
  return Buffer.from(Encoding.convert(Encoding.stringToCode(text), { to, from: 'UNICODE' }));
}
