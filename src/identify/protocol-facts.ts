/** What the answers of protocols without a group of their own tell about a service. */
import { CONCERNS, type Concern, type Facts, type ProtocolFacts } from '../model/facts.ts';
import type { AuthenticationFact } from '../model/service.ts';
import type { LogIn } from './log-in.ts';

const MAX_FIELDS = 24;
const MAX_VALUE = 200;

const BY_ACCESS: Readonly<Record<ProtocolFacts['access'], LogIn | undefined>> = {
  open: { kind: 'none', facts: ['protocol-open'] },
  password: { kind: 'password', facts: ['protocol-password'] },
  strong: { kind: 'strong', facts: ['protocol-strong'] },
  'turned-away': { kind: 'unknown', facts: ['protocol-refused'] },
  unknown: undefined,
};

/** Of several protocols at one place the weakest counts; `authenticationOf` puts it together with the rest. */
export function protocolLogIns({ protocols = [] }: Facts): LogIn[] {
  return protocols.flatMap(({ access, concerns }) => {
    const logIn = BY_ACCESS[access];
    if (logIn === undefined) return [];
    const open: AuthenticationFact[] = concerns.includes('clear-text') ? ['clear-text'] : [];
    return [{ kind: logIn.kind, facts: [...logIn.facts, ...open] }];
  });
}

/** Sorted as in `CONCERNS`, without duplicates. */
export function concernsOf({ protocols = [] }: Facts): Concern[] {
  return CONCERNS.filter((concern) => protocols.some(({ concerns }) => concerns.includes(concern)));
}

/** Names and values as the protocol has them: hostile text, bounded. */
export function fieldsOf({ protocols = [] }: Facts): [string, string][] {
  return protocols
    .flatMap(({ fields }) => fields)
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => [name.slice(0, MAX_VALUE), value.toWellFormed().slice(0, MAX_VALUE)]);
}

/** "Samba 4.17.12", as the answer itself says; undefined when it names nothing. */
export function selfNameOf({ protocols = [] }: Facts): string | undefined {
  const named = protocols.find(({ product }) => product !== undefined && product !== '');
  return named === undefined ? undefined : [named.product, named.version].filter(Boolean).join(' ');
}
