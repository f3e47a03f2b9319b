/** Finds a planted name in files, in every form in which it may be written. Written apart from `src/report/share/leaks.ts`, on purpose. */
import type { BundleFile } from '../../../src/report/share/files.ts';

export interface Secret {
  /** Where it was planted. */
  readonly of: string;
  readonly text: string;
}

interface Hay {
  readonly path: string;
  readonly exact: string;
  readonly lower: string;
  /** Letters and digits alone. */
  readonly plain: string;
}

/** "organisation in bundle.json", for each secret that can be read in a file or in its name. */
export function readable(files: readonly BundleFile[], secrets: readonly Secret[]): string[] {
  const hays = files.map(({ path, content }): Hay => {
    const bytes = Buffer.from(content);
    const exact = [
      path,
      bytes.toString('utf8'),
      bytes.toString('latin1'),
      bytes.toString('utf16le'),
      bytes.subarray(1).toString('utf16le'),
    ].join('\n');
    return { path, exact, lower: exact.normalize('NFKC').toLowerCase(), plain: plain(exact) };
  });
  return secrets.flatMap(({ of, text }) =>
    hays.filter((hay) => isIn(hay, text)).map(({ path }) => `${of} "${text}" in ${path}`),
  );
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function isIn({ exact, lower, plain: squeezed }: Hay, text: string): boolean {
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(text);
  if (text.length < 4 && /^[a-z]+$/i.test(text)) return new RegExp(`\\b${text}\\b`, 'i').test(exact);
  const small = text.normalize('NFKC').toLowerCase();
  if (lower.includes(small) || lower.includes([...small].toReversed().join(''))) return true;
  if (!address && plain(text).length >= 6 && squeezed.includes(plain(text))) return true;
  return (
    encodings(text).some((form) => exact.includes(form) || lower.includes(form.toLowerCase())) ||
    (address && addressForms(text).some((form) => lower.includes(form)))
  );
}

export function encodings(text: string): string[] {
  const bytes = Buffer.from(text);
  const forms = [
    bytes.toString('hex'),
    [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
    [...text].map((char) => `&#${char.codePointAt(0) ?? 0};`).join(''),
    Buffer.from(text, 'utf16le').toString('hex'),
  ];
  for (const shift of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const inner = whole.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + bytes.length) * 8) / 6));
    if (inner.length >= 6) forms.push(inner);
  }
  return forms;
}

export function addressForms(text: string): string[] {
  const parts = text.split('.').map(Number);
  const back = parts.toReversed();
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  return [
    back.join('.'),
    parts.join('-'),
    back.join('-'),
    parts.join('_'),
    parts.map((part) => part.toString(16).padStart(2, '0')).join(''),
    parts.map((part) => part.toString(16).padStart(2, '0')).join(':'),
    `${value}`,
    parts.map((part) => `${part}`.padStart(3, '0')).join('.'),
  ];
}
