import { ExitCode } from './exit-code.ts';

/** First Ctrl-C (or SIGTERM): stop sending, write what is known. Second: quit at once. @param words what is said at the first */
export function onInterrupt(
  say: (text: string) => void,
  words = 'Stopping: no more packets. What is known is being written; press Ctrl-C again to quit at once.',
): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort();
    say(words);
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
