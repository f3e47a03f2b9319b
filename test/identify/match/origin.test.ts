import { describe, expect, it } from 'vitest';
import { readAnswers } from '../../../src/identify/match/answers.ts';
import { ownAnswers } from '../../../src/identify/facts-of.ts';
import type { Facts, HttpAnswer } from '../../../src/model/facts.ts';

const answer = (over: Partial<HttpAnswer>): HttpAnswer => ({
  method: 'GET',
  path: '/',
  status: 200,
  headers: [],
  body: '',
  bodyBytes: 0,
  bodySha256: '',
  truncated: false,
  ...over,
});

describe('identify: answers fetched from another port', () => {
  it('do not count for the port that only redirected there', () => {
    const facts: Facts = {
      http: {
        scheme: 'http',
        host: 'a',
        answers: [
          answer({ status: 302 }),
          answer({ origin: 'https://192.0.2.1:443', headers: [['Server', 'nginx']] }),
        ],
        notFollowed: [],
      },
    };
    expect(readAnswers([{ id: 'x', facts }]).web.map(({ status }) => status)).toEqual([302]);
    expect(ownAnswers(facts).length).toBe(1);
  });
});
