/** An error that the user can mend: printed as one message, without a stack. `message` says what was expected and what to do. */
export class AppError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function errorText(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    return error.message === '' ? (code ?? error.name) : error.message;
  }
  return String(error);
}
