/** What strangers may do to a datagram or a first answer: cut it, change bytes in it, or send something else. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { ProtocolFacts } from '../../../../src/model/facts.ts';

interface Reader {
  read(received: Uint8Array): ProtocolFacts | undefined;
}

/** A capture, cut anywhere and with up to four bytes changed. */
export function mutationsOf(captures: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      capture: fc.constantFrom(...captures),
      length: fc.nat(),
      changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    })
    .map(({ capture, length, changes }) => {
      const bytes = Uint8Array.from(capture.subarray(0, length % (capture.length + 1)));
      for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
      return bytes;
    });
}

/** Whatever comes, `read` gives facts that fit the model and its bounds, or nothing; it never throws. */
export function expectBounded(question: Reader, captures: readonly Uint8Array[]): void {
  const anything = fc.oneof(mutationsOf(captures), fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(anything, (bytes) => {
      const facts = question.read(bytes);
      if (facts === undefined) return;
      expect(ProtocolFacts.safeParse(facts).success).toBe(true);
      expect(facts.fields.length).toBeLessThanOrEqual(64);
      const texts = [facts.product ?? '', facts.version ?? '', ...facts.fields.flat()];
      for (const text of texts) {
        expect(text.length).toBeLessThanOrEqual(256);
        // oxlint-disable-next-line no-control-regex -- that is what must not be there
        expect(text).not.toMatch(/[\u0000-\u001f\u007f]/);
      }
    }),
    { numRuns: 400 },
  );
}

/** First words of servers that speak something else: none of them may be taken for the protocol under test. */
export const OTHER_SERVERS: readonly Uint8Array[] = [
  'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n',
  'HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nConnection: close\r\n\r\n<html></html>',
  '220 mail.example.jp ESMTP Postfix\r\n',
  '220 (vsFTPd 3.0.3)\r\n',
  '+OK Dovecot ready.\r\n',
  '* OK [CAPABILITY IMAP4rev1] ready\r\n',
  'RFB 003.008\n',
  '-ERR unknown command\r\n',
  '@RSYNCD: 31.0\n',
  '\xff\xfd\x18\xff\xfd\x20',
  'J\x00\x00\x00\x0a8.0.36\x00',
  '\x15\x03\x01\x00\x02\x02\x46',
  '\x00',
  '',
  '\r\n',
  'A'.repeat(600),
  '\x00'.repeat(600),
].map((text) => Buffer.from(text, 'latin1'));

export function hex(...parts: readonly string[]): Uint8Array {
  return Buffer.from(parts.join(''), 'hex');
}

export function text(...lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join('\r\n'), 'latin1');
}
