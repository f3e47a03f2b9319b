import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticationOf } from '../../src/identify/authentication.ts';
import type { Facts, RdpFacts, SshFacts, VncFacts } from '../../src/model/facts.ts';
import { AUTHENTICATION_FACTS } from '../../src/model/service.ts';
import { httpFacts, makeAnswer, makeProduct, tlsFacts } from './helpers.ts';

const rdp = (given: Partial<RdpFacts>): Facts => ({
  rdp: { negotiations: [], accepts: {}, noNegotiation: false, ...given },
});
const vnc = (types: number[], given: Partial<VncFacts> = {}): Facts => ({
  vnc: { rfbVersion: '003.008', securityTypes: types.map((id) => ({ id, name: String(id) })), ...given },
});
const ssh = (given: Partial<SshFacts>): Facts => ({
  ssh: { banner: 'SSH-2.0-x', protocol: '2.0', software: 'x', hostKeys: [], ...given },
});
const greeting = (protocol: string, text: string, rest: Record<string, unknown> = {}): Facts => ({
  greeting: { protocol, text, ...rest },
});
const unauthorised = (value: string): Facts =>
  httpFacts({ status: 401, headers: [['WWW-Authenticate', value]] });
const page = (body: string): Facts => httpFacts({ body });

const CASES: [string, Facts, string, string[]][] = [
  ['nothing', {}, 'unknown', []],
  ['RDP that insists on NLA', rdp({ nlaRequired: true }), 'password', ['rdp-nla-required']],
  ['RDP that does not', rdp({ nlaRequired: false }), 'password', ['rdp-nla-not-required']],
  [
    'RDP with standard security',
    rdp({ accepts: { standard: true } }),
    'password',
    ['rdp-nla-unknown', 'rdp-standard-security'],
  ],
  ['VNC None', vnc([1], { noPassword: true }), 'none', ['vnc-none']],
  ['VNC None beside a password', vnc([2, 1], { noPassword: true }), 'none', ['vnc-none']],
  ['VNC password', vnc([2], { noPassword: false }), 'password', ['vnc-password']],
  ['VNC inside VeNCrypt, types not learnt', vnc([19]), 'unknown', []],
  [
    'VNC inside VeNCrypt, not without password',
    vnc([19], { noPassword: false }),
    'password',
    ['vnc-password'],
  ],
  ['VNC that turns us away', vnc([], { refusal: 'Too many failures' }), 'unknown', ['vnc-refused']],
  ['SSH not asked', ssh({}), 'unknown', ['ssh-not-asked']],
  ['SSH password', ssh({ authMethods: ['publickey', 'password'] }), 'password', ['ssh-password']],
  ['SSH public key only', ssh({ authMethods: ['publickey'] }), 'strong', ['ssh-publickey-only']],
  ['SSH that lets anyone in', ssh({ authMethods: ['none'] }), 'none', ['ssh-none']],
  [
    'SSH keyboard-interactive',
    ssh({ authMethods: ['publickey', 'keyboard-interactive'] }),
    'unknown',
    ['ssh-interactive'],
  ],
  ['HTTP Basic', unauthorised('Basic realm="router"'), 'password', ['http-basic']],
  ['HTTP Negotiate and NTLM', unauthorised('Negotiate, NTLM'), 'password', ['http-ntlm', 'http-negotiate']],
  ['HTTP Digest', unauthorised('Digest realm="x", qop="auth"'), 'password', ['http-digest']],
  ['a realm that says basic', unauthorised('Bearer realm="basic"'), 'unknown', []],
  ['a form', page('<form><input id="p" type="password" name="p">'), 'password', ['http-form']],
  ['a form, other spelling', page("<INPUT name=p TYPE = 'password'>"), 'password', ['http-form']],
  ['a page about passwords', page('<p>type="password" is how a form asks</p>'), 'unknown', []],
  ['an ordinary page', page('<h1>Welcome</h1><input type="text" name="q">'), 'unknown', []],
  [
    'a redirect to an identity provider',
    httpFacts({ status: 302, location: 'https://login.example.net/saml2?SAMLRequest=fZ' }),
    'unknown',
    ['saml-redirect'],
  ],
  [
    'an identity provider that was not followed',
    httpFacts(
      {},
      { notFollowed: [{ location: 'https://x.example/oauth2/v2.0/authorize?a', reason: 'scope' }] },
    ),
    'unknown',
    ['saml-redirect'],
  ],
  [
    'a form beside an identity provider',
    page('<input type=password><input name="SAMLRequest">'),
    'password',
    ['http-form', 'saml-redirect'],
  ],
  [
    'Telnet that asks',
    { telnet: { options: [], text: '\r\nUser Access Verification\r\n\r\nPassword: ' } },
    'password',
    ['telnet-login', 'clear-text'],
  ],
  [
    'Telnet in Japanese',
    { telnet: { options: [], text: 'RTX1210\r\nパスワード：' } },
    'password',
    ['telnet-login', 'clear-text'],
  ],
  [
    'Telnet with a command prompt',
    { telnet: { options: [], text: 'BusyBox v1.19.4\r\n\r\nroot@cam:~# ' } },
    'none',
    ['telnet-no-login', 'clear-text'],
  ],
  [
    'Telnet with a notice',
    { telnet: { options: [], text: 'Too many users. Bye.' } },
    'unknown',
    ['clear-text'],
  ],
  ['FTP', greeting('ftp', '220 ready', { startTls: false }), 'unknown', ['ftp-not-asked', 'clear-text']],
  ['FTP with AUTH TLS', greeting('ftp', '220 ready', { startTls: true }), 'unknown', ['ftp-not-asked']],
  ['a mail server without AUTH', greeting('smtp', '220 mx', { capabilities: ['SIZE 1'] }), 'unknown', []],
  [
    'SMTP AUTH',
    greeting('smtp', '220 mx', { capabilities: ['AUTH PLAIN LOGIN'] }),
    'password',
    ['mail-login'],
  ],
  ['IMAP', greeting('imap', '* OK', { startTls: false }), 'password', ['mail-login', 'clear-text']],
  ['MySQL', greeting('mysql', '8.0.36', { version: '8.0.36' }), 'password', ['database-login']],
  [
    'MySQL that refuses the address',
    greeting('mysql', "Host '192.0.2.1' is not allowed to connect to this MySQL server"),
    'unknown',
    ['database-refused'],
  ],
  ['open Redis', greeting('redis', '+PONG\r\n'), 'none', ['database-none']],
  [
    'Redis with a password',
    greeting('redis', '-NOAUTH Authentication required.'),
    'password',
    ['database-login'],
  ],
  [
    'Redis in protected mode',
    greeting('redis', '-DENIED Redis is running in protected mode'),
    'unknown',
    ['database-refused'],
  ],
];

describe('authenticationOf', () => {
  it.each(CASES)('reads %s', (_name, facts, kind, said) => {
    expect(authenticationOf(facts)).toEqual({ kind, facts: said });
  });

  it('goes by the weakest of several answers', () => {
    const both = { ...vnc([1], { noPassword: true }), ...page('<input type="password">') };
    expect(authenticationOf(both)).toEqual({ kind: 'none', facts: ['vnc-none', 'http-form'] });
    const keyAndForm = { ...ssh({ authMethods: ['publickey'] }), ...page('<input type="password">') };
    expect(authenticationOf(keyAndForm).kind).toBe('password');
  });

  it('calls a password over plain HTTP clear text', () => {
    const facts = httpFacts({ body: '<input type="password">' }, { scheme: 'http' });
    expect(authenticationOf(facts).facts).toEqual(['http-form', 'clear-text']);
  });

  it('takes a client certificate for strong only when nothing comes without it', () => {
    const tls = tlsFacts({ clientCertificateRequested: true });
    expect(authenticationOf({ tls })).toEqual({ kind: 'strong', facts: ['client-certificate'] });
    expect(authenticationOf({ tls, ...httpFacts({ status: 403 }) }).kind).toBe('strong');
    expect(authenticationOf({ tls, ...httpFacts({ status: 200 }) }).kind).toBe('unknown');
    expect(authenticationOf({ tls, ...page('<input type="password">') }).kind).toBe('password');
  });

  it('does not read the answer to the random control path', () => {
    const answers = [makeAnswer(), makeAnswer({ control: true, body: '<input type="password">' })];
    expect(authenticationOf(httpFacts({}, { answers }))).toEqual({ kind: 'unknown', facts: [] });
  });

  it('asks the product file when the answers do not tell', () => {
    const product = makeProduct({ id: 'box', authentication: 'password' });
    expect(authenticationOf(page(''), product)).toEqual({ kind: 'password', facts: ['by-product'] });
    expect(authenticationOf(vnc([1], { noPassword: true }), product).kind).toBe('none');
    const saml = httpFacts({ status: 302, location: '/idp?SAMLRequest=x' });
    expect(authenticationOf(saml, product)).toEqual({ kind: 'unknown', facts: ['saml-redirect'] });
    const strong = makeProduct({ id: 'box', authentication: 'strong' });
    expect(authenticationOf(saml, strong)).toEqual({
      kind: 'strong',
      facts: ['saml-redirect', 'by-product'],
    });
  });

  it('stays within the closed list and never throws', () => {
    const text = fc.string({ maxLength: 200 });
    const anyFacts = fc.record({
      telnet: fc.option(fc.record({ options: fc.constant([]), text }), { nil: undefined }),
      greeting: fc.option(
        fc.record({ protocol: fc.constantFrom('ftp', 'redis', 'mysql', 'imap', 'x'), text }),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(anyFacts, text, fc.integer({ min: 100, max: 599 }), (facts, body, status) => {
        const given = { ...httpFacts({ body, status, headers: [['www-authenticate', body]] }), ...facts };
        const known = authenticationOf(given as Facts);
        expect(known.facts).toEqual(AUTHENTICATION_FACTS.filter((one) => known.facts.includes(one)));
      }),
    );
  });

  it('stays quick on a hostile page', () => {
    const started = performance.now();
    authenticationOf(page('<input '.repeat(20_000)));
    authenticationOf({ telnet: { options: [], text: 'login '.repeat(20_000) } });
    authenticationOf({ telnet: { options: [], text: 'a@'.repeat(60_000) } });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
