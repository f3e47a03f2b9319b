import { InvalidArgumentError } from 'commander';
import { errorText } from '../lib/app-error.ts';

/** A parser that throws, as commander wants it: its complaint names the argument and the exit code is that of wrong use. */
export function asArgument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(errorText(error));
    }
  };
}
