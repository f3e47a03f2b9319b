import { mergeKev } from '../knowledge/kev-merge.ts';
import { dataDirectory } from '../lib/data-directory.ts';
import { keptPath, loadKept } from '../knowledge/kev-store.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Terminal } from './terminal.ts';

/** What ships, with the list that `sekisho kb update` has taken over. A list that cannot be used is told, never passed over. */
export function withKeptList(
  shipped: Knowledge,
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
): Knowledge {
  const directory = dataDirectory(environment);
  if (directory === undefined) return shipped;
  const path = keptPath(directory);
  const found = loadKept(path);
  if (found.state === 'kept') return mergeKev(shipped, found.kept.list);
  if (found.state === 'unusable') {
    terminal.say(
      `warning: the kept list of known-exploited vulnerabilities ${path} ${found.reason}. The one that ships is used, of ${shipped.advisoryData}. Run "sekisho kb update", or delete the file.`,
    );
  }
  return shipped;
}
