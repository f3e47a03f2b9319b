/** SVG text does not wrap and does not clip: its width is estimated before it is drawn. Errs to the wide side. */

function charWidth(char: string): number {
  const point = char.codePointAt(0) ?? 0;
  // CJK, kana, hangul, full-width forms and everything above the first plane (emoji) take a whole em.
  if (point >= 0x1100 && (point < 0x2000 || point > 0x206f) && !(point >= 0x2010 && point <= 0x2027))
    return 1;
  if (/[MWmw@%]/.test(char)) return 0.9;
  if (/[A-Z]/.test(char)) return 0.7;
  if (/[0-9]/.test(char)) return 0.56;
  return /[-iljtf.,:;'|!() ]/.test(char) ? 0.34 : 0.58;
}

/** Estimated width in CSS pixels. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const char of text) em += charWidth(char);
  return em * fontSize;
}

/** The text, or as much of it as fits with "…" at its end. */
export function fitText(text: string, room: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= room) return text;
  let kept = '';
  let width = fontSize;
  for (const char of text) {
    width += charWidth(char) * fontSize;
    if (width > room) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}

/** At most `lines` lines, broken after a space where there is one; the last is cut to fit. */
export function wrapText(text: string, room: number, fontSize: number, lines: number): string[] {
  if (lines <= 1 || textWidth(text, fontSize) <= room) return [fitText(text, room, fontSize)];
  let end = 0;
  let space = 0;
  let width = 0;
  for (const char of text) {
    width += charWidth(char) * fontSize;
    if (width > room) break;
    end += char.length;
    if (/[-\s（(・]/.test(char)) space = end;
  }
  const opens = /[（(]/.test(text[space - 1] ?? '');
  const at = space > 0 ? space - (opens ? 1 : 0) : end;
  const cut = at > 0 ? at : Math.max(end, 1);
  return [text.slice(0, cut).trimEnd(), ...wrapText(text.slice(cut).trimStart(), room, fontSize, lines - 1)];
}
