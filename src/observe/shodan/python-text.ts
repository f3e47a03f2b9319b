const NAMED: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92, "'": 39, '"': 34 };

/**
 * Bytes of a text in which Shodan wrote unprintable bytes the way Python's `repr` does: `\x03\x00\r\n4`. Characters that
 * are no escape stand for themselves (Latin-1; anything wider ends the reading).
 */
export function bytesOfPythonText(text: string, maxBytes: number): Uint8Array {
  const bytes: number[] = [];
  let at = 0;
  while (at < text.length && bytes.length < maxBytes) {
    const code = text.charCodeAt(at);
    if (code > 0xff) break;
    // Most characters are no escape: only behind a backslash is there anything to find out.
    const next = code === 92 ? text.charAt(at + 1) : '';
    const hex = next === 'x' ? /^[0-9a-fA-F]{2}$/.exec(text.slice(at + 2, at + 4)) : null;
    const named = NAMED[next];
    if (hex !== null) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 4;
    } else if (named !== undefined) {
      bytes.push(named);
      at += 2;
    } else {
      bytes.push(code);
      at += 1;
    }
  }
  return Uint8Array.from(bytes);
}
