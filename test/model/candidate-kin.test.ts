import { describe, expect, it } from 'vitest';
import { domainsOf, kinOf } from '../../src/model/candidate-kin.ts';

const own = domainsOf(['vpn.kakuu.co.jp', 'www.example.jp', 'mail.example.com']);
const kin = (value: string): string => kinOf({ kind: 'name', value }, own);

describe('model/candidate-kin', () => {
  it.each(['old.kakuu.co.jp', 'kakuu.co.jp', 'a.b.example.jp', 'x.example.com'])(
    '%s: a domain of its own',
    (name) => {
      expect(kin(name)).toBe('own-domain');
    },
  );

  it.each([
    'other.co.jp',
    'x.other.jp',
    'notexample.jp',
    'example.jp.evil.com',
    'amazonaws.com.evil.net',
    'xamazonaws.com',
  ])('%s: neither', (name) => {
    expect(kin(name)).toBe('other');
  });

  it.each([
    'ec2-203-0-113-10.ap-northeast-1.compute.amazonaws.com',
    'd111111abcdef8.cloudfront.net',
    'p1234567-ipoe.ipoe.ocn.ne.jp',
    '10.113.0.203.static.somewhere.net',
    'host-203-000-113-010.somewhere.net',
    '203-0-113-10.example.jp',
  ])('%s: given by a provider', (name) => {
    expect(kin(name)).toBe('provider');
  });

  it('takes a long number or a version for no address', () => {
    for (const name of ['v1-2-3.other.jp', '2026-11-20.other.jp', 'a999-1-2-3.other.jp'])
      expect(kin(name)).toBe('other');
  });

  it('knows nothing of an address', () => {
    expect(kinOf({ kind: 'address', value: '192.0.2.1' }, own)).toBe('other');
  });
});
