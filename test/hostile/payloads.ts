/** What a stranger may put wherever a server speaks of itself. */
export interface Payload {
  readonly name: string;
  readonly bytes: Buffer;
}

const TEXTS: Readonly<Record<string, string>> = {
  script: '<script>alert(1)</script>',
  image: '"><img src=x onerror=alert(1)>',
  style: "</style></title></textarea>--><svg onload=alert(1)>' onmouseover='alert(1)",
  ansi: '\u001b[31mred\u001b]0;owned\u0007\u001b[2J\u009b31m\u0090q\u009c',
  crlf: 'line\r\nBcc: a@example.com\r\n\r\nbody\rover',
  bidi: 'evil\u202egnp.exe\u2066\u200f\u061c\u2028two\u2029three\u0085four',
  controls: '\u0000\u0001\b\u000b\u000c\u007f\u0080\u0099\ufeff\ufff9',
  formula: '=HYPERLINK("http://example.com","x")\t+1+1\t@SUM(1)',
  proto: '__proto__ constructor toString hasOwnProperty',
  markdown:
    '`code` **bold** [x](javascript:alert(1)) ![i](http://example.com/i.png) | cell | <b> # h ~~~ ```',
  invisible: 'a\u200bb\u00adc\u{e0041}\u{e007f}\u034f\u3164\u2800\u180e',
  template: '${process.exit()} {{7*7}} <%= 1 %> %s %d %n',
};

export const PAYLOADS: readonly Payload[] = [
  ...Object.entries(TEXTS).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
  // UTF-8 that is none: an overlong "<", a surrogate, a cut character; then UTF-16 as a name of NTLM has it.
  {
    name: 'broken-utf8',
    bytes: Buffer.from('c0bc736372697074c0be eda080 f09f98'.replaceAll(' ', '20'), 'hex'),
  },
  { name: 'latin1-c1', bytes: Buffer.from('\u009b31m\u009d0;owned\u009c<b>', 'latin1') },
  { name: 'long', bytes: Buffer.from('<i>'.repeat(350_000)) },
];

/** In one line, as far as the protocol that carries it has lines. */
export function oneLine({ bytes }: Payload, max = 200): Buffer {
  return Buffer.from(bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d)).subarray(0, max);
}
