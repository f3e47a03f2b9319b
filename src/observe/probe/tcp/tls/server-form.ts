import type { VersionAnswer } from './ask-version.ts';

/** RFC 6066 §3: some servers echo it, depending on the name that was asked for. */
const SERVER_NAME = 0;
const MAX_LENGTH = 256;

/**
 * A fingerprint of the server from the hellos that are asked anyway, one part for each version offered, ascending, joined by
 * "_": `offered:chosen.cipher.extension-extension` in hex ("0303:0303.c030.ff01-000b"), `offered:!28` for an alert
 * (number in hex), `offered:x` when the server hung up. Servers of one make, release and configuration have the same
 * form; unlike ones mostly differ. Our own form: JA4S may not be used freely and JARM costs ten connections.
 *
 * @param answers by version offered. A form with a silent answer would change with the weather: undefined.
 */
export function serverForm(answers: ReadonlyMap<number, VersionAnswer | undefined>): string | undefined {
  const parts: string[] = [];
  for (const [version, answer] of [...answers].toSorted(([a], [b]) => a - b)) {
    const part = answer === undefined ? undefined : answerForm(answer);
    if (part === undefined) return undefined;
    parts.push(`${hex(version)}:${part}`);
  }
  return parts.length === 0 ? undefined : parts.join('_').slice(0, MAX_LENGTH);
}

function answerForm({ flight, ended }: VersionAnswer): string | undefined {
  const { hello, alert } = flight;
  if (hello !== undefined) {
    const extensions = hello.extensions.filter((type) => type !== SERVER_NAME).map(hex);
    return [hex(hello.version), hex(hello.cipher), extensions.join('-')].join('.');
  }
  if (alert !== undefined) return `!${alert.toString(16).padStart(2, '0')}`;
  return ended === 'closed' ? 'x' : undefined;
}

function hex(number: number): string {
  return number.toString(16).padStart(4, '0');
}
