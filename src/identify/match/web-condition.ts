import type { HttpCondition } from '../../model/product.ts';
import {
  type Anchor,
  type Anchors,
  anchorsOfAll,
  anchorsOfAny,
  answersOf,
  bestAnchors,
  type Compile,
  type Part,
  where,
} from './anchors.ts';
import type { WebAnswer } from './answers.ts';
import { mayOccur, occurs, occursUnasked, type Pattern, type Seen } from './pattern.ts';

/** The conditions over one web answer, and the one over its icon. */
export function compileHttp(condition: HttpCondition, compile: Compile): Part[] {
  const { favicon, ...rest } = condition;
  const parts: Part[] = [];
  if (favicon !== undefined) {
    parts.push({
      group: 'favicon',
      anchors: favicon.map((hash) => ({ kind: 'favicon', hash })),
      check: ({ answers: { favicons } }) => where(favicons, ({ mmh3 }) => favicon.includes(mmh3)),
    });
  }
  if (Object.keys(rest).length > 0) parts.push(compileWeb(rest, compile));
  return parts;
}

interface WebPart {
  readonly test: (answer: WebAnswer, seen: Seen) => boolean;
  readonly anchors?: Anchors | undefined;
  /** False when the literal texts alone tell that the part cannot hold: asked of all parts before any pattern runs. */
  readonly mayHold?: (seen: Seen) => boolean;
}

/** Cheap tests first: most answers fall at path, status or a header, and no pattern ever sees their page. */
function compileWeb(condition: HttpCondition, compile: Compile): Part {
  const parts = [
    ...plainTests(condition, compile),
    ...headerTests(condition, compile),
    ...cookieTests(condition),
    ...pageTests(condition, compile),
  ];
  return {
    group: 'http',
    anchors: bestAnchors(parts.map(({ anchors }) => anchors)) ?? answersOf('web'),
    check: ({ answers: { web }, seen }) =>
      parts.every(({ mayHold }) => mayHold?.(seen) !== false)
        ? where(web, (answer) => parts.every(({ test }) => test(answer, seen)))
        : undefined,
  };
}

function plainTests({ path, status }: HttpCondition, compile: Compile): WebPart[] {
  // Whatever such an answer says is said on any path: only `/` and what differs from it count.
  const parts: WebPart[] = [{ test: ({ saidToAnything }) => !saidToAnything }];
  if (path !== undefined) {
    const pattern = compile(path);
    parts.push({ test: (answer) => pattern.linear().test(answer.path) });
  }
  if (status !== undefined) parts.push({ test: (answer) => status.includes(answer.status) });
  return parts;
}

function headerTests({ header, location }: HttpCondition, compile: Compile): WebPart[] {
  const parts: WebPart[] = [];
  for (const [name, source] of Object.entries(header ?? {})) {
    const key = name.toLowerCase();
    const pattern = compile(source);
    parts.push({
      anchors: anchorsOfAny([pattern]) ?? [{ kind: 'header', name: key }],
      mayHold: (seen) => mayOccur(pattern, seen),
      test: ({ headers, echoes }, seen) =>
        (headers.get(key) ?? []).some((value) => occursUnasked(pattern, value, echoes, seen)),
    });
  }
  if (location !== undefined) {
    const pattern = compile(location);
    parts.push({
      anchors: anchorsOfAny([pattern]) ?? [{ kind: 'header', name: 'location' }],
      mayHold: (seen) => mayOccur(pattern, seen),
      test: (answer, seen) =>
        answer.location !== undefined && occursUnasked(pattern, answer.location, answer.echoes, seen),
    });
  }
  return parts;
}

function cookieTests(condition: HttpCondition): WebPart[] {
  const emptied = condition['cookie-emptied'] === true;
  const has = ({ cookies }: WebAnswer, wanted: string): boolean =>
    cookies.some((cookie) => (emptied || !cookie.emptied) && isNamed(cookie.name, wanted));
  const anchor = (name: string): Anchor => ({ kind: 'cookie', name });
  const parts: WebPart[] = [];
  const all = condition.cookie;
  const any = condition['cookie-any'];
  if (all !== undefined) {
    parts.push({
      anchors: all.slice(0, 1).map(anchor),
      test: (answer) => all.every((name) => has(answer, name)),
    });
  }
  if (any !== undefined) {
    parts.push({ anchors: any.map(anchor), test: (answer) => any.some((name) => has(answer, name)) });
  }
  return parts;
}

/** @param wanted a name, or the beginning of one with `*` at the end. */
export function isNamed(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

function pageTests(condition: HttpCondition, compile: Compile): WebPart[] {
  const parts: WebPart[] = [];
  // Most patterns fail on the page as it came, and then nobody needs to know what it only quotes.
  const inBody = (pattern: Pattern, { body, ownBody, bodyEchoes }: WebAnswer, seen: Seen): boolean =>
    occurs(pattern, body, seen) && occursUnasked(pattern, ownBody(), bodyEchoes, seen);
  if (condition.title !== undefined) {
    const pattern = compile(condition.title);
    parts.push({
      anchors: anchorsOfAny([pattern]),
      mayHold: (seen) => mayOccur(pattern, seen),
      test: ({ title, echoes }, seen) => occursUnasked(pattern, title, echoes, seen),
    });
  }
  if (condition.body !== undefined) {
    const patterns = condition.body.map(compile);
    parts.push({
      anchors: anchorsOfAll(patterns),
      mayHold: (seen) => patterns.every((pattern) => mayOccur(pattern, seen)),
      test: (answer, seen) => patterns.every((pattern) => inBody(pattern, answer, seen)),
    });
  }
  if (condition['body-any'] !== undefined) {
    const patterns = condition['body-any'].map(compile);
    parts.push({
      anchors: anchorsOfAny(patterns),
      mayHold: (seen) => patterns.some((pattern) => mayOccur(pattern, seen)),
      test: (answer, seen) => patterns.some((pattern) => inBody(pattern, answer, seen)),
    });
  }
  if (condition['body-not'] !== undefined) {
    const patterns = condition['body-not'].map(compile);
    parts.push({
      test: ({ body, ownBody }, seen) =>
        !patterns.some((pattern) => occurs(pattern, body, seen) && occurs(pattern, ownBody(), seen)),
    });
  }
  return parts;
}
