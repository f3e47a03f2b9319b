import { describe, expect, it } from 'vitest';
import { webOf } from '../../../src/identify/web/web.ts';
import type { HttpFacts } from '../../../src/model/facts.ts';

const http = (body: string, server: string): HttpFacts => ({
  scheme: 'https',
  host: 'www.example.jp',
  notFollowed: [],
  answers: [
    {
      method: 'GET',
      path: '/',
      status: 200,
      headers: [
        ['Server', server],
        ['Content-Type', 'text/html'],
      ],
      title: 'Top',
      body,
      bodyBytes: body.length,
      bodySha256: 'a'.repeat(64),
      truncated: false,
    },
  ],
});

describe('webOf', () => {
  it('says nothing of what is no web server', () => {
    expect(webOf({}, {}, undefined)).toEqual({});
  });

  it('takes page and risks from the own look, whatever a passive source has', () => {
    const own = http('<script src="https://cdn.example/a.js"></script>', 'nginx');
    const other = http('<a href="/old.php">', 'Apache PHP/5.6');
    expect(webOf({ http: own }, { http: other }, undefined)).toMatchObject({
      webRisks: [],
      page: { title: 'Top', scripts: ['https://cdn.example'] },
    });
  });

  it('takes the risks of a passive record where there is no own look, and never its page', () => {
    const found = webOf({}, { http: http('', 'Apache PHP/5.6') }, undefined);
    expect(found).toEqual({ webRisks: [{ risk: 'script-engine', seen: 'PHP (server: Apache PHP/5.6)' }] });
  });

  it('hands on what the opt-in look came to', () => {
    const indicators = { asked: 3, skipped: [], answers: [] };
    expect(webOf({ http: { ...http('', 'x'), indicators } }, {}, undefined).indicators).toEqual(indicators);
    expect(webOf({ http: http('', 'x') }, {}, undefined)).not.toHaveProperty('indicators');
  });
});
