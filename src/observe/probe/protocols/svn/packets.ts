/** Subversion's svnserve: the greeting (subversion/libsvn_ra_svn/protocol §2.1). */
export interface SvnGreeting {
  readonly lowest: number;
  readonly highest: number;
  readonly capabilities: readonly string[];
}

const MAX_GREETING = 2048;

/** "( success ( 2 2 ( ) ( edit-pipeline … ) ) ) ": versions 1 carried mechanisms in the first inner list. */
export function parseGreeting(received: Uint8Array): SvnGreeting | 'more' | undefined {
  const text = Buffer.from(received.subarray(0, MAX_GREETING)).toString('latin1');
  const start = '( success ( ';
  if (!text.startsWith(start.slice(0, text.length))) return undefined;
  const match = /^\( success \( (\d{1,2}) (\d{1,2}) \( ([\w -]{0,200})\) \( ([\w -]{0,1024})\) \) \)\s/.exec(
    text,
  );
  if (match === null) return text.length < MAX_GREETING && /^[\w() -]*$/.test(text) ? 'more' : undefined;
  const [, lowest, highest, , capabilities = ''] = match;
  return {
    lowest: Number(lowest),
    highest: Number(highest),
    capabilities: capabilities.split(' ').filter(Boolean).slice(0, 32),
  };
}
