/**
 * SVG text does not wrap and does not clip: its width is estimated before it is drawn. Errs to the wide side. What people see as one
 * sign (a letter with its marks, an emoji of several code points) is never cut in two.
 */

const SIGNS = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Marks piled on one letter reach into the lines above and below: a sign is drawn with this many code points at most. */
const MARKS_DRAWN = 7;

/** Letters that are much wider than their neighbours: the ligatures of whole Arabic phrases, long dashes. */
const WIDE: Readonly<Record<string, number>> = {
  '\ufdfd': 11,
  '\u2e3a': 2,
  '\u2e3b': 3,
  '\ufdfa': 4,
  '\ufdfb': 4,
};

/** In em. */
function pointWidth(char: string): number {
  const point = char.codePointAt(0) ?? 0;
  if (point < 0x7f) return asciiWidth(char);
  if (/^[\p{Mn}\p{Me}\ufe00-\ufe0f]/u.test(char)) return 0;
  const wide = WIDE[char];
  if (wide !== undefined) return wide;
  // Emoji are drawn wider than an em by some fonts.
  if (point >= 0x1f000 && point <= 0x1faff) return 1.4;
  if (point >= 0x12000 && point <= 0x12fff) return 2.5;
  // CJK, kana, hangul, full-width forms and everything above the first plane take a whole em.
  if (point >= 0x1100 && (point < 0x2000 || point > 0x206f) && !(point >= 0x2010 && point <= 0x2027))
    return 1;
  // Scripts of South and South-East Asia, and capitals beyond ASCII.
  if ((point >= 0x0900 && point <= 0x0dff) || (point >= 0x1000 && point < 0x1100)) return 0.95;
  return /^\p{Lu}/u.test(char) ? 0.8 : 0.62;
}

function asciiWidth(char: string): number {
  if (/[MWmw@%]/.test(char)) return 0.9;
  if (/[A-Z]/.test(char)) return 0.7;
  if (/[0-9]/.test(char)) return 0.56;
  return /[-iljtf.,:;'|!() ]/.test(char) ? 0.34 : 0.58;
}

/** The marks of a letter take no room of their own. */
function signWidth(sign: string): number {
  let em = 0;
  for (const char of sign) em += pointWidth(char);
  return em;
}

function signsOf(text: string): string[] {
  return [...SIGNS.segment(text)].map(({ segment }) => {
    const points = [...segment];
    return points.length > MARKS_DRAWN ? points.slice(0, MARKS_DRAWN).join('') : segment;
  });
}

/** Estimated width in CSS pixels. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const sign of signsOf(text)) em += signWidth(sign);
  return em * fontSize;
}

/** The text, or as much of it as fits with "…" at its end. */
export function fitText(text: string, room: number, fontSize: number): string {
  const signs = signsOf(text);
  let kept = '';
  let width = 0;
  /** As much as leaves room for the dots. */
  let short = '';
  for (const sign of signs) {
    width += signWidth(sign) * fontSize;
    if (width > room) return `${short.trimEnd()}…`;
    kept += sign;
    if (width + fontSize <= room) short = kept;
  }
  return kept;
}

/** At most `lines` lines, broken after a space where there is one; the last is cut to fit. */
export function wrapText(text: string, room: number, fontSize: number, lines: number): string[] {
  if (lines <= 1 || textWidth(text, fontSize) <= room) return [fitText(text, room, fontSize)];
  let end = 0;
  let space = 0;
  let width = 0;
  for (const { segment, index } of SIGNS.segment(text)) {
    width += signWidth(segment) * fontSize;
    if (width > room) break;
    end = index + segment.length;
    if (/[-\s（(・、，。]/.test(segment)) space = end;
  }
  const opens = /[（(]/.test(text[space - 1] ?? '');
  const at = space > 0 ? space - (opens ? 1 : 0) : end;
  const cut = at > 0 ? at : Math.max(end, SIGNS.segment(text).containing(0)?.segment.length ?? 1);
  return [text.slice(0, cut).trimEnd(), ...wrapText(text.slice(cut).trimStart(), room, fontSize, lines - 1)];
}
