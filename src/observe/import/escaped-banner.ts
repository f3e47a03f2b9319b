import { factsOfBanner } from '../recorded/banner.ts';
import type { Facts } from '../../model/facts.ts';

const MAX_BANNER = 16 * 1024;

/** The bytes of a banner that a scanner wrote down with `\xHH`, `\r`, `\n`, `\t`, `\0`, `\\` and `\"`. */
export function bannerBytes(text: string): Buffer {
  const bytes = text
    .slice(0, MAX_BANNER * 4)
    .replace(/\\(?:x([0-9A-Fa-f]{2})|([rnt0\\"]))/g, (_, hex?: string, letter?: string) =>
      hex === undefined ? (LETTERS[letter ?? ''] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, 'latin1').subarray(0, MAX_BANNER);
}

const LETTERS: Readonly<Record<string, string>> = {
  r: '\r',
  n: '\n',
  t: '\t',
  '0': '\0',
  '\\': '\\',
  '"': '"',
};

/** What the words of a service show, read as those that it says to our own probes. */
export function factsOfText(text: string, port: number): Facts {
  const bytes = bannerBytes(text);
  return bytes.length === 0 ? {} : factsOfBanner(bytes, port);
}

/** Protocol that the facts prove; undefined: they prove none. */
export function protocolOfFacts({
  http,
  ssh,
  rdp,
  vnc,
  telnet,
  greeting,
  protocols,
}: Facts): string | undefined {
  if (http !== undefined) return http.scheme;
  if (ssh !== undefined) return 'ssh';
  if (rdp !== undefined) return 'rdp';
  if (vnc !== undefined) return 'vnc';
  if (telnet !== undefined) return 'telnet';
  const named = greeting?.protocol;
  if (named !== undefined && !named.startsWith('unknown') && named !== 'answer') return named;
  return protocols?.[0]?.name;
}
