import { randomBytes } from 'node:crypto';
import type { HttpFacts } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import type { Page } from './answer.ts';
import { faviconFacts, MAX_FAVICON_BYTES } from './favicon.ts';
import { hostHeader, resolveTarget, sameOrigin, type Scheme } from './origin.ts';
import { iconLink, looksLikeErrorPage, looksLikeHtml } from './page.ts';
import { askIndicators } from './indicators.ts';
import { methodsOf } from './methods.ts';
import { followFromRoot } from './redirects.ts';
import { createWalk, isRoom, visit, type Walk } from './walk.ts';
import { WebSession } from './web-session.ts';

export interface WebLook {
  readonly facts: HttpFacts;
  readonly evidence: Evidence[];
}

/** The answer's headers are what is asked for. */
const OPTIONS_BYTES = 4096;
/** Requests kept back from the `always` ones for products that the first answers hint at. */
const KEPT_FOR_HINTED = 6;

/**
 * Asks a web server a few harmless questions, without following anything off this address: the start page and where it
 * leads, the icon, a path that cannot exist, the paths of the product files, and which methods it offers.
 *
 * @param first an open connection to use before dialling; it is closed in the end.
 * @param random text of the control path, 16 hexadecimal digits.
 * @returns undefined when the server does not speak HTTP, or not within TLS for `https`.
 */
export async function askWeb(
  context: ProbeContext,
  scheme: Scheme,
  first?: Connection,
  random: () => string = () => randomBytes(8).toString('hex'),
): Promise<WebLook | undefined> {
  const origin = {
    scheme,
    host: (context.hostNames[0] ?? context.address).toLowerCase(),
    port: context.port,
  };
  const walk = createWalk(context, new WebSession(context, origin, () => context.dial(), first));
  try {
    const root = await visit(walk, walk.home, '/');
    if (root === undefined) return undefined;
    walk.front = root;
    await followFromRoot(walk, root);
    await askFavicon(walk);
    if (await askControlPath(walk, `/sekisho-control-${random()}`)) {
      await askKnownPaths(walk);
      await askMethods(walk);
      await askForIndicators(walk, random);
    }
    return { facts: factsOf(walk), evidence: walk.evidence };
  } finally {
    walk.home.close();
  }
}

function factsOf(walk: Walk): HttpFacts {
  return {
    scheme: walk.home.origin.scheme,
    host: hostHeader(walk.home.origin),
    answers: walk.answers,
    ...(walk.favicon !== undefined && { favicon: walk.favicon }),
    notFollowed: walk.notFollowed,
    ...(walk.catchAll !== undefined && { catchAll: walk.catchAll }),
    ...(walk.methods !== undefined && { methods: walk.methods }),
    ...(walk.indicators !== undefined && { indicators: walk.indicators }),
  };
}

async function askFavicon(walk: Walk): Promise<void> {
  const linked = iconPath(walk);
  for (const path of new Set([linked ?? '/favicon.ico', '/favicon.ico'])) {
    const page = await visitIcon(walk, path);
    if (page === undefined || page.answer.status !== 200 || page.answer.truncated) continue;
    walk.favicon = faviconFacts(page.answer.path, page.bytes, page.contentType);
    if (walk.favicon !== undefined) return;
  }
}

/** One redirect on the same server is followed: the icon often lies in a folder with the version in its name. */
async function visitIcon(walk: Walk, path: string): Promise<Page | undefined> {
  const options = { keep: false, bodyLimit: MAX_FAVICON_BYTES + 1 };
  const page = await visit(walk, walk.home, path, options);
  const { location, status } = page?.answer ?? {};
  if (location === undefined || status === undefined || status < 300 || status > 399) return page;
  const target = resolveTarget(location, walk.home.origin, path);
  if ('reason' in target || !sameOrigin(target.origin, walk.home.origin) || target.path === path)
    return undefined;
  return visit(walk, walk.home, target.path, options);
}

function iconPath({ front, home }: Walk): string | undefined {
  const href = front === undefined ? undefined : iconLink(front.answer.body);
  if (href === undefined || front === undefined) return undefined;
  const target = resolveTarget(href, home.origin, front.answer.path);
  return 'reason' in target || !sameOrigin(target.origin, home.origin) ? undefined : target.path;
}

/**
 * What the server says to a path that cannot exist. @returns false when it sends every path to another port or
 * scheme: then paths are asked there, when that port is looked at, and not here.
 */
async function askControlPath(walk: Walk, path: string): Promise<boolean> {
  const page = await visit(walk, walk.home, path, { control: true });
  if (page === undefined) return true;
  const { status, title, body, location } = page.answer;
  walk.catchAll = status === 200 && looksLikeHtml(page.contentType, body) && !looksLikeErrorPage(title, body);
  if (location === undefined || status < 300 || status > 399) return true;
  const target = resolveTarget(location, walk.home.origin, path);
  if ('reason' in target) return true;
  const { scheme, port } = walk.home.origin;
  return target.origin.scheme === scheme && target.origin.port === port;
}

/** Once, and last: some servers drop a connection on which they are asked this. */
async function askMethods(walk: Walk): Promise<void> {
  const page = await visit(walk, walk.home, '/', {
    keep: false,
    method: 'OPTIONS',
    bodyLimit: OPTIONS_BYTES,
  });
  walk.methods = page === undefined ? undefined : methodsOf(page.answer);
}

async function askForIndicators(walk: Walk, random: () => string): Promise<void> {
  const { webShellPaths } = walk.context;
  if (webShellPaths.length === 0) return;
  walk.indicators = await askIndicators(
    walk,
    webShellPaths,
    walk.context.hinted({ http: factsOf(walk) }),
    random,
  );
}

async function askKnownPaths(walk: Walk): Promise<void> {
  const { webRequests } = walk.context;
  const hinted = webRequests.filter(({ when }) => when === 'hinted');
  for (const { path } of webRequests.filter(({ when }) => when === 'always')) {
    if (isRoom(walk, hinted.length > 0 ? KEPT_FOR_HINTED : 0)) await visit(walk, walk.home, path);
  }
  let known = walk.context.hinted({ http: factsOf(walk) });
  for (const { path, productId } of hinted) {
    if (!isRoom(walk) || !known.has(productId)) continue;
    // A product that a page asked for on the way only now hints at may stand earlier in the list: it goes without.
    if ((await visit(walk, walk.home, path)) !== undefined)
      known = walk.context.hinted({ http: factsOf(walk) });
  }
}
