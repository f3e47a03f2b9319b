import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../src/model/facts.ts';
import { Facts } from '../../src/model/facts.ts';
import { Evidence } from '../../src/model/observation.ts';
import { fitted, MOST_BYTES, MOST_BYTES_OF_HOST, roomFor } from '../../src/observe/probe/fit.ts';
import type { ProbeResult } from '../../src/observe/probe/probe.ts';

function answer(path: string, body: string): HttpAnswer {
  return {
    method: 'GET',
    path,
    status: 200,
    headers: Array.from({ length: 256 }, (_, n): [string, string] => [`x-${n}`, body.slice(0, 120)]),
    title: 'Log in',
    body,
    bodyBytes: body.length,
    bodySha256: '',
    truncated: false,
  };
}

function web(answers: readonly HttpAnswer[], received = ''): ProbeResult {
  return {
    protocol: 'http',
    status: 'open',
    facts: { http: { scheme: 'http', host: 'a', answers: [...answers], notFollowed: [] } },
    evidence: answers.map(({ path }) => ({
      label: path,
      sent: '',
      received,
      receivedBytes: received.length,
      sha256: '',
      truncated: false,
    })),
  };
}

const size = ({ facts, evidence }: ProbeResult): number =>
  Buffer.byteLength(JSON.stringify({ facts, evidence }));

describe('observe/probe/fit', () => {
  it('leaves an ordinary result untouched', () => {
    const result = web([answer('/', '<title>Log in</title>')]);
    expect(fitted(result, MOST_BYTES)).toEqual({ result, bytes: expect.any(Number) });
    expect(fitted(result, MOST_BYTES).result).toBe(result);
  });

  it('cuts evidence before facts', () => {
    const result = web([answer('/', 'x'.repeat(50_000))], 'A'.repeat(2_200_000));
    const cut = fitted(result, MOST_BYTES).result;
    expect(cut.facts).toEqual(result.facts);
    expect(cut.evidence).toMatchObject([{ truncated: true, receivedBytes: 2_200_000 }]);
    expect(cut.evidence[0]?.received.length).toBe(16 * 1024);
  });

  it('makes 24 pages of control characters fit, says that they are cut, and keeps what names the product', () => {
    const pages = Array.from({ length: 24 }, (_, n) => answer(`/${n}`, '\u0001'.repeat(131_072)));
    expect(size(web(pages))).toBeGreaterThan(16_000_000);
    for (const most of [MOST_BYTES, roomFor(MOST_BYTES_OF_HOST * 9)]) {
      const { result, bytes } = fitted(web(pages), most);
      expect(bytes).toBeLessThanOrEqual(most);
      expect(size(result)).toBeLessThanOrEqual(most);
      expect(result.facts.http?.answers[0]).toMatchObject({ status: 200, title: 'Log in', truncated: true });
    }
  });

  it('gives every host room, less and less, but never none', () => {
    expect(roomFor(0)).toBe(MOST_BYTES);
    expect(roomFor(MOST_BYTES_OF_HOST - 500_000)).toBe(500_000);
    expect(roomFor(MOST_BYTES_OF_HOST * 2)).toBeGreaterThan(100_000);
  });

  it('fits any web answers into any room that it gives, as facts that can be read back', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3000 });
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 6 }),
        fc.integer({ min: 20_000, max: 100_000 }),
        (bodies, most) => {
          const { result } = fitted(
            web(
              bodies.map((body, n) => answer(`/${n}`, body)),
              'AAAA'.repeat(9000),
            ),
            most,
          );
          expect(size(result)).toBeLessThanOrEqual(Math.max(most, 64 * 1024));
          expect(Facts.safeParse(result.facts).success).toBe(true);
          expect(Evidence.array().safeParse(result.evidence).success).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});
