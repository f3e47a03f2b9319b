import type { Condition, HttpCondition } from '../../model/knowledge.ts';
import type { Answers, CertificateAnswer, WebAnswer } from './answers.ts';
import { compile, type Matcher, occurs, occursUnasked } from './pattern.ts';

/** Ids of the observations on which the condition holds; undefined when it does not hold. */
export type Check = (answers: Answers) => ReadonlySet<string> | undefined;

/** Kinds of evidence that a server owner cannot change together by one setting: two of them confirm each other. */
export type Group = 'http' | 'favicon' | 'tls' | 'greeting' | 'datagram' | 'ssh' | 'rdp' | 'vnc' | 'passive';

export interface CompiledCondition {
  readonly check: Check;
  readonly groups: readonly Group[];
}

/** Every part given must hold; the parts of `http` on one and the same answer. */
export function compileCondition(condition: Condition): CompiledCondition {
  const parts: { group: Group; check: Check }[] = [];
  const { http, tls, greeting, datagram, ssh, rdp, vnc, passive } = condition;
  if (http !== undefined) parts.push(...compileHttp(http));
  if (tls !== undefined) parts.push({ group: 'tls', check: compileTls(tls) });
  if (greeting !== undefined) parts.push({ group: 'greeting', check: compileGreeting(greeting) });
  if (datagram !== undefined) parts.push({ group: 'datagram', check: compileDatagram(datagram) });
  if (ssh !== undefined) parts.push({ group: 'ssh', check: compileSsh(ssh) });
  if (rdp !== undefined) parts.push({ group: 'rdp', check: compileRdp(rdp) });
  if (vnc !== undefined) parts.push({ group: 'vnc', check: compileVnc(vnc) });
  if (passive !== undefined) parts.push({ group: 'passive', check: compilePassive(passive) });
  return {
    groups: [...new Set(parts.map(({ group }) => group))],
    check: (answers) => {
      const found = new Set<string>();
      for (const { check } of parts) {
        const ids = check(answers);
        if (ids === undefined) return undefined;
        for (const id of ids) found.add(id);
      }
      return found.size === 0 ? undefined : found;
    },
  };
}

function where<T extends { readonly from: string }>(
  items: readonly T[],
  holds: (item: T) => boolean,
): ReadonlySet<string> | undefined {
  let found: Set<string> | undefined;
  for (const item of items) if (holds(item)) (found ??= new Set()).add(item.from);
  return found;
}

function compileHttp(condition: HttpCondition): { group: Group; check: Check }[] {
  const { favicon, ...rest } = condition;
  const parts: { group: Group; check: Check }[] = [];
  if (favicon !== undefined) {
    parts.push({
      group: 'favicon',
      check: ({ favicons }) => where(favicons, ({ mmh3 }) => favicon.includes(mmh3)),
    });
  }
  if (Object.keys(rest).length > 0) {
    const holds = compileWeb(rest);
    parts.push({ group: 'http', check: ({ web }) => where(web, holds) });
  }
  return parts;
}

/** Cheap tests first: most answers fall at path, status or a header, and no pattern ever sees their page. */
function compileWeb(condition: HttpCondition): (answer: WebAnswer) => boolean {
  const tests = [
    ...plainTests(condition),
    ...headerTests(condition),
    ...cookieTests(condition),
    ...pageTests(condition),
  ];
  return (answer) => tests.every((test) => test(answer));
}

type WebTest = (answer: WebAnswer) => boolean;

function plainTests({ path, status }: HttpCondition): WebTest[] {
  // Whatever such an answer says is said on any path: only `/` and what differs from it count.
  const tests: WebTest[] = [({ saidToAnything }) => !saidToAnything];
  if (path !== undefined) {
    const matcher = compile(path);
    tests.push((answer) => matcher.expression.test(answer.path));
  }
  if (status !== undefined) tests.push((answer) => status.includes(answer.status));
  return tests;
}

function headerTests({ header, location }: HttpCondition): WebTest[] {
  const tests: WebTest[] = [];
  for (const [name, source] of Object.entries(header ?? {})) {
    const key = name.toLowerCase();
    const matcher = compile(source);
    tests.push(({ headers, echoes }) =>
      (headers.get(key) ?? []).some((value) => occursUnasked(matcher, value, echoes)),
    );
  }
  if (location !== undefined) {
    const matcher = compile(location);
    tests.push(
      (answer) => answer.location !== undefined && occursUnasked(matcher, answer.location, answer.echoes),
    );
  }
  return tests;
}

function cookieTests(condition: HttpCondition): WebTest[] {
  const emptied = condition['cookie-emptied'] === true;
  const has = ({ cookies }: WebAnswer, wanted: string): boolean =>
    cookies.some((cookie) => (emptied || !cookie.emptied) && isNamed(cookie.name, wanted));
  const tests: WebTest[] = [];
  const all = condition.cookie;
  const any = condition['cookie-any'];
  if (all !== undefined) tests.push((answer) => all.every((name) => has(answer, name)));
  if (any !== undefined) tests.push((answer) => any.some((name) => has(answer, name)));
  return tests;
}

function isNamed(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

function pageTests(condition: HttpCondition): WebTest[] {
  const tests: WebTest[] = [];
  const inBody = (matcher: Matcher, { body, bodyLower, echoes }: WebAnswer): boolean =>
    occursUnasked(matcher, body, echoes, bodyLower);
  if (condition.title !== undefined) {
    const matcher = compile(condition.title);
    tests.push(({ title, echoes }) => occursUnasked(matcher, title, echoes));
  }
  if (condition.body !== undefined) {
    const matchers = condition.body.map(compile);
    tests.push((answer) => matchers.every((matcher) => inBody(matcher, answer)));
  }
  if (condition['body-any'] !== undefined) {
    const matchers = condition['body-any'].map(compile);
    tests.push((answer) => matchers.some((matcher) => inBody(matcher, answer)));
  }
  if (condition['body-not'] !== undefined) {
    const matchers = condition['body-not'].map(compile);
    tests.push(({ body, bodyLower }) => !matchers.some((matcher) => occurs(matcher, body, bodyLower)));
  }
  return tests;
}

function compileTls(condition: NonNullable<Condition['tls']>): Check {
  const subject = condition.subject?.map(compile) ?? [];
  const issuer = condition.issuer?.map(compile) ?? [];
  const name = condition.name === undefined ? undefined : compile(condition.name);
  const serial = condition.serial === undefined ? undefined : compile(condition.serial);
  const holds = (certificate: CertificateAnswer): boolean =>
    subject.every(({ expression }) => expression.test(certificate.subject)) &&
    issuer.every(({ expression }) => expression.test(certificate.issuer)) &&
    (name === undefined || certificate.names.some((one) => name.expression.test(one))) &&
    (serial === undefined || serial.expression.test(certificate.serial));
  return ({ certificates }) => where(certificates, holds);
}

function compileGreeting({ protocol, text }: NonNullable<Condition['greeting']>): Check {
  const matcher = compile(text);
  return ({ greetings }) =>
    where(
      greetings,
      (greeting) =>
        (protocol === 'any' || greeting.protocol === protocol) && matcher.expression.test(greeting.text),
    );
}

function compileDatagram({ text }: NonNullable<Condition['datagram']>): Check {
  const matcher = compile(text);
  return ({ datagrams }) => where(datagrams, (one) => matcher.expression.test(one.text));
}

function compileSsh({ banner }: NonNullable<Condition['ssh']>): Check {
  const matcher = compile(banner);
  return ({ ssh }) => where(ssh, (one) => matcher.expression.test(one.banner));
}

function compileRdp(condition: NonNullable<Condition['rdp']>): Check {
  const build = condition.build === undefined ? undefined : compile(condition.build);
  const negotiation = condition.negotiation?.map(compile) ?? [];
  const nla = condition['nla-required'];
  const certificate = condition.certificate === undefined ? undefined : compile(condition.certificate);
  return (answers) => {
    const certified =
      certificate === undefined ||
      answers.certificates.some(({ subject }) => certificate.expression.test(subject));
    if (!certified) return undefined;
    return where(
      answers.rdp,
      ({ facts, negotiations }) =>
        (facts.negotiations.length > 0 || facts.noNegotiation) &&
        (build === undefined || build.expression.test(facts.ntlm?.osBuild ?? '')) &&
        (nla === undefined || facts.nlaRequired === nla) &&
        negotiation.every(({ expression }) => negotiations.some((text) => expression.test(text))),
    );
  };
}

function compileVnc(condition: NonNullable<Condition['vnc']>): Check {
  const version = condition.version === undefined ? undefined : compile(condition.version);
  const { types, 'types-not': not, 'types-exactly': exactly, 'vencrypt-types': vencrypt } = condition;
  return (answers) =>
    where(answers.vnc, ({ facts }) => {
      const offered = facts.securityTypes.map(({ id }) => id);
      const sub = facts.veNCryptSubTypes?.map(({ id }) => id) ?? [];
      return (
        (version === undefined || version.expression.test(facts.rfbVersion)) &&
        (types === undefined || types.every((id) => offered.includes(id))) &&
        (not === undefined || !not.some((id) => offered.includes(id))) &&
        (exactly === undefined ||
          (exactly.length === offered.length && exactly.every((id, index) => offered[index] === id))) &&
        (vencrypt === undefined || vencrypt.every((id) => sub.includes(id)))
      );
    });
}

function compilePassive({ product }: NonNullable<Condition['passive']>): Check {
  const matcher = compile(product);
  return ({ passive }) => where(passive, (one) => matcher.expression.test(one.product));
}
