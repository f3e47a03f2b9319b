import type { Advice } from '../../model/knowledge.ts';

/** An update is among the steps, so that "updated" may be read as "clean". Both languages say the same: the English tells for both. */
export function hasUpdate(steps: Advice['first-action']): boolean {
  return steps.some(({ en }) => /\bupdat(?:e|ed|ing)\b/i.test(en));
}
