import type { SuiteGroup, TlsFacts } from '../../../../model/facts.ts';
import type { ProbeContext } from '../../probe.ts';
import { dialAndAsk, isSlow, type VersionAnswer } from './ask-version.ts';
import { cipherName, suiteGroup, suitesOf } from './ciphers.ts';
import { versionName } from './versions.ts';

type WeakCiphers = NonNullable<TlsFacts['weakCiphers']>;

export interface WeakCipherLook {
  readonly weakCiphers: WeakCiphers | undefined;
  readonly answers: readonly VersionAnswer[];
}

const WEAK: readonly SuiteGroup[] = ['null', 'anonymous', 'export', 'rc4', 'des', '3des'];
/** Enough for a modern server (one, refused, or two) and for most old ones; a museum piece has shown enough by then. */
const MOST_WEAK_QUESTIONS = 4;

/**
 * Which weak suites the server takes when it is offered nothing better: the group of the suite that it chose is taken out
 * and the rest offered again, until it refuses. The lowest version comes first, because some stacks (Java, wolfSSL) allow
 * old suites only there. Beside it, once, suites without forward secrecy. At most five connections; none after silence or a slow
 * answer.
 *
 * @param versions that the server takes, of SSLv3 to TLS 1.2, ascending.
 */
export async function askWeakCiphers(
  context: ProbeContext,
  versions: readonly number[],
  serverName: string | null,
): Promise<WeakCipherLook> {
  const highest = versions.at(-1);
  if (highest === undefined) return { weakCiphers: undefined, answers: [] };
  const [weak, rsa] = await Promise.all([
    removalLoop(context, [...new Set([versions[0] ?? highest, highest])], serverName),
    ask(context, { version: highest, groups: ['static-rsa'], serverName }),
  ]);
  const taken = rsa === undefined ? [] : acceptedIn(rsa);
  return {
    weakCiphers: { accepted: [...weak.accepted, ...taken], complete: weak.complete },
    answers: [...weak.answers, ...(rsa === undefined ? [] : [rsa])],
  };
}

interface Loop extends WeakCiphers {
  readonly answers: readonly VersionAnswer[];
}

async function removalLoop(
  context: ProbeContext,
  versions: readonly number[],
  serverName: string | null,
): Promise<Loop> {
  const accepted: WeakCiphers['accepted'] = [];
  const answers: VersionAnswer[] = [];
  const waiting = [...versions];
  for (let asked = 0; asked < MOST_WEAK_QUESTIONS; asked += 1) {
    const [version] = waiting;
    const groups = WEAK.filter((group) => accepted.every((one) => one.group !== group));
    if (version === undefined || groups.length === 0) return { accepted, complete: true, answers };
    const answer = await ask(context, { version, groups, serverName });
    if (answer === undefined) break;
    answers.push(answer);
    const taken = acceptedIn(answer).filter(({ group }) => groups.includes(group));
    accepted.push(...taken);
    if (taken.length === 0) {
      if (!isRefusal(answer)) break;
      waiting.shift();
    }
    if (isSlow(answer)) break;
  }
  const isAllKnown = waiting.length === 0 || accepted.length === WEAK.length;
  return { accepted, complete: isAllKnown, answers };
}

interface WeakQuestion {
  readonly version: number;
  readonly groups: readonly SuiteGroup[];
  readonly serverName: string | null;
}

function ask(
  context: ProbeContext,
  { version, groups, serverName }: WeakQuestion,
): Promise<VersionAnswer | undefined> {
  const label = `tls hello ${versionName(version)}, only ${groups.join(', ')}`;
  return dialAndAsk(context, { version, serverName, until: 'hello', label, ciphers: suitesOf(groups) });
}

function acceptedIn({ flight: { hello } }: VersionAnswer): WeakCiphers['accepted'] {
  const group = hello === undefined ? undefined : suiteGroup(hello.cipher);
  if (hello === undefined || group === undefined) return [];
  return [{ group, version: versionName(hello.version), cipher: cipherName(hello.cipher) }];
}

/** An alert, or the end of the connection: some devices hang up instead. Silence is no answer. */
function isRefusal({ flight, ended }: VersionAnswer): boolean {
  return flight.alert !== undefined || (flight.kind === 'nothing' && ended === 'closed');
}
