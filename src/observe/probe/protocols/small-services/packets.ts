/** echo (RFC 862), quote of the day (RFC 865), daytime (RFC 867), character generator (RFC 864). */
/** The characters of a generator's line: the printable ones of ASCII in their order, from any of them on, round. */
const RING = 95;
const LINE = 72;

/** Two lines, each one character further than the last, or one line by UDP. */
export function isCharacterGenerator(received: Uint8Array): boolean {
  const line = received.subarray(0, LINE);
  return (
    line.length === LINE && line.every((byte, index) => index === 0 || isNext(line[index - 1] ?? 0, byte))
  );
}

function isNext(previous: number, byte: number): boolean {
  return previous >= 0x20 && previous < 0x7f && byte === 0x20 + ((previous - 0x20 + 1) % RING);
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d{1,2}:\\d{2}:\\d{2}';
/** Forms that servers are known to use; the RFC leaves it to them. */
const DAYTIMES: readonly RegExp[] = [
  new RegExp(`^[A-Z][a-z]{2} ${MONTH} +\\d{1,2} +${CLOCK} (?:[A-Z]{2,5} )?(?:19|20)\\d{2}$`),
  new RegExp(`^[A-Z][a-z]{2,8}day, [A-Z][a-z]{2,8} \\d{1,2}, \\d{4} ${CLOCK}(?:-\\w{3,5})?$`),
  new RegExp(`^\\d{2} ${MONTH.toUpperCase()} \\d{4} ${CLOCK} \\S{1,5}$`),
  new RegExp(`^${CLOCK} (?:[AaPp][Mm] )?\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}$`),
  new RegExp(`^\\d{4}[/-]\\d{1,2}[/-]\\d{1,2} ${CLOCK}$`),
  new RegExp(`^\\d{5} \\d{2}-\\d{2}-\\d{2} ${CLOCK} \\d{2} \\d \\d [ \\d.]{1,8} UTC\\(\\w{2,10}\\) [*#]$`),
];

/** One line in one of these forms, and nothing else. */
export function isDaytime(received: Uint8Array): boolean {
  if (received.length < 12 || received.length > 128) return false;
  // Some Windows servers end the line with a zero.
  const text = Buffer.from(received).toString('latin1').replaceAll('\0', '').trim();
  return DAYTIMES.some((form) => form.test(text));
}

const MAX_QUOTE = 512;

/** Words: text of at least three words, with nothing that is no text. Proves something only where a quote was asked for. */
export function isQuote(received: Uint8Array): boolean {
  if (received.length < 12 || received.length > MAX_QUOTE) return false;
  if (!received.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13)) return false;
  const text = Buffer.from(received).toString('latin1').trim();
  return text.split(/\s+/, 3).length === 3;
}

export function isSame(received: Uint8Array, sent: Uint8Array): boolean {
  return received.length === sent.length && sent.every((byte, index) => byte === received[index]);
}
