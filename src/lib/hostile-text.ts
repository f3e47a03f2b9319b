/**
 * Control characters of C1 and DEL, every format character (Unicode category Cf: bidirectional controls, zero-width, soft
 * hyphen, tags, interlinear annotation), line and paragraph separators, and letters that are drawn as nothing. Variation
 * selectors stay: Japanese names are written with them.
 */
const UNSEEN = /[\u007f-\u009f\u115f\u1160\u2028\u2029\u3164\uffa0]|\u034f|\u17b4|\u17b5|\p{Cf}/gu;

/**
 * Text from the network made fit to show on a terminal, in a log or in plain text: control characters become visible
 * "␀"-style pictures or U+FFFD, as do lone surrogates and what cannot be seen or moves the reading order; line breaks
 * become spaces; at most `max` code points are kept.
 *
 * HTML needs more: the components escape by construction.
 */
export function showable(text: string, max = 300): string {
  const clean = withPictures(text.toWellFormed().replace(/[\r\n\t]+/g, ' ')).trim();
  const points = [...clean];
  return points.length > max ? `${points.slice(0, max - 1).join('')}…` : clean;
}

/** The same for several lines that we wrote ourselves and that may quote a stranger: only line feeds are kept. */
export function showableLines(text: string): string {
  return text
    .toWellFormed()
    .split(/\r?\n/)
    .map((line) => withPictures(line.replaceAll('\t', ' ')))
    .join('\n');
}

function withPictures(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- control characters are what this takes out
      .replace(/[\u0000-\u001f]/g, (c) => String.fromCodePoint(0x2400 + (c.codePointAt(0) ?? 0)))
      .replace(UNSEEN, '\ufffd')
  );
}

/**
 * One JSON value on one line. `JSON.stringify` leaves DEL, C1, U+2028 and bidirectional controls as they are: a terminal
 * obeys some of them, and readers that split at every Unicode line break see several lines. Here they are escaped, which
 * JSON reads back as the same text.
 */
export function jsonLine(value: unknown): string {
  return escapeUnseen(JSON.stringify(value));
}

/** Escapes in text that is JSON already; outside of strings such characters cannot stand. */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, (found) => {
    const units = [...Array(found.length).keys()].map((at) => found.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}
