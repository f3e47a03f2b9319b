import { describe, expect, it } from 'vitest';
import { readCookie } from '../../../src/identify/match/cookies.ts';
import { isEcho } from '../../../src/identify/match/pattern.ts';
import { answer, certainty, matcherOf, web } from './build.ts';

describe('what the server only repeats', () => {
  const matcher = matcherOf({
    strength: 'strong',
    http: { body: '/dana-na/css/ds' },
  });

  it('does not count, however it is written', () => {
    for (const body of [
      'not found: /dana-na/css/ds.css',
      '<a href="/dana-na/css/ds.css">',
      'path %2Fdana-na%2Fcss%2Fds.css; again /DANA-NA/css/ds.css',
    ]) {
      expect(certainty(matcher, web([answer({ path: '/dana-na/css/ds.css', body })]))).toBe('none');
    }
  });

  it('counts when it stands there unasked, even beside an echo', () => {
    expect(certainty(matcher, web([answer({ path: '/', body: '<link href="/dana-na/css/ds.css">' })]))).toBe(
      'confirmed',
    );
    const markup = matcherOf({ strength: 'strong', http: { body: 'href="/dana-na/css/(ds|login)' } });
    const body = 'You asked for /dana-na/css/ds. <link href="/dana-na/css/login.css">';
    expect(certainty(markup, web([answer({ path: '/dana-na/css/ds', body })]))).toBe('confirmed');
  });

  it.each([
    ['/remote/logincheck', '/remote/logincheck', '/remote/login', false],
    ['not found: /remote/logincheck.', '/remote/login', '/remote/logincheck', true],
    ['see /remote/login', '/remote/login', '/remote/logincheck', false],
    ['<form action="/my.policy">', 'action="/my.policy"', '/my.policy', true],
    ['top.location="/remote/login"', 'top.location="/remote/login"', '/remote/login', true],
    ['csco_showloginform', 'csco_showloginform', '/+cscoe+/logon.html', false],
    ['https://192.0.2.7/+cscoe+/logon.html', 'https://192.0.2.7/+cscoe+/logon', '/+cscoe+/logon.html', true],
    ['Login', 'Login', '/php/login.php', false],
    ['No /PHP/Login.php here', 'Login', '/php/login.php', true],
  ])('in %j: %j is a repetition of %j: %s', (text, matched, target, expected) => {
    const start = text.indexOf(matched);
    const found = { groups: [matched], start, end: start + matched.length };
    expect(isEcho(text, found, [target])).toBe(expected);
  });

  it('does not count in a redirect, a title or a header either', () => {
    const location = matcherOf({ strength: 'strong', http: { location: '^(https?://[^/]+)?/vpn/index' } });
    const redirect = (path: string, to: string) =>
      certainty(location, web([answer({ path, status: 302, headers: [['Location', to]] })]));
    expect(redirect('/vpn/index.html', 'https://www.example.jp/vpn/index.html')).toBe('none');
    expect(redirect('/', '/vpn/index.html')).toBe('confirmed');
    expect(redirect('/', '/login?next=/vpn/index.html')).toBe('none');
    const title = matcherOf({ strength: 'strong', http: { title: 'phpmyadmin' } });
    expect(certainty(title, web([answer({ path: '/phpmyadmin/', title: '/phpmyadmin/ not found' })]))).toBe(
      'none',
    );
    const header = matcherOf({ strength: 'strong', http: { header: { 'X-Path': 'phpmyadmin' } } });
    expect(
      certainty(header, web([answer({ path: '/phpmyadmin/', headers: [['x-path', '/phpmyadmin/']] })])),
    ).toBe('none');
  });

  it('gives up on a page that repeats without end, in little time', () => {
    const started = performance.now();
    const body = '/dana-na/css/ds.css '.repeat(6000);
    expect(certainty(matcher, web([answer({ path: '/dana-na/css/ds.css', body })]))).toBe('none');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('servers that answer everything', () => {
  const matcher = matcherOf({ strength: 'strong', http: { path: '^/portal', status: [200] } });
  const page = '<html><title>Welcome</title><div id="root"></div></html>';
  const control = answer({ path: '/sekisho-control-1', body: page, title: 'Welcome', control: true });
  const portal = (body: string) => answer({ path: '/portal', body, title: 'Welcome' });

  it('prove nothing by a page that comes on any path', () => {
    expect(certainty(matcher, web([portal(page), control], { catchAll: true }))).toBe('none');
    const token = page.replace('root', 'root-4711');
    expect(certainty(matcher, web([portal(token), control], { catchAll: true }))).toBe('none');
  });

  it('still count for a page that is a different one', () => {
    const own = `<html><title>Portal</title>${'x'.repeat(900)}</html>`;
    const answers = web([answer({ path: '/portal', body: own, title: 'Portal' }), control], {
      catchAll: true,
    });
    expect(certainty(matcher, answers)).toBe('confirmed');
  });

  it('prove nothing when the control answer is not there to compare with', () => {
    expect(certainty(matcher, web([portal('anything')], { catchAll: true }))).toBe('none');
    expect(certainty(matcher, web([portal('anything')]))).toBe('confirmed');
  });

  it('are still known by their first page', () => {
    const first = matcherOf({ strength: 'strong', http: { body: 'id="root"' } });
    expect(certainty(first, web([answer({ body: page }), control], { catchAll: true }))).toBe('confirmed');
  });

  it('never count by the control answer itself', () => {
    const anything = matcherOf({ strength: 'strong', http: { body: 'id="root"' } });
    expect(certainty(anything, web([control]))).toBe('none');
  });
});

describe('cookies', () => {
  const set = (line: string) => web([answer({ headers: [['Set-Cookie', line]] })]);
  const named = matcherOf({ strength: 'strong', http: { cookie: ['sessid'] } });
  const emptied = matcherOf({
    strength: 'strong',
    http: { 'cookie-any': ['SVPN*', 'other'], 'cookie-emptied': true },
  });

  it('do not count when the server only takes them away', () => {
    expect(certainty(named, set('sessid=1; path=/'))).toBe('confirmed');
    for (const line of [
      'sessid=; path=/',
      'sessid=expired; path=/',
      'sessid="deleted"',
      'sessid=1; Max-Age=0',
      'sessid=1; expires=Thu, 01-Jan-1970 00:00:01 GMT',
      'sessid=1; EXPIRES=Wednesday, 09-Nov-1999 23:12:40 GMT; path=/',
    ]) {
      expect(certainty(named, set(line))).toBe('none');
    }
  });

  it('count emptied where the product announces itself so', () => {
    expect(certainty(emptied, set('SVPNCOOKIE=; path=/'))).toBe('confirmed');
    expect(certainty(emptied, set('svpncookie=; path=/'))).toBe('none');
    expect(certainty(emptied, set('XSVPN=; path=/'))).toBe('none');
  });

  it('are read against the clock of the server', () => {
    const line = 'sessid=1; expires=Fri, 20 Nov 2026 10:00:00 GMT';
    expect(readCookie(line, Date.parse('2026-11-20T09:00:00Z')).emptied).toBe(false);
    expect(readCookie(line, Date.parse('2026-11-20T11:00:00Z')).emptied).toBe(true);
    expect(readCookie(line, Number.NaN).emptied).toBe(false);
    expect(readCookie('', Number.NaN)).toEqual({ name: '', emptied: true });
    expect(readCookie('a', Number.NaN)).toEqual({ name: 'a', emptied: true });
  });
});
