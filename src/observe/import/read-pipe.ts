import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../lib/app-error.ts';
import { showable } from '../../lib/hostile-text.ts';

export interface PipeOptions {
  readonly chunk: number;
  readonly signal: AbortSignal | undefined;
  /** A pipe has an end only when somebody has written into it: so long is waited for the first one. */
  readonly waitMs?: number | undefined;
}

const WAIT_MS = 10_000;
const PAUSE_MS = 20;

/**
 * Reads a named pipe, standard input or a device. A read that waits in the kernel cannot be taken back, and a process with one
 * cannot even end itself; here nothing waits there.
 *
 * @throws AppError `interrupted` when the signal comes, `import-file` when nobody writes into the pipe; else what the system says.
 */
export async function* readPipe(
  path: string,
  { chunk, signal, waitMs = WAIT_MS }: PipeOptions,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isPipe = (await file.stat()).isFIFO();
    const giveUpAt = performance.now() + waitMs;
    let isWritten = !isPipe;
    for (;;) {
      if (signal?.aborted === true)
        throw new AppError('interrupted', `${showable(path)}: reading was stopped`);
      const buffer = Buffer.allocUnsafe(chunk);
      const bytes = await file.read(buffer, 0, chunk, null).then(
        ({ bytesRead }) => bytesRead,
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EAGAIN') throw error;
          isWritten = true;
          return undefined;
        },
      );
      if (bytes !== undefined && bytes > 0) {
        isWritten = true;
        yield buffer.subarray(0, bytes);
      } else if (bytes === 0 && isWritten) return;
      else if (!isWritten && performance.now() > giveUpAt)
        throw new AppError('import-file', `${showable(path)} is a pipe, and nobody writes into it`);
      else await sleep(PAUSE_MS);
    }
  } finally {
    await file.close();
  }
}
