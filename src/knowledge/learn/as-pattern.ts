/** Exactly this text, as a pattern. */
export function literalPattern(text: string): string {
  return [...text].map(escaped).join('');
}

/** This text with any other number in the place of each of its numbers: the next device has another version. */
export function loosePattern(text: string): string {
  return text
    .split(/(\d+)/)
    .map((part) => (/^\d/.test(part) ? '\\d{1,9}' : literalPattern(part)))
    .join('');
}

function escaped(character: string): string {
  if (/[.*+?^${}()|[\]\\]/.test(character)) return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0)
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : character;
}
