/** Network UPS Tools, upsd (RFC 9271). */
import { decodeText } from '../../tcp/text.ts';

const MAX = 4096;

export function encodeVer(): Uint8Array {
  return Buffer.from('VER\n', 'latin1');
}

/** "Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/" */
export function parseVer(received: Uint8Array): { readonly version: string } | 'more' | undefined {
  const text = decodeText(received.subarray(0, 256), 256);
  const start = 'Network UPS Tools upsd ';
  if (!text.startsWith(start.slice(0, text.length))) return undefined;
  const match = /^Network UPS Tools upsd (\d[\w.+~-]{0,60})[ \r\n][^\n]{0,200}/.exec(text);
  if (match !== null && text.includes('\n')) return { version: match[1] ?? '' };
  return received.length < 256 && !text.includes('\n') ? 'more' : undefined;
}

export function encodeListUps(): Uint8Array {
  return Buffer.from('LIST UPS\n', 'latin1');
}

export interface UpsList {
  /** "name: description", at most 32; undefined: refused. */
  readonly units: readonly string[] | undefined;
}

export function parseListUps(received: Uint8Array): UpsList | 'more' | undefined {
  const text = decodeText(received.subarray(0, MAX), MAX);
  if (/^ERR [A-Z-]{1,40}\r?\n/.test(text)) return { units: undefined };
  const isBeginning = ['BEGIN LIST UPS', 'ERR '].some((start) =>
    text.startsWith(start.slice(0, text.length)),
  );
  if (!isBeginning) return undefined;
  const isWhole = /^END LIST UPS\r?$/m.test(text);
  if (!isWhole && received.length < MAX) return 'more';
  const units = [...text.matchAll(/^UPS (\S{1,100}) "([^"\n]{0,150})"/gm)].map(([, name = '', words = '']) =>
    words === '' ? name : `${name}: ${words}`,
  );
  return { units: units.slice(0, 32) };
}
