/** Width of text in columns of a mail or a terminal: a full-width character takes two. */

function charColumns(char: string): number {
  const point = char.codePointAt(0) ?? 0;
  // Most of a table is plain, and asking the tables of Unicode is slow.
  if (point < 0x80) return 1;
  if (/\p{M}/u.test(char)) return 0;
  const isWide =
    (point >= 0x1100 && point <= 0x115f) ||
    (point >= 0x2e80 && point <= 0xa4cf) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0xfe30 && point <= 0xfe4f) ||
    (point >= 0xff00 && point <= 0xff60) ||
    (point >= 0xffe0 && point <= 0xffe6) ||
    point >= 0x1f300;
  return isWide || AMBIGUOUS.has(char) ? 2 : 1;
}

/** Symbols of the report that Japanese mail programs draw full-width. */
const AMBIGUOUS = new Set('▲■●○□…“”‘’≠≈※①②③→');

export function columns(text: string): number {
  let sum = 0;
  for (const char of text) sum += charColumns(char);
  return sum;
}

/** The text, or as much of it as fits with "…" at its end. */
export function cutColumns(text: string, most: number): string {
  if (columns(text) <= most) return text;
  let kept = '';
  let width = 2;
  for (const char of text) {
    width += charColumns(char);
    if (width > most) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}

/** Padded with spaces at its end to at least so many columns. */
export function padColumns(text: string, least: number): string {
  return `${text}${' '.repeat(Math.max(0, least - columns(text)))}`;
}

/** Must not begin a line of Japanese. */
const NOT_FIRST = /^[、。，．・：；？！）」』】〉》］ーゃゅょっァィゥェォャュョッ…～〜,.:;?!)\]}]$/;
/** Must not end a line. */
const NOT_LAST = /[（「『【〈《［([{]$/;

/** A line may end a little early where a thought ends. */
const THOUGHT = /[、。，．）」』・：；　,.;:)]\s*$/;
const EARLY = 22;

/**
 * Lines of at most `most` columns. Broken between words and between full-width characters, rather after a comma or a bracket than within a
 * phrase, and never inside of a word unless it alone is longer than a line.
 */
export function wrapColumns(text: string, most: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const piece of piecesOf(text).flatMap((one) => chunksOf(one, most))) {
    if (line.length > 0 && columns(line.join('') + piece.trimEnd()) > most) {
      const at = breakOf(line);
      lines.push(line.slice(0, at).join('').trimEnd());
      line = line.slice(at);
    }
    line.push(line.length === 0 ? piece.trimStart() : piece);
  }
  lines.push(line.join('').trimEnd());
  return lines;
}

/** How many of the pieces stay on the line. */
function breakOf(line: readonly string[]): number {
  let given = 0;
  for (let at = line.length; at > 1; at -= 1) {
    const piece = line[at - 1] ?? '';
    if (THOUGHT.test(piece)) return at;
    given += columns(piece);
    if (given > EARLY) break;
  }
  return line.length;
}

/** What may not be torn: a run of half-width characters with the spaces after it, or one full-width character with its marks. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const piece of text.match(/[\u0021-\u024f\u2010-\u2027]+\s*|\s+|[^]/gu) ?? []) {
    const before = pieces.at(-1);
    const joins = before !== undefined && (NOT_FIRST.test(piece) || NOT_LAST.test(before));
    if (joins) pieces[pieces.length - 1] = `${before}${piece}`;
    else pieces.push(piece);
  }
  return pieces;
}

/** A word that is longer than a line, in parts that are not. */
function chunksOf(word: string, most: number): string[] {
  if (columns(word.trimEnd()) <= most) return [word];
  const chunks: string[] = [];
  let chunk = '';
  for (const char of word) {
    if (chunk !== '' && columns(chunk) + charColumns(char) > most) {
      chunks.push(chunk);
      chunk = '';
    }
    chunk += char;
  }
  return [...chunks, chunk];
}
