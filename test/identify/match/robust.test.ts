import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BODY, readAnswers } from '../../../src/identify/match/answers.ts';
import { createVocabulary } from '../../../src/identify/match/pattern.ts';
import { readSamples } from '../../knowledge/samples.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { Sample } from '../../../src/model/product.ts';
import { matcher, ordinary, products } from '../../knowledge/knowledge.ts';
import { answer, web } from './build.ts';

/** Text as a hostile server may send it, with pieces that products are told by. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '<title>',
    '</title',
    'Set-Cookie',
    '%',
    '%2',
    '%ZZ',
    'top.location="/remote/login"',
    '\u0000',
    '\ud800',
  ),
  fc
    .array(fc.constantFrom('<', '/', 'a', '=', '"', '%', ';', '\n', 'İ', 'ſ'), { maxLength: 60 })
    .map((a) => a.join('')),
);
const answers = fc.array(
  fc.record({
    path: hostile,
    status: fc.integer(),
    headers: fc.array(fc.tuple(hostile, hostile), { maxLength: 5 }),
    body: hostile,
    title: fc.option(hostile, { nil: 'x' }),
    control: fc.boolean(),
  }),
  { maxLength: 4 },
);
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    http: answers.map((list) => ({
      scheme: 'http' as const,
      host: '',
      notFollowed: [],
      catchAll: list.length % 2 === 0,
      answers: list.map((one) => answer(one)),
    })),
    ssh: hostile.map((banner) => ({ banner, protocol: '', software: '', hostKeys: [] })),
    greeting: fc.record({ protocol: fc.constantFrom('ftp', 'smtp', 'mysql', 'any', ''), text: hostile }),
    telnet: hostile.map((text) => ({ options: [{ command: 'DO' as const, option: text }], text })),
    vnc: fc.record({
      rfbVersion: hostile,
      securityTypes: fc.array(fc.record({ id: fc.integer(), name: hostile }), { maxLength: 5 }),
    }),
    rdp: fc.record({
      negotiations: fc.array(fc.record({ requested: hostile, failure: hostile }), { maxLength: 3 }),
      accepts: fc.constant({}),
      noNegotiation: fc.boolean(),
    }),
    passive: hostile.map((product) => ({ product, cpe: [], vulns: [], tags: [], hostnames: [] })),
  },
  { requiredKeys: [] },
);

describe('matching', () => {
  it('never throws, whatever a server says, and always says the same', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 3 }), (list) => {
        const read = () => readAnswers(list.map((one, index) => ({ id: `o${index}`, facts: one })));
        const found = matcher.explain(read());
        for (const { productId } of found.matches) matcher.readVersion(productId, read());
        expect(matcher.explain(read())).toEqual(found);
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order of the sources', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        const one = [
          { id: 'a', facts: a },
          { id: 'b', facts: b },
        ];
        expect(matcher.match(readAnswers(one))).toEqual(matcher.match(readAnswers(one.toReversed())));
      }),
      { numRuns: 100 },
    );
  });

  it('reads samples of any content without throwing', () => {
    const sample = fc
      .record(
        {
          kind: fc.constantFrom('http', 'tls', 'tcp', 'udp', 'shodan', 'rdp', 'vnc'),
          port: fc.integer({ min: 0, max: 65535 }),
          banner: fc.base64String(),
          text: hostile,
          body: hostile,
          bodyBase64: fc.base64String(),
          record: fc.dictionary(
            fc.constantFrom('data', 'http', 'ssl', 'product', 'negotiations'),
            fc.anything(),
          ),
        },
        { requiredKeys: ['kind'] },
      )
      .map((raw) => Sample.parse(raw));
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 3 }), (samples) => {
        matcher.match(readSamples(samples));
      }),
      { numRuns: 200 },
    );
  });

  it('looks at a bounded part of a page', () => {
    const at = (where: number) => `${'a'.repeat(where)}<input name="pma_username">`;
    const claimed = (body: string) => matcher.match(web([answer({ body })])).length > 0;
    expect(claimed(at(MAX_BODY - 100))).toBe(true);
    expect(claimed(at(MAX_BODY))).toBe(false);
  });

  it('skips no match for the sake of the literal check', () => {
    const vocabulary = createVocabulary();
    const patterns = products
      .flatMap(({ facts: own }) =>
        own.flatMap(({ http }) => [...(http?.body ?? []), ...(http?.['body-any'] ?? [])]),
      )
      .map((source) => vocabulary.pattern(source));
    const bodies = [...products.flatMap(({ examples }) => examples), ...ordinary].flatMap(({ samples }) =>
      samples.flatMap(({ body }) => (body === undefined ? [] : [body])),
    );
    expect(patterns.length).toBeGreaterThan(30);
    for (const { source, needs, linear } of patterns) {
      for (const body of bodies.filter((text) => needs.length > 0 && linear().test(text))) {
        const lower = body.toLowerCase();
        const holds = (number: number): boolean => lower.includes(vocabulary.literals[number] ?? '\n');
        expect(
          needs.filter((numbers) => !numbers.some(holds)),
          `${source} in ${body}`,
        ).toEqual([]);
      }
    }
  });

  it('needs less than a millisecond for an ordinary service', () => {
    const services = ordinary.map(({ samples }) => readSamples(samples));
    for (const service of services) matcher.match(service);
    const rounds = 20;
    const started = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) for (const service of services) matcher.match(service);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000 / (rounds * services.length)).toBeLessThan(1);
  });

  it('needs little for a large hostile page', () => {
    for (const body of ['<'.repeat(MAX_BODY), 'href="'.repeat(MAX_BODY / 6), 'a'.repeat(MAX_BODY)]) {
      const service = web([answer({ path: '/remote/login', body, title: body.slice(0, 4000) })]);
      const started = process.cpuUsage();
      matcher.match(service);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1000).toBeLessThan(250);
    }
  });
});
