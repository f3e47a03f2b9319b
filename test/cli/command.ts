import { runCommandLine } from '../../src/cli/program.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function sekisho(
  argv: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  const out: string[] = [];
  const error: string[] = [];
  const code = await runCommandLine(argv, environment, {
    result: (text) => void out.push(text),
    say: (text) => void error.push(text),
    isInteractive: false,
  });
  return { code, stdout: out.join('\n'), stderr: error.join('\n') };
}
