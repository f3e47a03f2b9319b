import type { Facts } from '../model/facts.ts';
import type { Product } from '../model/product.ts';
import { AUTHENTICATION_FACTS, type Authentication, type AuthenticationFact } from '../model/service.ts';
import { databaseLogIn, greetingLogIn, telnetLogIn } from './authentication-text.ts';
import { httpLogIn } from './authentication-http.ts';
import type { LogIn } from './log-in.ts';
import { protocolLogIns } from './protocol-facts.ts';

/**
 * The log-in as seen before any log-in. Several groups (TLS and HTTP, say) are put together: what asks for nothing is
 * the weakest door, so "none" wins over "password", "password" over "strong", and all over "unknown".
 *
 * @param product known product: says what it asks for when the answers do not.
 * @param matched names of its facts that hold.
 */
export function authenticationOf(
  facts: Facts,
  product?: Product,
  matched: readonly string[] = [],
): Authentication {
  const seen = [
    rdpLogIn(facts),
    vncLogIn(facts),
    sshLogIn(facts),
    telnetLogIn(facts),
    databaseLogIn(facts),
    greetingLogIn(facts),
    httpLogIn(facts),
    ...protocolLogIns(facts),
    ...productLogIns(product, matched),
  ].filter((one) => one !== undefined);
  const kinds = seen.map(({ kind }) => kind);
  const kind = (['none', 'password', 'strong'] as const).find((one) => kinds.includes(one)) ?? 'unknown';
  const said = seen.flatMap((one) => one.facts);
  return byProduct({ kind, facts: inOrder(said) }, product);
}

const KIND_OF = { open: 'none', password: 'password', strong: 'strong' } as const;

/** What the very answers show by which the product was recognised. */
function productLogIns(product: Product | undefined, matched: readonly string[]): LogIn[] {
  return (product?.facts ?? []).flatMap(({ id, access }) =>
    access !== undefined && matched.includes(id)
      ? [{ kind: KIND_OF[access], facts: ['product-answer'] satisfies AuthenticationFact[] }]
      : [],
  );
}

/**
 * A product file may tell what the product asks for. An identity provider may ask for more than the product itself: then
 * only a stronger statement of the file counts.
 */
function byProduct(seen: Authentication, product: Product | undefined): Authentication {
  const known = product?.authentication ?? 'unknown';
  if (seen.kind !== 'unknown' || known === 'unknown') return seen;
  if (seen.facts.some((fact) => fact !== 'clear-text') && known !== 'strong') return seen;
  return { kind: known, facts: inOrder([...seen.facts, 'by-product']) };
}

function inOrder(facts: readonly AuthenticationFact[]): AuthenticationFact[] {
  return AUTHENTICATION_FACTS.filter((fact) => facts.includes(fact));
}

/** RDP always asks for a password in the end; a second factor behind it cannot be seen from outside. */
function rdpLogIn({ rdp }: Facts): LogIn | undefined {
  if (rdp === undefined) return undefined;
  const facts: AuthenticationFact[] = [];
  if (rdp.nlaRequired === undefined) facts.push('rdp-nla-unknown');
  else facts.push(rdp.nlaRequired ? 'rdp-nla-required' : 'rdp-nla-not-required');
  if (rdp.accepts.standard === true) facts.push('rdp-standard-security');
  return { kind: 'password', facts };
}

/** Security types that only wrap: what they ask for stands in a list of their own (TLS 18, VeNCrypt 19). */
const VNC_WRAPPERS = new Set([18, 19]);

function vncLogIn({ vnc }: Facts): LogIn | undefined {
  if (vnc === undefined) return undefined;
  if (vnc.noPassword === true) return { kind: 'none', facts: ['vnc-none'] };
  if (vnc.refusal !== undefined) return { kind: 'unknown', facts: ['vnc-refused'] };
  const asks =
    vnc.securityTypes.some(({ id }) => id > 1 && !VNC_WRAPPERS.has(id)) ||
    (vnc.noPassword === false && vnc.securityTypes.length > 0);
  return asks ? { kind: 'password', facts: ['vnc-password'] } : undefined;
}

/** RFC 4252 §5: `password`; §7 public key; RFC 4256 keyboard-interactive, which may carry a second factor or a plain password. */
function sshLogIn({ ssh }: Facts): LogIn | undefined {
  if (ssh === undefined) return undefined;
  if (ssh.authMethods === undefined || ssh.authMethods.length === 0)
    return { kind: 'unknown', facts: ['ssh-not-asked'] };
  const methods = new Set(ssh.authMethods);
  if (methods.has('none')) return { kind: 'none', facts: ['ssh-none'] };
  if (methods.has('password')) return { kind: 'password', facts: ['ssh-password'] };
  if (methods.has('keyboard-interactive')) return { kind: 'unknown', facts: ['ssh-interactive'] };
  if (methods.has('publickey')) return { kind: 'strong', facts: ['ssh-publickey-only'] };
  return { kind: 'unknown', facts: [] };
}
