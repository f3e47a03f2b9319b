import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VersionAnswer } from '../../../../../src/observe/probe/tcp/tls/ask-version.ts';
import { createFlightReader } from '../../../../../src/observe/probe/tcp/tls/server-hello.ts';
import { serverForm } from '../../../../../src/observe/probe/tcp/tls/server-form.ts';
import { serverFlightBytes } from './flight-bytes.ts';

const evidence = { label: '', sent: '', received: '', receivedBytes: 0, sha256: '', truncated: false };

function answer(bytes: Uint8Array, ended: VersionAnswer['ended'] = 'enough'): VersionAnswer {
  const reader = createFlightReader('hello');
  reader.enough(bytes);
  return { flight: reader.flight(), ended, tookMs: 1, evidence };
}

/** ServerHello of Dovecot 2.3.19 (OpenSSL 3.0) to a hello of TLS 1.2, but for the random. */
const HELLO = Buffer.from(
  `1603030039020000350303${'11'.repeat(32)}00c02f00000dff01000100000b000403000102`,
  'hex',
);
/** The same of a server that echoes the name it was asked for. */
const NAMED = Buffer.from(
  `160303003d020000390303${'11'.repeat(32)}00c02f00001100000000ff01000100000b000403000102`,
  'hex',
);
const ALERT = Buffer.from('15030300020228', 'hex');

describe('serverForm', () => {
  it('has one part for each version offered, ascending', () => {
    const answers = new Map([
      [0x0303, answer(HELLO)],
      [0x0301, answer(serverFlightBytes({ version: 0x0300, cipher: 5, certificates: [] }))],
      [0x0300, answer(ALERT)],
      [0x0304, answer(new Uint8Array(), 'closed')],
    ]);
    expect(serverForm(answers)).toBe('0300:!28_0301:0300.0005._0303:0303.c02f.ff01-000b_0304:x');
  });

  it('does not depend on the name that was asked for', () => {
    expect(serverForm(new Map([[0x0303, answer(NAMED)]]))).toBe(
      serverForm(new Map([[0x0303, answer(HELLO)]])),
    );
  });

  it('is none when one answer did not come', () => {
    expect(
      serverForm(
        new Map([
          [0x0303, answer(HELLO)],
          [0x0304, undefined],
        ]),
      ),
    ).toBeUndefined();
    expect(serverForm(new Map([[0x0303, answer(new Uint8Array(), 'timeout')]]))).toBeUndefined();
    expect(serverForm(new Map())).toBeUndefined();
  });

  it('is bounded and plain, whatever a server sends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(HELLO.length - 1), (bytes, at) => {
        const mutated = Buffer.concat([HELLO.subarray(0, at), bytes]);
        const form = serverForm(
          new Map([
            [0x0301, answer(mutated)],
            [0x0303, answer(HELLO)],
          ]),
        );
        if (form !== undefined) expect(form).toMatch(/^[0-9a-fx!:._-]{1,256}$/);
      }),
      { numRuns: 300 },
    );
  });
});
