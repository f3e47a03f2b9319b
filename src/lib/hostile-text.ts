/**
 * Text from the network made fit to show on a terminal, in a log or in plain text: control characters (C0, DEL, C1),
 * line and paragraph separators, bidirectional controls, zero-width characters and lone surrogates become visible
 * "␀"-style pictures or U+FFFD; line breaks become spaces; at most `max` code points are kept.
 *
 * HTML needs more: the components escape by construction.
 */
export function showable(text: string, max = 300): string {
  const clean = text
    .toWellFormed()
    .replace(/[\r\n\t]+/g, ' ')
    // oxlint-disable-next-line no-control-regex -- control characters are what this takes out
    .replace(/[\u0000-\u001f]/g, (c) => String.fromCodePoint(0x2400 + (c.codePointAt(0) ?? 0)))
    .replace(
      /[\u007f-\u009f\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
      '\ufffd',
    )
    .trim();
  const points = [...clean];
  return points.length > max ? `${points.slice(0, max - 1).join('')}…` : clean;
}
