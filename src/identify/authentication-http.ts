import type { Facts, HttpAnswer } from '../model/facts.ts';
import type { AuthenticationFact } from '../model/service.ts';
import type { LogIn } from './log-in.ts';
import { header, ownAnswers } from './facts-of.ts';

/** Schemes of WWW-Authenticate, RFC 9110 §11.6.1 and the IANA registry. */
const SCHEMES: readonly (readonly [RegExp, AuthenticationFact])[] = [
  [/(?:^|[,\n])\s*basic\b/i, 'http-basic'],
  [/(?:^|[,\n])\s*digest\b/i, 'http-digest'],
  [/(?:^|[,\n])\s*ntlm\b/i, 'http-ntlm'],
  [/(?:^|[,\n])\s*negotiate\b/i, 'http-negotiate'],
];

/** Bounded on both sides: the body comes from a stranger. */
const PASSWORD_FIELD = /<input\b[^>]{0,400}?\btype\s{0,4}=\s{0,4}["']?password\b/i;
/** SAML 2.0 bindings §3.4.3 and §3.5.4; OpenID Connect core §3.1.2.1. */
const IDENTITY_PROVIDER =
  /[?&]SAMLRequest=|[?&]wa=wsignin1\.0|\/oauth2?\/(?:v2\.0\/)?authorize\b|\/openid-connect\/auth\b|\/saml2?\/(?:sso|idp)\b/i;
const SAML_FORM = /\bname\s{0,4}=\s{0,4}["']?SAMLRequest\b/i;

/**
 * What a web server asks for. A page without any sign of a log-in tells nothing: the log-in may be one click away.
 */
export function httpLogIn(facts: Facts): LogIn | undefined {
  const found = new Set<AuthenticationFact>(ownAnswers(facts).flatMap(factsOfAnswer));
  for (const { location } of facts.http?.notFollowed ?? []) {
    if (IDENTITY_PROVIDER.test(location)) found.add('saml-redirect');
  }
  const asksPassword = found.size > (found.has('saml-redirect') ? 1 : 0);
  if (asksPassword && facts.http?.scheme === 'http') found.add('clear-text');
  const certificate = facts.tls?.clientCertificateRequested === true;
  if (certificate) found.add('client-certificate');
  // What the handshake showed counts; a web server may ask in the handshake and refuse in the page.
  const isDemanded = facts.tls?.clientCertificateRequired ?? facts.http === undefined;
  if (found.size === 0) return undefined;
  return { kind: kindOf(asksPassword, certificate && (isDemanded || refusesPage(facts))), facts: [...found] };
}

/** A server may ask for a certificate and do without: when a page came back all the same, it is not demanded. */
function refusesPage(facts: Facts): boolean {
  return facts.http !== undefined && !ownAnswers(facts).some(({ status }) => status >= 200 && status < 400);
}

function kindOf(asksPassword: boolean, demandsCertificate: boolean): LogIn['kind'] {
  if (demandsCertificate) return 'strong';
  return asksPassword ? 'password' : 'unknown';
}

function factsOfAnswer(answer: HttpAnswer): AuthenticationFact[] {
  const found: AuthenticationFact[] = [];
  const offered = answer.status === 401 ? header(answer.headers, 'www-authenticate') : undefined;
  for (const [scheme, fact] of SCHEMES) if (offered !== undefined && scheme.test(offered)) found.push(fact);
  if (PASSWORD_FIELD.test(answer.body)) found.push('http-form');
  const target = answer.location ?? header(answer.headers, 'location') ?? '';
  if (IDENTITY_PROVIDER.test(target) || SAML_FORM.test(answer.body)) found.push('saml-redirect');
  return found;
}
