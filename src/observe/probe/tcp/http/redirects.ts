import { canonicalAddress, parseAddress } from '../../../../lib/address.ts';
import { errorText } from '../../../../lib/app-error.ts';
import { DialError, type Connection } from '../../connection.ts';
import { mustNotSpeak } from '../plan.ts';
import type { Page } from './answer.ts';
import { headerValue } from './lenient.ts';
import { resolveTarget, sameOrigin, type Origin, type Target } from './origin.ts';
import { pageRedirect, refreshTarget } from './page.ts';
import { isElsewhere, visit, type Walk } from './walk.ts';
import { WebSession } from './web-session.ts';

const MAX_REDIRECTS = 5;
const MAX_NOT_FOLLOWED = 20;
const OTHER_ADDRESS = 'another address: it is looked at by itself, if it is in scope';

/**
 * Follows the start page to where a browser would end up, on this address only: five steps at most, one of them by
 * a page instead of a header. Where it does not go is written down with the reason, and not contacted.
 */
export async function followFromRoot(walk: Walk, root: Page): Promise<void> {
  let session = walk.home;
  let page = root;
  let isPageStepLeft = true;
  for (let step = 0; step < MAX_REDIRECTS; step += 1) {
    const byHeader = headerRedirect(page);
    const location = byHeader ?? (isPageStepLeft ? pageRedirect(page.answer.body) : undefined);
    if (location === undefined) break;
    if (byHeader === undefined) isPageStepLeft = false;
    const next = await sessionFor(walk, session, location, page.answer.path);
    if (next === undefined) break;
    session = next.session;
    const answer = await visit(walk, session, next.path);
    if (answer === undefined) break;
    page = answer;
    if (!isElsewhere(walk, session)) walk.front = page;
  }
  if (session !== walk.home) session.close();
}

function headerRedirect({ answer }: Page): string | undefined {
  if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) return answer.location;
  const refresh = headerValue(answer.headers, 'refresh');
  return refresh === '' ? undefined : refreshTarget(refresh);
}

/** The session that reaches the target, which is the current one when it lies on the same server. */
async function sessionFor(
  walk: Walk,
  current: WebSession,
  location: string,
  path: string,
): Promise<{ session: WebSession; path: string } | undefined> {
  const target = resolveTarget(location, current.origin, path);
  if ('reason' in target) return refuse(walk, location, target.reason);
  if (sameOrigin(target.origin, current.origin)) return { session: current, path: target.path };
  // One connection at a time: the host may not have room for two.
  current.close();
  if (sameOrigin(target.origin, walk.home.origin)) return { session: walk.home, path: target.path };
  return openElsewhere(walk, location, target);
}

async function openElsewhere(
  walk: Walk,
  location: string,
  { origin, path }: Target,
): Promise<{ session: WebSession; path: string } | undefined> {
  const { context } = walk;
  const refusal = await context.refusal(origin.host);
  if (refusal !== undefined) return refuse(walk, location, refusal);
  let first: Connection;
  try {
    first = await dialOwn(walk, origin);
  } catch (error) {
    return refuse(walk, location, errorText(error));
  }
  const session = new WebSession(context, origin, () => dialOwn(walk, origin), first);
  // The same service under its proper name: it is the one to look at from here on.
  if (!isElsewhere(walk, session)) walk.home = session;
  return { session, path };
}

/**
 * A connection to this address, whatever else the name may resolve to.
 *
 * @throws DialError
 */
async function dialOwn({ context }: Walk, { host, port }: Origin): Promise<Connection> {
  const isOwnName = host === context.address || context.hostNames.includes(host);
  if (isOwnName && port === context.port) return context.dial();
  // Known without asking: no connection to a neighbour's port because a stranger's page names it.
  if (!isOwnName && parseAddress(host) !== undefined) throw new DialError('aborted', OTHER_ADDRESS);
  if (mustNotSpeak(port))
    throw new DialError('refused-by-scope', `port ${port} may be a printer: nothing is sent there`);
  const connection = await context.dialTo(isOwnName ? context.address : host, port);
  if (canonicalAddress(connection.address) === canonicalAddress(context.address)) return connection;
  connection.close();
  throw new DialError('aborted', OTHER_ADDRESS);
}

function refuse(walk: Walk, location: string, reason: string): undefined {
  if (walk.notFollowed.length < MAX_NOT_FOLLOWED)
    walk.notFollowed.push({ location: location.slice(0, 2048), reason });
  return undefined;
}
